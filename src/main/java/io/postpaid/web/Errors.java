package io.postpaid.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.HttpMediaTypeNotSupportedException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.resource.NoResourceFoundException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Writes every error in one form, and keeps for the log what a caller need not know. */
@Open
@RestController
@RestControllerAdvice
class Errors implements ErrorController {
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);
    /** A lock that was not to be had in time, a deadlock, and a statement that took too long. */
    private static final Set<String> IN_USE = Set.of("55P03", "40P01", "57014");

    /** What the database raises of an installation that was restored and is held (V043). */
    private static final String RESTORED = "PP043";

    record Envelope(Body error) {}

    record Body(String code, String message, Map<String, ?> details) {}

    @ExceptionHandler
    ResponseEntity<Envelope> any(Exception failure) {
        return answer(refusal(failure));
    }

    /** What fails before or behind the calls, in the server itself. */
    @RequestMapping("/error")
    ResponseEntity<Envelope> outside(HttpServletRequest request) {
        var status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
                ? HttpStatus.resolve(code)
                : HttpStatus.NOT_FOUND;
        return answer(
                status == null || status.is5xxServerError() || status.value() < 400
                        ? internal(request.getAttribute(RequestDispatcher.ERROR_EXCEPTION))
                        : refused(status));
    }

    private static ResponseEntity<Envelope> answer(HttpRefusal refusal) {
        return ResponseEntity.status(refusal.status())
                // Whatever kind of answer the caller asked for.
                .contentType(MediaType.APPLICATION_JSON)
                .body(envelope(refusal));
    }

    static Envelope envelope(HttpRefusal refusal) {
        return new Envelope(new Body(
                refusal.code(), Objects.requireNonNullElse(refusal.getMessage(), refusal.code()), refusal.details()));
    }

    private static HttpRefusal refusal(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BoundedRequest.TooLarge large) return tooLarge(large);
            if (cause instanceof BoundedRequest.TooSlow) return refused(HttpStatus.REQUEST_TIMEOUT);
            if (cause instanceof SQLException sql
                    && IN_USE.contains(Objects.requireNonNullElse(sql.getSQLState(), ""))) {
                return busy(failure);
            }
            if (cause instanceof SQLException sql && RESTORED.equals(sql.getSQLState())) {
                return new HttpRefusal(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "UNAVAILABLE",
                        "The service was restored from a backup and is being checked: nothing was changed, try again later");
            }
        }
        return switch (failure) {
            case HttpRefusal refusal -> refusal;
            case Downloads.BusyException busy ->
                new HttpRefusal(HttpStatus.SERVICE_UNAVAILABLE, "UNAVAILABLE", String.valueOf(busy.getMessage()));
            case HttpMessageNotReadableException unreadable -> unreadable(unreadable.getCause());
            case MethodArgumentTypeMismatchException mismatch ->
                HttpRefusal.invalid(
                        mismatch.getName(), "'" + mismatch.getValue() + "' cannot be used as " + mismatch.getName());
            case InvalidParameterException _, RequestRejectedException _ -> refused(HttpStatus.BAD_REQUEST);
            case NoResourceFoundException _ -> HttpRefusal.notFound("There is nothing at this address");
            case HttpRequestMethodNotSupportedException method ->
                new HttpRefusal(
                        HttpStatus.METHOD_NOT_ALLOWED,
                        method.getMethod() + " is not among the methods of this address");
            case HttpMediaTypeNotSupportedException type ->
                new HttpRefusal(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                        "A body of type " + type.getContentType() + " cannot be read here: send "
                                + type.getSupportedMediaTypes().stream()
                                        .map(MediaType::toString)
                                        .collect(Collectors.joining(" or ")));
            case DataAccessResourceFailureException _, CannotCreateTransactionException _ -> unavailable(failure);
            case ErrorResponse other
            when other.getStatusCode().is4xxClientError() ->
                refused(HttpStatus.valueOf(other.getStatusCode().value()));
            default -> internal(failure);
        };
    }

    static HttpRefusal refused(HttpStatus status) {
        return new HttpRefusal(
                status, status == HttpStatus.BAD_REQUEST ? "The request cannot be read" : status.getReasonPhrase());
    }

    private static HttpRefusal tooLarge(BoundedRequest.TooLarge large) {
        return new HttpRefusal(
                HttpStatus.CONTENT_TOO_LARGE,
                "BODY_TOO_LARGE",
                large.getMessage() + ": send less at once",
                Map.of("limit_bytes", large.limit));
    }

    private static HttpRefusal unreadable(@Nullable Throwable cause) {
        return switch (cause) {
            case UnrecognizedPropertyException unknown ->
                HttpRefusal.invalid(path(unknown), "There is no field '" + path(unknown) + "' in this request");
            case DatabindException wrong
            when !wrong.getPath().isEmpty() ->
                HttpRefusal.invalid(path(wrong), "The field '" + path(wrong) + "' cannot be used as it is");
            case JacksonException _ -> new HttpRefusal(HttpStatus.BAD_REQUEST, "The body is not a JSON document");
            case null, default -> new HttpRefusal(HttpStatus.BAD_REQUEST, "A JSON document is needed as the body");
        };
    }

    private static String path(DatabindException e) {
        var path = new StringBuilder();
        for (var part : e.getPath()) {
            if (part.getPropertyName() == null)
                path.append('[').append(part.getIndex()).append(']');
            else path.append(path.isEmpty() ? "" : ".").append(part.getPropertyName());
        }
        return path.toString();
    }

    private static HttpRefusal busy(Exception failure) {
        LOG.warn("A request waited too long in the database: {}", failure.getMessage());
        return new HttpRefusal(
                HttpStatus.SERVICE_UNAVAILABLE,
                "UNAVAILABLE",
                "What the request needs is in use: nothing was changed, try again");
    }

    private static HttpRefusal unavailable(Exception failure) {
        LOG.error("The database does not answer", failure);
        return new HttpRefusal(
                HttpStatus.SERVICE_UNAVAILABLE, "UNAVAILABLE", "The database does not answer: try again later");
    }

    /** The caller gets a number by which the log can be searched. */
    private static HttpRefusal internal(@Nullable Object failure) {
        var reference = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        LOG.error("Request {} failed", reference, failure instanceof Throwable thrown ? thrown : null);
        return new HttpRefusal(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "INTERNAL",
                "This should not have happened. Tell the operator the reference " + reference,
                Map.of("reference", reference));
    }
}
