package io.postpaid.web.oidc;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/** The provider that operators sign in at, if there is one. A wrong value, or some of the four alone, stop every command. */
@Component
@Lazy(false)
public final class OidcSettings {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    private final String issuer;
    private final String host;
    private final String clientId;
    private final String clientSecret;
    private final RoleClaim roles;
    private final String version;

    OidcSettings(
            @Value("${POSTPAID_OIDC_ISSUER:}") String issuer,
            @Value("${POSTPAID_OIDC_CLIENT_ID:}") String clientId,
            @Value("${POSTPAID_OIDC_CLIENT_SECRET:}") String clientSecret,
            @Value("${POSTPAID_OIDC_ROLES:}") String roles) {
        var all = new LinkedHashMap<String, String>();
        all.put("POSTPAID_OIDC_ISSUER", issuer);
        all.put("POSTPAID_OIDC_CLIENT_ID", clientId);
        all.put("POSTPAID_OIDC_CLIENT_SECRET", clientSecret);
        all.put("POSTPAID_OIDC_ROLES", roles);
        var missing = all.entrySet().stream()
                .filter(setting -> setting.getValue().isBlank())
                .map(Map.Entry::getKey)
                .toList();
        if (!missing.isEmpty() && missing.size() < all.size()) {
            throw new IllegalArgumentException(
                    "For signing in with OpenID Connect these must be set, too: " + String.join(", ", missing));
        }
        this.issuer = issuer.strip();
        this.host = missing.isEmpty() ? host(this.issuer) : "";
        this.clientId = clientId.strip();
        this.clientSecret = clientSecret.strip();
        this.roles = missing.isEmpty() ? RoleClaim.parse(roles.strip()) : RoleClaim.NONE;
        this.version = this.issuer + " " + this.clientId + " " + roles.strip();
    }

    private static String host(String issuer) {
        try {
            var url = URI.create(issuer);
            var safe = "https".equals(url.getScheme())
                    || "http".equals(url.getScheme()) && THIS_MACHINE.contains(url.getHost());
            if (safe
                    && url.getHost() != null
                    && url.getUserInfo() == null
                    && url.getQuery() == null
                    && url.getFragment() == null) return url.getHost();
        } catch (IllegalArgumentException _) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "POSTPAID_OIDC_ISSUER is '" + issuer
                        + "'. It must be the address that the provider calls its issuer, such as https://login.example.com/realms/staff");
    }

    /** Whether one can sign in so. */
    public boolean isOn() {
        return !host.isEmpty();
    }

    /** Where people sign in; empty if nowhere. */
    public String host() {
        return host;
    }

    String issuer() {
        return issuer;
    }

    String clientId() {
        return clientId;
    }

    String clientSecret() {
        return clientSecret;
    }

    RoleClaim roles() {
        return roles;
    }

    /** Another text for other settings, the secret aside. */
    String version() {
        return version;
    }
}
