package io.postpaid.web.portal;

import io.postpaid.web.Downloads;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.UUID;
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

/** What fails on a page is a page. */
@Order(Ordered.HIGHEST_PRECEDENCE)
@RestControllerAdvice(annotations = CustomerPages.class)
@ConditionalOnWebApplication
class PageErrors {
    private static final Logger LOG = LoggerFactory.getLogger(PageErrors.class);

    private final Pages pages;

    PageErrors(Pages pages) {
        this.pages = pages;
    }

    @ExceptionHandler
    ResponseEntity<String> notFound(HttpServletRequest request, PageNotFound nothing) {
        return pages.message(request, HttpStatus.NOT_FOUND, "Not found", "There is nothing at this address.");
    }

    /** The customer presses too fast. */
    static final class TooOften extends RuntimeException {
        TooOften() {
            super("Too many requests", null, false, false);
        }
    }

    @ExceptionHandler
    ResponseEntity<String> tooOften(HttpServletRequest request, TooOften fast) {
        return pages.message(
                request, HttpStatus.TOO_MANY_REQUESTS, "One moment", "That was very often. Try again in a minute.");
    }

    @ExceptionHandler
    ResponseEntity<String> busy(HttpServletRequest request, Downloads.BusyException busy) {
        return pages.message(request, HttpStatus.SERVICE_UNAVAILABLE, "One moment, please", busy.getMessage() + ".");
    }

    /** A parameter or header that is no text, or a method that a page does not have. */
    @ExceptionHandler({RequestRejectedException.class, ServletException.class})
    ResponseEntity<String> unreadable(HttpServletRequest request, Exception refused) {
        return pages.message(
                request, HttpStatus.BAD_REQUEST, "This does not work", "The page cannot be asked for in this way.");
    }

    @ExceptionHandler
    ResponseEntity<String> any(HttpServletRequest request, Exception failure) {
        var id = UUID.randomUUID();
        LOG.error("A page failed ({})", id, failure);
        return pages.message(
                request,
                HttpStatus.INTERNAL_SERVER_ERROR,
                "Something went wrong",
                "It is not your fault, and nothing was changed twice. If it goes on, tell us this number: " + id);
    }
}
