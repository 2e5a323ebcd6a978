package io.postpaid.cli;

import io.postpaid.account.Account;
import io.postpaid.account.Card;
import io.postpaid.payments.topup.AutomaticSettings;
import io.postpaid.platform.money.Amounts;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is said of an account in one word or a few. */
final class AccountText {
    private AccountText() {}

    static Json automaticJson(AutomaticSettings.Wanted wanted, String currency) {
        return new Json()
                .with("active", wanted.active())
                .with("threshold", Amounts.exact(wanted.threshold(), currency))
                .with("amount", Amounts.exact(wanted.amount(), currency))
                .with("monthly_most", Amounts.exact(wanted.monthlyMost(), currency))
                .with("off_because", wanted.offBecause());
    }

    static String automaticText(AutomaticSettings.Wanted wanted, String currency) {
        if (!wanted.active()) return "off" + (wanted.offBecause().isEmpty() ? "" : ": " + wanted.offBecause());
        return "below " + Amounts.text(wanted.threshold(), currency) + " buys "
                + Amounts.text(wanted.amount(), currency) + ", at most " + Amounts.text(wanted.monthlyMost(), currency)
                + " a month";
    }

    static String limitAmount(Account account) {
        return Amounts.exact(account.monthlyLimit(), account.currency());
    }

    static String limit(Account account) {
        return AccountText.limitAmount(account) + " " + account.currency();
    }

    static @Nullable String cardLabel(Account account) {
        Card card = account.card();
        return card == null ? null : card.label();
    }

    static String cardOf(Account account) {
        var wanted = account.paymentMethodWanted();
        return Objects.requireNonNullElse(AccountText.cardLabel(account), "none")
                + (wanted == null ? "" : " (" + wanted + " to be attached)");
    }
}
