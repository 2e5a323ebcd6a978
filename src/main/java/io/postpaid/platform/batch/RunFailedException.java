package io.postpaid.platform.batch;

/** A run that was refused or failed; the message says why and what to do. */
public sealed class RunFailedException extends RuntimeException {
    public RunFailedException(String message) {
        super(message);
    }

    public RunFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Nothing is wrong: another run, perhaps another process's, holds the lock. */
    public static final class InProgress extends RunFailedException {
        InProgress(String message) {
            super(message);
        }
    }
}
