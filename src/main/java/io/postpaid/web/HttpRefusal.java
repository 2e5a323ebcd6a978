package io.postpaid.web;

import java.util.Map;
import org.springframework.http.HttpStatus;

/** A request that is not carried out; the message tells the caller why and what to do. */
public final class HttpRefusal extends RuntimeException {
    private final HttpStatus status;
    private final String code;
    private final transient Map<String, ?> details;

    /** @param code what callers switch on; it never changes */
    public HttpRefusal(HttpStatus status, String code, String message, Map<String, ?> details) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.details = Map.copyOf(details);
    }

    public HttpRefusal(HttpStatus status, String code, String message) {
        this(status, code, message, Map.of());
    }

    /** The status says all that callers need to switch on. */
    public HttpRefusal(HttpStatus status, String message) {
        this(status, status == HttpStatus.BAD_REQUEST ? "INVALID_REQUEST" : status.name(), message);
    }

    /** What was sent cannot be used; {@code field} says which part of it. */
    public static HttpRefusal invalid(String field, String message) {
        return new HttpRefusal(HttpStatus.BAD_REQUEST, "INVALID_REQUEST", message, Map.of("field", field));
    }

    public static HttpRefusal forbidden(String message) {
        return new HttpRefusal(HttpStatus.FORBIDDEN, message);
    }

    /** The same for what does not exist and for what is somebody else's. */
    public static HttpRefusal notFound(String message) {
        return new HttpRefusal(HttpStatus.NOT_FOUND, message);
    }

    HttpStatus status() {
        return status;
    }

    String code() {
        return code;
    }

    Map<String, ?> details() {
        return details;
    }
}
