package io.postpaid.privacy;

import java.util.List;

/** An account was to be erased with which something is still to be settled. */
public final class StillOpenException extends IllegalArgumentException {
    StillOpenException(String account, List<String> open) {
        super("Account '" + account + "' cannot be erased yet: " + String.join("; ", open));
    }
}
