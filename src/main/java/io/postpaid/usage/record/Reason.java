package io.postpaid.usage.record;

/** Why a line is in quarantine. */
public enum Reason {
    /** Not text: invalid UTF-8, a NUL character, or longer than a line may be. What is kept of it cannot be released. */
    UNREADABLE,
    MALFORMED,
    UNKNOWN_ACCOUNT,
    UNKNOWN_PRODUCT,
    BAD_QUANTITY,
    IN_FUTURE,
    TOO_LATE,
    CONFLICT,
    ALREADY_VOIDED,
    /** A correction of a call that the gate has not settled for the account. */
    NOT_SETTLED
}
