package io.postpaid.billing.invoicing;

import java.math.BigDecimal;

/**
 * What may still be given back for an invoice or a top-up: the one place that decides it. A pure function of the facts, which
 * are read under the lock of the account.
 *
 * @param billed what was billed, or sold
 * @param credited by credit notes; of a top-up what went back of it already
 * @param writtenOff what was given up and not paid since
 * @param reserved what refunds on their way will credit
 * @param banked what banks took of it, beyond what could be taken back
 * @param corrected what later invoices take off, because usage of it was taken back
 * @param money what was paid by card and has not gone back, by us or by a bank
 * @param atHand what of it is unspent: in the account balance, or left of the grant
 * @param notes whether a credit note can give the rest
 */
public record GivenBack(
        BigDecimal billed,
        BigDecimal credited,
        BigDecimal writtenOff,
        BigDecimal reserved,
        BigDecimal banked,
        BigDecimal corrected,
        BigDecimal money,
        BigDecimal atHand,
        boolean notes) {

    /**
     * What an amount that goes back consists of.
     *
     * @param taken from what is at hand
     * @param given by a credit note, or owed again
     * @param lost beyond what may be given back
     */
    public record Parts(BigDecimal taken, BigDecimal given, BigDecimal lost) {}

    /** What is left of what was billed. */
    private BigDecimal left() {
        return positive(billed.subtract(credited)
                .subtract(writtenOff)
                .subtract(reserved)
                .subtract(banked)
                .subtract(corrected));
    }

    /** The most that a credit note can give. */
    public BigDecimal creditable() {
        return notes ? left() : BigDecimal.ZERO;
    }

    /** The most that we may refund. */
    public BigDecimal refundable() {
        return positive(money).min(atHand.add(creditable()));
    }

    /** A refund, of ours or from the provider's dashboard: first what is at hand, then by a credit note. */
    public Parts refund(BigDecimal amount) {
        return parts(amount, creditable());
    }

    /** What a bank took: first what is at hand; the rest can be owed, as far as it was not given back before. */
    public Parts dispute(BigDecimal amount) {
        // What is at hand of a top-up is a part of what is left of it.
        return parts(amount, notes ? left() : positive(left().subtract(amount.min(atHand))));
    }

    private Parts parts(BigDecimal amount, BigDecimal most) {
        var taken = amount.min(positive(atHand));
        var given = amount.subtract(taken).min(most);
        return new Parts(taken, given, amount.subtract(taken).subtract(given));
    }

    private static BigDecimal positive(BigDecimal amount) {
        return amount.max(BigDecimal.ZERO);
    }
}
