package io.postpaid.usage.admission;

import org.jspecify.annotations.Nullable;

/** A key that was written is somebody else's, and the transaction is void. */
public final class KeyTaken extends RuntimeException {
    private static final long serialVersionUID = 1;

    KeyTaken(@Nullable Throwable cause) {
        super("a key was seen before", cause, false, false);
    }
}
