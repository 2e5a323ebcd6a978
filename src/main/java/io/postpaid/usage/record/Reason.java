package io.postpaid.usage.record;

/** Why a line is in quarantine. */
public enum Reason {
    /** Not text: invalid UTF-8, a NUL character, or longer than a line may be. What is kept of it cannot be released. */
    UNREADABLE("it is not text"),
    MALFORMED("it is not written as a usage record"),
    UNKNOWN_ACCOUNT("it names an account that is not known"),
    UNKNOWN_PRODUCT("it names a product that is not known"),
    BAD_QUANTITY("its quantity cannot be billed"),
    IN_FUTURE("its time lies in the future"),
    TOO_LATE("it came later than usage is accepted"),
    CONFLICT("a record with its source and id came before, with other content"),
    ALREADY_VOIDED("what it corrects was corrected before"),
    /** A correction of a call that the gate has not settled for the account. */
    NOT_SETTLED("the call that it corrects is not settled"),
    /** Of a source whose usage is aggregated outside of the database, or the other way round. */
    OTHER_PATH("usage of its source comes another way");

    private final String sentence;

    Reason(String sentence) {
        this.sentence = sentence;
    }

    /** The reason in words for a customer, without anything of the line. */
    public String sentence() {
        return sentence;
    }
}
