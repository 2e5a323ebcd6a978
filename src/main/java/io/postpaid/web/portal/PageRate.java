package io.postpaid.web.portal;

import io.postpaid.web.WebActor;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * How many pages one account may open, in this process, whatever browsers it is signed in with. What costs more than a page counts as
 * several: the database has others to serve, and runs need their share of Stripe's rate.
 */
@Component
@ConditionalOnWebApplication
public class PageRate {
    private static final int RECORDS = 4;
    private static final int FILE = 10;
    private static final int STRIPE = 12;

    private final Rate rate;
    private final Pages pages;

    PageRate(@Value("${POSTPAID_PAGE_RATE:240}") int perMinute, Pages pages) {
        this.rate = new Rate("POSTPAID_PAGE_RATE", perMinute, STRIPE, Duration.ofMinutes(1));
        this.pages = pages;
    }

    /** The account has opened more pages than it may. */
    static final class TooOftenException extends RuntimeException {
        private final Duration wait;

        TooOftenException(Duration wait) {
            super("Too many pages", null, false, false);
            this.wait = wait;
        }
    }

    /**
     * Counts a page for which Stripe is asked.
     *
     * @throws TooOftenException if it is not its turn
     */
    void asksStripe(String account) {
        take(account, STRIPE - 1);
    }

    /**
     * Counts a page for which the records of a day are looked up among those of all accounts (decision 0089).
     *
     * @throws TooOftenException if it is not its turn
     */
    public void readsRecords(String account) {
        take(account, RECORDS - 1);
    }

    /**
     * Counts a page that is a file made of single records.
     *
     * @throws TooOftenException if it is not its turn
     */
    void makesFile(String account) {
        take(account, FILE - 1);
    }

    private void take(String account, int places) {
        rate.refusal(account, places).ifPresent(wait -> {
            throw new TooOftenException(wait);
        });
    }

    /** The page that says when to try again. */
    ResponseEntity<String> refused(HttpServletRequest request, TooOftenException refused) {
        long seconds = refused.wait.plusSeconds(1).minusNanos(1).toSeconds();
        var page = pages.message(
                request,
                HttpStatus.TOO_MANY_REQUESTS,
                "One moment",
                "Many pages of this account were opened within a minute. Try again in " + seconds
                        + (seconds == 1 ? " second." : " seconds."));
        return ResponseEntity.status(page.getStatusCode())
                .headers(page.getHeaders())
                .header(HttpHeaders.RETRY_AFTER, Long.toString(seconds))
                .body(page.getBody());
    }

    /** Counts each page behind a session. It is a filter of the pages alone, and no bean, which would be one of all requests. */
    OncePerRequestFilter filter() {
        return new OncePerRequestFilter() {
            @Override
            protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                    throws ServletException, IOException {
                var customer = request.getUserPrincipal();
                if (customer != null) request.setAttribute(WebActor.WHO, "customer " + customer.getName());
                var wait = customer == null || request.getRequestURI().equals(SignIn.STYLE)
                        ? null
                        : rate.refusal(customer.getName(), 1).orElse(null);
                if (wait == null) {
                    chain.doFilter(request, response);
                } else {
                    Pages.write(refused(request, new TooOftenException(wait)), response);
                }
            }
        };
    }
}
