package io.postpaid.web.console;

import io.postpaid.account.UnknownAccountException;
import io.postpaid.web.Downloads;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.UUID;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;

/** What fails on a page of the console is a page. */
@Order(Ordered.HIGHEST_PRECEDENCE)
@RestControllerAdvice(annotations = ConsolePages.class)
@ConditionalOnWebApplication
class ConsoleErrors {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleErrors.class);

    private final Console console;

    ConsoleErrors(Console console) {
        this.console = console;
    }

    /** A template asks for what a page does not have. */
    static final class BrokenPageException extends RuntimeException {
        BrokenPageException(RuntimeException template) {
            super(template);
        }
    }

    /** There is nothing at an address. */
    static final class NotFoundException extends RuntimeException {
        NotFoundException() {
            super("There is nothing at this address.", null, false, false);
        }
    }

    @ExceptionHandler({NotFoundException.class, UnknownAccountException.class})
    ResponseEntity<String> notFound(HttpServletRequest request, Exception nothing) {
        return console.message(request, HttpStatus.NOT_FOUND, "Not found", "There is nothing at this address.");
    }

    /** What cannot be done now, because something else is on its way. */
    @ExceptionHandler
    ResponseEntity<String> notNow(HttpServletRequest request, IllegalStateException wait) {
        LOG.warn("Not now: {}", request.getRequestURI(), wait);
        return console.message(
                request,
                HttpStatus.CONFLICT,
                "Not now",
                Objects.requireNonNullElse(wait.getMessage(), "Try again in a moment."),
                back(request));
    }

    /** The page that a form was on. */
    private static String back(HttpServletRequest request) {
        var path = request.getRequestURI();
        return request.getMethod().equals("POST")
                ? path.replaceFirst("/[^/]*$", "").replaceFirst("^(/console/(?:approvals|bank|mails))/.*", "$1")
                : "/console";
    }

    /** What the called rule refuses, in its words. */
    @ExceptionHandler
    ResponseEntity<String> refused(HttpServletRequest request, IllegalArgumentException refused) {
        return console.message(
                request,
                HttpStatus.BAD_REQUEST,
                "Nothing was changed",
                Objects.requireNonNullElse(refused.getMessage(), "This was refused."),
                back(request));
    }

    @ExceptionHandler
    ResponseEntity<String> busy(HttpServletRequest request, Downloads.BusyException busy) {
        return console.message(request, HttpStatus.SERVICE_UNAVAILABLE, "One moment, please", busy.getMessage() + ".");
    }

    /** A parameter or header that is no text or of another form, or a method that a page does not have. */
    @ExceptionHandler({
        RequestRejectedException.class,
        ServletException.class,
        MethodArgumentTypeMismatchException.class,
        InvalidParameterException.class
    })
    ResponseEntity<String> unreadable(HttpServletRequest request, Exception refused) {
        return console.message(
                request, HttpStatus.BAD_REQUEST, "This does not work", "The page cannot be asked for in this way.");
    }

    @ExceptionHandler
    ResponseEntity<String> any(HttpServletRequest request, Exception failure) {
        var id = UUID.randomUUID();
        LOG.error("A page failed ({})", id, failure);
        return console.message(
                request,
                HttpStatus.INTERNAL_SERVER_ERROR,
                "Something went wrong",
                "The log has the failure under this number: " + id);
    }
}
