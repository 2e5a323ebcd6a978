package io.postpaid.platform.batch;

import org.jspecify.annotations.Nullable;

/** Something that every item needs (the payment provider, the mail server) cannot be used: the run stops. */
public class OutOfReachException extends RuntimeException {
    public OutOfReachException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
