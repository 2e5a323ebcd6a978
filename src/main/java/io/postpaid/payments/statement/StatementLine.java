package io.postpaid.payments.statement;

import io.postpaid.platform.file.PlainText;
import java.math.BigDecimal;
import java.time.LocalDate;

/**
 * One amount that came to an account of the bank, or left it.
 *
 * @param amount below zero where it left
 * @param party who sent or received it, as the bank says; or empty
 * @param text all that the bank says of what it is for
 * @param reference what its sender calls it; or empty
 * @param bankReference what the bank calls it; or empty
 * @param charge whether the bank marks it as a charge of its own
 */
public record StatementLine(
        LocalDate bookedOn,
        LocalDate valuedOn,
        BigDecimal amount,
        String party,
        String text,
        String reference,
        String bankReference,
        boolean charge) {
    private static final int TEXT_MAX = 2_000;
    private static final int NAME_MAX = 200;

    public StatementLine {
        if (!PlainText.isUsable(bookedOn) || !PlainText.isUsable(valuedOn)) {
            throw new IllegalArgumentException("no statement has a line of " + bookedOn + ", valued " + valuedOn);
        }
        party = plain(party, NAME_MAX);
        text = plain(text, TEXT_MAX);
        reference = plain(reference, NAME_MAX);
        bankReference = plain(bankReference, NAME_MAX);
    }

    /** In one line, without what is not written but obeyed; a bank says no more than fits. */
    private static String plain(String text, int most) {
        var written = text.substring(0, Math.min(text.length(), 4 * most))
                .codePoints()
                .map(c -> PlainText.hasControl(Character.toString(c)) || Character.getType(c) == Character.SURROGATE
                        ? ' '
                        : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip()
                .replaceAll(" {2,}", " ");
        return written.codePointCount(0, written.length()) <= most
                ? written
                : written.substring(0, written.offsetByCodePoints(0, most));
    }
}
