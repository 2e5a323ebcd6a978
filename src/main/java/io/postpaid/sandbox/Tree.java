package io.postpaid.sandbox;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Trees from text and back. The same tree always gives the same bytes: replayed answers rely on it. */
final class Tree {
    static final JsonMapper MAPPER = JsonMapper.shared();

    private Tree() {}

    static ObjectNode object(String text) {
        return (ObjectNode) MAPPER.readTree(text);
    }

    static ObjectNode object(byte[] bytes) {
        return (ObjectNode) MAPPER.readTree(bytes);
    }

    static byte[] bytes(JsonNode node) {
        return MAPPER.writeValueAsBytes(node);
    }

    /** A text field, or nothing when it is absent or null. */
    static String text(JsonNode node, String field) {
        return node.path(field).stringValue("");
    }
}
