package io.postpaid.books.journal;

import io.postpaid.books.ledger.GeneralAccount;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A line of a journal in the currency of the books.
 *
 * @param entry the number that all lines of an entry have, and no other entry of any journal: 2026-10-1-3
 * @param amount debits above zero, credits below
 * @param of the amount that was translated, in {@code ofCurrency}: the same where nothing was
 */
record JournalLine(
        String entry,
        LocalDate date,
        String event,
        GeneralAccount account,
        @Nullable String product,
        @Nullable String taxCountry,
        @Nullable BigDecimal taxPercent,
        @Nullable String taxName,
        String currency,
        BigDecimal amount,
        String ofCurrency,
        BigDecimal of) {

    /** What happened, in words: {@code Credit used}. */
    String title() {
        return Character.toUpperCase(event.charAt(0)) + event.substring(1).replace('-', ' ');
    }

    /** Such as {@code Usage: audio (USD 12.30)}. */
    String text() {
        var text = new StringBuilder(title());
        if (product != null) text.append(": ").append(product);
        if (taxName != null) {
            text.append(": ").append(taxCountry == null ? "" : taxCountry + " ").append(taxName);
            if (taxPercent != null) text.append(' ').append(percent()).append(" %");
        }
        if (!ofCurrency.equals(currency) && of.signum() != 0) {
            text.append(" (").append(Amounts.text(of.abs(), ofCurrency)).append(')');
        }
        return text.toString();
    }

    private String percent() {
        return taxPercent == null ? "" : taxPercent.stripTrailingZeros().toPlainString();
    }

    /** Several lines of an entry as one of an account. */
    JournalLine of(GeneralAccount account, BigDecimal sum) {
        return new JournalLine(entry, date, event, account, null, null, null, null, currency, sum, currency, sum);
    }

    String debit() {
        return amount.signum() > 0 ? Amounts.plain(amount, currency) : "";
    }

    String credit() {
        return amount.signum() < 0 ? Amounts.plain(amount.negate(), currency) : "";
    }
}
