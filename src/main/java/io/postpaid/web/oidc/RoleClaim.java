package io.postpaid.web.oidc;

import io.postpaid.web.key.Role;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which values of a claim give which roles, such as {@code groups: finance=approver, ops=operator, everyone=viewer}.
 *
 * @param claim its name; dots lead into a claim that is an object
 */
record RoleClaim(String claim, Map<String, Role> roles) {
    /** It gives nobody a role. */
    static final RoleClaim NONE = new RoleClaim("", Map.of());

    private static final Pattern SETTING = Pattern.compile("(?<claim>\\S+):\\s+(?<pairs>.+)");
    private static final Pattern PAIR = Pattern.compile(
            "(?:\"(?<quoted>[^\"]+)\"|(?<plain>[^\",=]+?))\\s*=\\s*(?<role>[a-z]+)\\s*(?:,\\s*(?=\\S)|$)");
    private static final Map<String, Role> ROLES = Stream.of(Role.VIEWER, Role.OPERATOR, Role.APPROVER)
            .collect(Collectors.toMap(role -> role.name().toLowerCase(Locale.ROOT), role -> role));
    private static final String EMAIL = "email";

    static RoleClaim parse(String setting) {
        var parts = SETTING.matcher(setting.strip());
        if (!parts.matches()) throw wrong(setting, "it does not begin with the name of a claim and a colon");
        var pairs = parts.group("pairs");
        var roles = new LinkedHashMap<String, Role>();
        var pair = PAIR.matcher(pairs);
        for (int at = 0; at < pairs.length(); at = pair.end()) {
            var rest = pairs.substring(at);
            if (!pair.region(at, pairs.length()).lookingAt()) throw wrong(setting, "'" + rest + "' is no value=role");
            @Nullable String quoted = pair.group("quoted");
            var value = quoted == null ? pair.group("plain") : quoted;
            var role = ROLES.get(pair.group("role"));
            if (role == null) throw wrong(setting, "'" + pair.group("role") + "' is not a role of a person");
            if (roles.putIfAbsent(value, role) != null) throw wrong(setting, "'" + value + "' has two roles");
        }
        return new RoleClaim(parts.group("claim"), roles);
    }

    private static IllegalArgumentException wrong(String setting, String why) {
        return new IllegalArgumentException("POSTPAID_OIDC_ROLES is '" + setting + "': " + why
                + ". Give a claim, and for its values the role viewer, operator or approver, such as"
                + " groups: finance=approver, ops=operator, everyone=viewer");
    }

    /** The roles that these claims give. An address that nobody has verified is anybody's, and gives none. */
    Set<Role> of(Map<String, ?> claims) {
        if (claim.equals(EMAIL) && !Boolean.TRUE.equals(claims.get("email_verified"))) return Set.of();
        var value = find(claims, claim);
        Collection<?> values =
                value instanceof Collection<?> several ? several : value == null ? List.of() : List.of(value);
        return values.stream()
                .map(each -> roles.get(String.valueOf(each)))
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    /** A name with dots may be that of one claim, or lead from object to object. */
    private static @Nullable Object find(Map<?, ?> claims, String path) {
        if (claims.containsKey(path)) return claims.get(path);
        for (int dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
            if (claims.get(path.substring(0, dot)) instanceof Map<?, ?> inner) {
                var found = find(inner, path.substring(dot + 1));
                if (found != null) return found;
            }
        }
        return null;
    }
}
