package io.postpaid.web.console;

import io.postpaid.web.oidc.OidcEntry;
import io.postpaid.web.portal.Pages;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** The console's pages for who comes back from the provider of OpenID Connect. */
record PersonEntry(Console console) implements OidcEntry {
    @Override
    public void in(HttpServletRequest request, HttpServletResponse response, @Nullable String to) throws IOException {
        response.sendRedirect(ConsolePath.of(to));
    }

    @Override
    public void refused(HttpServletRequest request, HttpServletResponse response, Refusal why) throws IOException {
        if (why != Refusal.NO_ROLE) {
            response.sendRedirect(ConsoleSecurity.SIGN_IN + "?" + why.name().toLowerCase(Locale.ROOT));
            return;
        }
        Pages.write(
                console.message(
                        request,
                        HttpStatus.FORBIDDEN,
                        "You have no role here",
                        "Your company knows you, but nothing that it says of you opens this console. Ask whoever runs it for"
                                + " a role.",
                        ConsoleSecurity.SIGN_IN),
                response);
    }
}
