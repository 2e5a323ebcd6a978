package io.postpaid.web.oidc;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.client.web.HttpSessionOAuth2AuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;

/** Who is on the way to the provider: in a session, which ends soon if nobody comes back. */
final class PendingSignIns implements AuthorizationRequestRepository<OAuth2AuthorizationRequest> {
    /** A parameter and attribute of requests: the page that was wanted. */
    static final String TO = "to";

    private static final Duration AWAY_MAX = Duration.ofMinutes(10);

    private final HttpSessionOAuth2AuthorizationRequestRepository pending =
            new HttpSessionOAuth2AuthorizationRequestRepository();

    @Override
    public @Nullable OAuth2AuthorizationRequest loadAuthorizationRequest(HttpServletRequest request) {
        return pending.loadAuthorizationRequest(request);
    }

    @Override
    public void saveAuthorizationRequest(
            @Nullable OAuth2AuthorizationRequest asked, HttpServletRequest request, HttpServletResponse response) {
        if (asked == null) return;
        var to = Objects.requireNonNullElse(request.getParameter(TO), "");
        var withPage = OAuth2AuthorizationRequest.from(asked)
                .attributes(all -> all.put(TO, to))
                .build();
        var isNew = request.getSession(false) == null;
        pending.saveAuthorizationRequest(withPage, request, response);
        if (isNew) request.getSession().setMaxInactiveInterval((int) AWAY_MAX.toSeconds());
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest removeAuthorizationRequest(
            HttpServletRequest request, HttpServletResponse response) {
        var asked = pending.removeAuthorizationRequest(request, response);
        if (asked != null) request.setAttribute(TO, asked.getAttribute(TO));
        return asked;
    }

    /** Leaves no session behind that holds nothing else. */
    static void end(HttpServletRequest request) {
        var session = request.getSession(false);
        if (session != null && !session.getAttributeNames().hasMoreElements()) session.invalidate();
    }
}
