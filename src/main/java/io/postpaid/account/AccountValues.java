package io.postpaid.account;

import io.postpaid.platform.money.Amounts;
import io.postpaid.platform.money.Currencies;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Amounts and days as cells of a file of accounts have them; null where a text is none. */
final class AccountValues {
    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,12})?");

    private AccountValues() {}

    static @Nullable BigDecimal amount(String text, Currencies.Currency currency) {
        if (!AMOUNT.matcher(text).matches()) return null;
        var amount = new BigDecimal(text);
        return currency.fits(amount) ? amount : null;
    }

    static String notAnAmount(String example, Currencies.Currency currency) {
        return "is not an amount such as " + Amounts.plain(new BigDecimal(example), currency.code());
    }

    static @Nullable LocalDate date(String text) {
        try {
            var day = LocalDate.parse(text);
            return day.getYear() < 1 || day.getYear() > 9999 ? null : day;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
