package io.postpaid.usage.admission;

/** The month of a record was archived while the record waited for it, and the transaction is void. */
public final class MonthGone extends RuntimeException {
    private static final long serialVersionUID = 1;

    MonthGone(Throwable cause) {
        super("a month was archived meanwhile", cause, false, false);
    }
}
