package io.postpaid.platform.batch;

import org.jspecify.annotations.Nullable;

/** What is wrong with an item, in words for the person who has to mend it. */
public class HeldException extends IllegalStateException {
    private final String reason;

    /** @param reason equal for items that are held for the same reason */
    public HeldException(String reason, String detail, @Nullable Throwable cause) {
        super(detail, cause);
        this.reason = reason;
    }

    public String reason() {
        return reason;
    }
}
