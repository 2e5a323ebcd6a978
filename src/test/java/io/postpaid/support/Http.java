package io.postpaid.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A caller of the HTTP API, with or without a key.
 *
 * @param account that an operator acts for in each call
 */
public record Http(int port, @Nullable String key, @Nullable String account) {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    public Http(int port, @Nullable String key) {
        this(port, key, null);
    }

    /** The same, for an account. */
    public Http actingFor(String id) {
        return new Http(port, key, id);
    }

    /** What was answered. */
    public record Answer(int status, HttpResponse<byte[]> response) {
        public String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        public JsonNode json() {
            return JsonMapper.shared().readTree(response.body());
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        /** Asserts that it is this error, in the one form of all errors. */
        public Answer is(int status, String code) {
            assertThat(this.status).as(text()).isEqualTo(status);
            assertThat(header("Content-Type")).startsWith("application/json");
            assertThat(json().propertyNames()).containsExactly("error");
            assertThat(json().at("/error").propertyNames()).containsExactlyInAnyOrder("code", "message", "details");
            assertThat(json().at("/error/code").asString()).isEqualTo(code);
            assertThat(json().at("/error/message").asString()).isNotBlank();
            assertThat(json().at("/error/details").isObject()).isTrue();
            return this;
        }

        public Answer is(int status) {
            assertThat(this.status).as(text()).isEqualTo(status);
            return this;
        }

        /** Asserts that it is a success with this body. */
        public Answer is(int status, @Nullable Object json) {
            assertThat(this.status).as(text()).isEqualTo(status);
            assertThat(json())
                    .isEqualTo(JsonMapper.shared().readTree(JsonMapper.shared().writeValueAsBytes(json)));
            return this;
        }
    }

    public Answer get(String path) {
        return send("GET", path, null, Map.of());
    }

    public Answer post(String path, String json) {
        return send("POST", path, json.getBytes(StandardCharsets.UTF_8), Map.of("Content-Type", "application/json"));
    }

    public Answer post(String path, String json, Map<String, String> headers) {
        var all = new java.util.HashMap<>(Map.of("Content-Type", "application/json"));
        all.putAll(headers);
        return send("POST", path, json.getBytes(StandardCharsets.UTF_8), all);
    }

    public Answer send(String method, String path, byte @Nullable [] body, Map<String, String> headers) {
        var acting = account == null ? "" : (path.contains("?") ? "&" : "?") + "account=" + account;
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path + acting))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (key != null) request.header("Authorization", "Bearer " + key);
        headers.forEach(request::setHeader);
        try {
            var response = CLIENT.send(request.build(), BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
