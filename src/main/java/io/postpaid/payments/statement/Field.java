package io.postpaid.payments.statement;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** Amounts and days as statements write them; bounded before anything is computed with them. */
final class Field {
    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,15})(?:\\.([0-9]{0,5}))?");

    private Field() {}

    /** Without a sign, with a point as decimal mark. */
    static BigDecimal amount(String text) {
        var amount = AMOUNT.matcher(text);
        if (!amount.matches()) throw new IllegalArgumentException("'" + BankStatement.shown(text) + "' is no amount");
        var decimals = amount.group(2);
        return new BigDecimal(decimals == null || decimals.isEmpty() ? amount.group(1) : text);
    }

    static LocalDate day(String text, DateTimeFormatter format) {
        try {
            return LocalDate.parse(text, format);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + BankStatement.shown(text) + "' is no day", e);
        }
    }
}
