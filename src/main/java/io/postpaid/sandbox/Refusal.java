package io.postpaid.sandbox;

import tools.jackson.databind.node.ObjectNode;

/** The request changes nothing: it is wrong in itself, or not possible any more. */
final class Refusal extends RuntimeException {
    private final transient Answer answer;
    private final boolean executed;

    private Refusal(int status, ObjectNode error, boolean executed) {
        // No stack trace: it is an answer, not a fault of ours.
        super(Json.text(error, "message"), null, false, false);
        this.answer = Answer.error(status, error);
        this.executed = executed;
    }

    /** A parameter is wrong: nothing was executed, and the idempotency key may be used again. */
    static Refusal badRequest(String code, String message, String param) {
        return new Refusal(400, error("invalid_request_error", code, message, param), false);
    }

    /** A parameter names what is not there. */
    static Refusal noSuchParameter(String what, String id, String param) {
        return badRequest("resource_missing", "No such " + what + ": '" + id + "'", param);
    }

    /** The address names what is not there. */
    static Refusal notFound(String what, String id) {
        var message = "No such " + what + ": '" + id + "'";
        return new Refusal(404, error("invalid_request_error", "resource_missing", message, "id"), false);
    }

    static Refusal unknownAddress(String method, String path) {
        var message = "Unrecognized request URL (" + method + ": " + path + ").";
        return new Refusal(404, error("invalid_request_error", "", message, ""), false);
    }

    /** The card's details are wrong. */
    static Refusal card(String code, String declineCode, String message) {
        var error = error("card_error", code, message, "");
        if (!declineCode.isEmpty()) {
            error.put("decline_code", declineCode);
        }
        return new Refusal(402, error, true);
    }

    /** Execution began and the object's state forbade it: this is the key's answer from now on. */
    static Refusal state(String code, String message, String name, ObjectNode object) {
        var error = error("invalid_request_error", code, message, "");
        error.set(name, object);
        return new Refusal(400, error, true);
    }

    static ObjectNode error(String type, String code, String message, String param) {
        var error = Json.MAPPER.createObjectNode();
        if (!code.isEmpty()) {
            error.put("code", code);
            error.put("doc_url", "https://stripe.com/docs/error-codes/" + code.replace('_', '-'));
        }
        error.put("message", message);
        if (!param.isEmpty()) {
            error.put("param", param);
        }
        return error.put("type", type);
    }

    Answer answer() {
        return answer;
    }

    boolean executed() {
        return executed;
    }
}
