package io.postpaid.payments.statement;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a bank says of one account.
 *
 * @param account its IBAN, or what else the bank calls it
 * @param number what the bank calls the statement; or empty
 * @param opening null, as the closing balance, where the file does not say it
 */
public record BankStatement(
        String account,
        String number,
        String currency,
        @Nullable BigDecimal opening,
        @Nullable BigDecimal closing,
        List<StatementLine> lines) {
    private static final int NAME_MAX = 100;

    public BankStatement {
        if (!currency.matches("[A-Z]{3}"))
            throw new IllegalArgumentException("'" + shown(currency) + "' is no currency");
        if (!account.matches("[A-Za-z0-9 /._-]{1," + NAME_MAX + "}")) {
            throw new IllegalArgumentException("'" + shown(account) + "' is no account of a bank");
        }
        account = account.replace(" ", "");
        number = shown(number);
        lines = List.copyOf(lines);
        var sum = lines.stream().map(StatementLine::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
        if (opening != null && closing != null && opening.add(sum).compareTo(closing) != 0) {
            throw new IllegalArgumentException(
                    "the opening balance %s and lines of %s make %s, but the closing balance is %s"
                            .formatted(
                                    opening.toPlainString(),
                                    sum.toPlainString(),
                                    opening.add(sum).toPlainString(),
                                    closing.toPlainString()));
        }
    }

    /** Whether its balances prove that no line is missing. */
    public boolean proven() {
        return opening != null && closing != null;
    }

    static String shown(String text) {
        var plain = text.replaceAll("[^\\x20-\\x7e]", "?").strip();
        return plain.length() <= NAME_MAX ? plain : plain.substring(0, NAME_MAX);
    }
}
