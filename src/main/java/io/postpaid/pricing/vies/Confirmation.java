package io.postpaid.pricing.vies;

import java.time.LocalDate;

/** What counts of a tax id now. */
public sealed interface Confirmation {
    /** @param evidence the consultation number, or which answer it was where VIES gave none; empty if nobody was asked */
    record Confirmed(String evidence) implements Confirmation {}

    /** VIES does not know it. */
    record Denied(String evidence, LocalDate on) implements Confirmation {}

    /** @param why as a sentence */
    record Unknown(String why) implements Confirmation {}
}
