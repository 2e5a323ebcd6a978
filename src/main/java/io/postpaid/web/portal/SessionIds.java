package io.postpaid.web.portal;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.session.web.http.CookieHttpSessionIdResolver;
import org.springframework.session.web.http.CookieSerializer;
import org.springframework.session.web.http.HttpSessionIdResolver;
import org.springframework.stereotype.Component;

/** What a browser calls its session is looked up only where it has the form of one: the database refuses texts that are none. */
@Component
@ConditionalOnWebApplication
class SessionIds implements HttpSessionIdResolver {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final CookieHttpSessionIdResolver cookie = new CookieHttpSessionIdResolver();

    SessionIds(CookieSerializer cookies) {
        cookie.setCookieSerializer(cookies);
    }

    @Override
    public List<String> resolveSessionIds(HttpServletRequest request) {
        return cookie.resolveSessionIds(request).stream()
                .filter(id -> FORM.matcher(id).matches())
                .toList();
    }

    @Override
    public void setSessionId(HttpServletRequest request, HttpServletResponse response, String id) {
        cookie.setSessionId(request, response, id);
    }

    @Override
    public void expireSession(HttpServletRequest request, HttpServletResponse response) {
        cookie.expireSession(request, response);
    }
}
