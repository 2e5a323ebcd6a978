package io.postpaid.platform.checkup;

/** Says in a sentence what is wrong with what the product needs, and what to do. */
public final class UnwellException extends RuntimeException {
    public UnwellException(String message) {
        super(message);
    }
}
