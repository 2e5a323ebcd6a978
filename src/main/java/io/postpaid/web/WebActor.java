package io.postpaid.web;

import io.postpaid.platform.audit.Actor;
import io.postpaid.platform.audit.ActorSource;
import io.postpaid.web.key.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Who sent the request that this thread answers: the key of a call, or who is signed in to the pages. */
@Component
public class WebActor implements ActorSource {
    /** The attribute of a request for a page that says who is signed in; the session is not asked, which takes a transaction. */
    public static final String WHO = WebActor.class.getName();

    @Override
    public Optional<Actor> current() {
        return RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes
                ? Optional.of(of(attributes.getRequest()))
                : Optional.empty();
    }

    /** Who sent a request. */
    public static Actor of(HttpServletRequest request) {
        return new Actor(
                who(request),
                "%s %s from %s".formatted(request.getMethod(), request.getRequestURI(), request.getRemoteAddr()));
    }

    private static String who(HttpServletRequest request) {
        if (request.getAttribute(Caller.class.getName()) instanceof Caller caller) {
            return "key " + caller.key() + (caller.account() == null ? "" : " of " + caller.account());
        }
        return request.getAttribute(WHO) instanceof String who ? who : "visitor";
    }
}
