package io.postpaid.payments.approval;

import io.postpaid.platform.money.Currencies;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Lazy;
import org.springframework.stereotype.Component;

/**
 * How much one person may give an account in a day: one amount for all currencies, or one for each, such as {@code 100 USD, 90
 * EUR}. Where only some currencies have one, everything in the others needs a second person. A wrong value stops every command,
 * also those that give nothing.
 */
@Component
@Lazy(false)
class ApproveAbove {
    private static final Pattern ENTRY =
            Pattern.compile("(?<amount>[0-9]{1,12}(?:\\.[0-9]{1,4})?)(?:\\s+(?<currency>[A-Z]{3}))?");

    /** In the place of a currency: for all that have no amount of their own. */
    private static final String OTHERS = "";

    private final Map<String, BigDecimal> amounts = new HashMap<>();

    ApproveAbove(@Value("${POSTPAID_APPROVE_ABOVE:}") String setting) {
        if (setting.isBlank()) return;
        for (var entry : setting.strip().split("\\s*,\\s*", -1)) {
            var parsed = ENTRY.matcher(entry);
            if (!parsed.matches()) throw wrong(setting, "'" + entry + "' is not an amount");
            @Nullable String named = parsed.group("currency");
            var currency = named == null ? OTHERS : named;
            if (named != null && Currencies.find(named).isEmpty()) throw wrong(setting, named + " is not a currency");
            if (amounts.putIfAbsent(currency, new BigDecimal(parsed.group("amount"))) != null) {
                throw wrong(setting, named == null ? "two amounts have no currency" : named + " has two amounts");
            }
        }
    }

    private static IllegalArgumentException wrong(String setting, String why) {
        return new IllegalArgumentException("POSTPAID_APPROVE_ABOVE is '" + setting + "': " + why
                + ". Give an amount such as 100, or one for each currency such as 100 USD, 90 EUR");
    }

    /** What one person may give an account in a day; null where that has no end. */
    @Nullable
    BigDecimal of(String currency) {
        return amounts.isEmpty() ? null : amounts.getOrDefault(currency, amounts.getOrDefault(OTHERS, BigDecimal.ZERO));
    }
}
