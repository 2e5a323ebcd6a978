package io.postpaid.web;

import io.postpaid.platform.template.BaseUrl;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;

/** Keeps the token that forms of our own pages carry in a cookie, so that no visitor makes a session. */
public final class CsrfCookie {
    private CsrfCookie() {}

    /** Behind a proxy the request itself may not say that it came by HTTPS. */
    public static CookieCsrfTokenRepository of(BaseUrl base) {
        var tokens = new CookieCsrfTokenRepository();
        tokens.setCookieCustomizer(cookie -> {
            cookie.sameSite("Lax");
            if (base.isSecure()) cookie.secure(true);
        });
        return tokens;
    }
}
