package io.postpaid.web.portal;

import io.postpaid.web.Downloads;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
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

/** What fails on a page is a page. */
@Order(Ordered.HIGHEST_PRECEDENCE)
@RestControllerAdvice(annotations = CustomerPages.class)
@ConditionalOnWebApplication
class PageErrors {
    private static final Logger LOG = LoggerFactory.getLogger(PageErrors.class);

    private final Pages pages;
    private final PageRate rate;

    PageErrors(Pages pages, PageRate rate) {
        this.pages = pages;
        this.rate = rate;
    }

    @ExceptionHandler
    ResponseEntity<String> notFound(HttpServletRequest request, PageNotFound nothing) {
        return pages.message(request, HttpStatus.NOT_FOUND, "Not found", "There is nothing at this address.");
    }

    @ExceptionHandler
    ResponseEntity<String> tooOften(HttpServletRequest request, PageRate.TooOftenException refused) {
        return rate.refused(request, refused);
    }

    @ExceptionHandler
    ResponseEntity<String> busy(HttpServletRequest request, Downloads.BusyException busy) {
        return pages.message(request, HttpStatus.SERVICE_UNAVAILABLE, "One moment, please", busy.getMessage() + ".");
    }

    /** A parameter or header that is no text, or a method that a page does not have. */
    @ExceptionHandler({RequestRejectedException.class, ServletException.class, InvalidParameterException.class})
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
