package io.postpaid.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Whether this server is to be sent requests. One that is stopped says no at first and goes on answering for a while, so that the
 * balancer in front of several has turned to the others before a connection is refused.
 */
@Component
@ConditionalOnWebApplication
class Readiness extends OncePerRequestFilter {
    private static final Duration DRAIN_MAX = Duration.ofMinutes(5);

    private final Duration drain;
    private volatile boolean ready = true;

    Readiness(@Value("${POSTPAID_DRAIN:PT0S}") Duration drain) {
        if (drain.isNegative() || drain.compareTo(DRAIN_MAX) > 0) {
            throw new IllegalArgumentException(
                    "POSTPAID_DRAIN is '" + drain + "': it is a time such as PT10S, at most " + DRAIN_MAX);
        }
        this.drain = drain;
    }

    boolean ready() {
        return ready;
    }

    /** Before anything else is stopped. */
    @EventListener(ContextClosedEvent.class)
    @Order(Ordered.HIGHEST_PRECEDENCE)
    void drain() throws InterruptedException {
        ready = false;
        Thread.sleep(drain);
    }

    /** Connections that are kept open are given up, each with an answer. */
    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!ready) response.setHeader(HttpHeaders.CONNECTION, "close");
        chain.doFilter(request, response);
    }
}
