package io.postpaid.web.oidc;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** How who comes back from the provider is answered. */
public interface OidcEntry {
    /** Why somebody does not get in. */
    enum Refusal {
        /** The provider knows the person, and no setting gives a role. */
        NO_ROLE,
        /** The provider does not answer. */
        UNREACHABLE,
        /** The person, or the provider, did not want it. */
        CANCELLED,
        /** The answer was not one to this browser's question, or wrong; the log has the reason. */
        FAILED
    }

    /** @param to the page that was wanted; anybody can have written it */
    void in(HttpServletRequest request, HttpServletResponse response, @Nullable String to) throws IOException;

    void refused(HttpServletRequest request, HttpServletResponse response, Refusal why) throws IOException;
}
