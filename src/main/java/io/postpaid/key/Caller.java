package io.postpaid.key;

import org.jspecify.annotations.Nullable;

/**
 * Who calls, as the key says.
 *
 * @param account null for an operator
 */
public record Caller(String key, @Nullable String account) {
    public boolean isOperator() {
        return account == null;
    }
}
