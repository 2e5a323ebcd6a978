package io.postpaid.sandbox;

import com.sun.net.httpserver.HttpExchange;
import io.postpaid.platform.file.Sha256;
import io.postpaid.sandbox.Faults.OfCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A request as it came, apart from its transport. */
record Request(String method, String path, Form form, String key, String authorization) {
    private static final int KEY_LENGTH_MAX = 255;

    static Request of(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var read = exchange.getRequestMethod().equals("GET");
        return new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                Form.parse(read ? exchange.getRequestURI().getRawQuery() : body),
                read ? "" : Objects.requireNonNullElse(headers.getFirst("Idempotency-Key"), ""),
                Objects.requireNonNullElse(headers.getFirst("Authorization"), ""));
    }

    boolean writes() {
        return !method.equals("GET");
    }

    /** The id in the path, if there is one. */
    String id() {
        var parts = path.split("/");
        int at = path.matches("/v1/(checkout|tax)/.*") ? 4 : 3;
        return parts.length > at && !parts[at].startsWith("create_") ? parts[at] : "";
    }

    /** The same for the same request, in whatever order its parameters came. */
    String print() {
        var digest = Sha256.digest();
        digest.update((method + ' ' + path + '\0').getBytes(StandardCharsets.UTF_8));
        return form.print(digest);
    }

    /** What it is refused for before it is executed. */
    @Nullable
    Refusal refusal(OfCall fault) {
        return switch (fault) {
            case BAD_GATEWAY -> Refusal.failure(502, "Bad gateway");
            case FAILED_BEFORE -> Refusal.FAILED;
            case RATE_LIMITED ->
                Refusal.of(
                        429,
                        "rate_limit",
                        "Request rate limit exceeded. Learn more at https://stripe.com/docs/rate-limits");
            case LOCK_TIMEOUT ->
                Refusal.of(
                        429,
                        "lock_timeout",
                        "This object cannot be accessed right now because another API request or Stripe process is"
                                + " currently accessing it.");
            default -> {
                if (authorization.isEmpty()) {
                    yield Refusal.of(
                            401,
                            "",
                            "You did not provide an API key. You need to provide your API key in the Authorization header,"
                                    + " using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').");
                }
                if (!authorization.matches("Bearer [sr]k_test_.+")) {
                    yield Refusal.of(
                            401, "", "Invalid API Key provided: the sandbox takes test keys only, such as sk_test_x.");
                }
                yield key.length() > KEY_LENGTH_MAX
                        ? Refusal.of(400, "", "Idempotency keys may have up to 255 characters.")
                        : null;
            }
        };
    }
}
