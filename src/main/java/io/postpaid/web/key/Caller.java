package io.postpaid.web.key;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, as the key says.
 *
 * @param account null for an operator
 */
public record Caller(String key, @Nullable String account, Set<Role> roles) {
    public Caller {
        roles = Set.copyOf(roles);
    }

    /** Whether the key has at least one of these roles. */
    public boolean isOneOf(Set<Role> wanted) {
        return roles.stream().anyMatch(wanted::contains);
    }
}
