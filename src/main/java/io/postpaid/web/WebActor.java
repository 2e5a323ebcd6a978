package io.postpaid.web;

import io.postpaid.platform.audit.Actor;
import io.postpaid.platform.audit.ActorSource;
import io.postpaid.web.key.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Who sent the request that this thread answers: the key of a call, or the customer who is signed in to the pages. */
@Component
public class WebActor implements ActorSource {
    /** The attribute of a request for a page that names the account which is signed in; the session is not asked, which takes a transaction. */
    public static final String CUSTOMER = WebActor.class.getName();

    @Override
    public Optional<Actor> current() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                ? Optional.of(actor(attributes.getRequest()))
                : Optional.empty();
    }

    private static Actor actor(HttpServletRequest request) {
        return new Actor(
                who(request),
                "%s %s from %s".formatted(request.getMethod(), request.getRequestURI(), request.getRemoteAddr()));
    }

    private static String who(HttpServletRequest request) {
        if (request.getAttribute(Caller.class.getName()) instanceof Caller caller) {
            return "key " + caller.key() + (caller.account() == null ? "" : " of " + caller.account());
        }
        return request.getAttribute(CUSTOMER) instanceof String account ? "customer " + account : "visitor";
    }
}
