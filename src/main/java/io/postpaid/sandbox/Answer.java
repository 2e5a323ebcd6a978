package io.postpaid.sandbox;

import tools.jackson.databind.node.ObjectNode;

/** What a request is answered with. */
record Answer(int status, ObjectNode body) {

    static Answer ok(ObjectNode body) {
        return new Answer(200, body);
    }

    static Answer error(int status, ObjectNode error) {
        var body = Json.MAPPER.createObjectNode();
        body.set("error", error);
        return new Answer(status, body);
    }
}
