package io.postpaid.books.rehearse;

import java.util.Locale;

/** Why a rehearsal bills an account otherwise than it was billed. */
public enum Cause {
    /** Other prices than those that it was rated by. */
    PRICE,
    /** Other rates, or another reason to charge them or not. */
    TAX,
    /** Usage of the month that came after it was billed; the next invoice has it. */
    LATE_USAGE,
    /** Usage of the month that was taken back after it was billed; the next invoice has it. */
    CORRECTION,
    /** Neither prices nor taxes nor usage are others: the program bills otherwise. */
    CODE;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
