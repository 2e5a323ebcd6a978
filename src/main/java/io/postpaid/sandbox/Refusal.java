package io.postpaid.sandbox;

import tools.jackson.databind.node.ObjectNode;

/** The request changes nothing: it is wrong in itself, or not possible any more. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String INVALID = "invalid_request_error";

    static final Refusal FAILED = failure(500, "An unknown error occurred");

    private final int status;
    private final transient ObjectNode body;
    private final boolean executed;

    private Refusal(int status, ObjectNode error, boolean executed) {
        // No stack trace: it is an answer, not a fault of ours.
        super(Tree.text(error, "message"), null, false, false);
        this.status = status;
        this.body = body(error);
        this.executed = executed;
    }

    /** Stripe itself fails. */
    static Refusal failure(int status, String message) {
        return new Refusal(status, error("api_error", "", message, ""), false);
    }

    static Refusal of(int status, String code, String message) {
        return new Refusal(status, error(INVALID, code, message, ""), false);
    }

    static Refusal keyReused(String message) {
        return new Refusal(400, error("idempotency_error", "", message, ""), false);
    }

    /** A parameter is wrong: nothing was executed, and the idempotency key may be used again. */
    static Refusal badRequest(String code, String message, String param) {
        return new Refusal(400, error(INVALID, code, message, param), false);
    }

    /** A parameter names what is not there. */
    static Refusal noSuchParameter(String what, String id, String param) {
        return badRequest("resource_missing", "No such " + what + ": '" + id + "'", param);
    }

    /** The address names what is not there. */
    static Refusal notFound(String what, String id) {
        return new Refusal(404, error(INVALID, "resource_missing", "No such " + what + ": '" + id + "'", "id"), false);
    }

    /** The card's details are wrong. */
    static Refusal card(String code, String declineCode, String message) {
        return new Refusal(402, error("card_error", code, message, "").put("decline_code", declineCode), true);
    }

    /** Execution began and the state of the object, an intent, forbade it: this is the key's answer from now on. */
    static Refusal state(String message, ObjectNode intent) {
        var kind = Tree.text(intent, "object");
        var error = error(INVALID, kind + "_unexpected_state", message, "");
        error.set(kind, intent);
        return new Refusal(400, error, true);
    }

    static ObjectNode error(String type, String code, String message, String param) {
        var error = Tree.MAPPER.createObjectNode();
        if (!code.isEmpty()) {
            error.put("code", code);
            error.put("doc_url", "https://stripe.com/docs/error-codes/" + code.replace('_', '-'));
        }
        error.put("message", message);
        if (!param.isEmpty()) error.put("param", param);
        return error.put("type", type);
    }

    static ObjectNode body(ObjectNode error) {
        var body = Tree.MAPPER.createObjectNode();
        body.set("error", error);
        return body;
    }

    int status() {
        return status;
    }

    ObjectNode body() {
        return body;
    }

    boolean executed() {
        return executed;
    }
}
