package io.postpaid.payments.topup;

import io.postpaid.account.Accounts;
import io.postpaid.platform.batch.Row;
import io.postpaid.platform.erasure.Erases;
import java.math.BigDecimal;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Which accounts buy credit automatically. */
@Component
public class AutomaticSettings implements Erases {
    private final JdbcClient jdbc;
    private final Accounts accounts;

    AutomaticSettings(JdbcClient jdbc, Accounts accounts) {
        this.jdbc = jdbc;
        this.accounts = accounts;
    }

    /**
     * What an account wants.
     *
     * @param threshold below which credit is bought
     * @param monthlyMost of what is bought automatically in a UTC month
     * @param offBecause why a failed payment has turned it off; else empty
     */
    public record Wanted(
            BigDecimal threshold, BigDecimal amount, BigDecimal monthlyMost, boolean active, String offBecause) {}

    public Optional<Wanted> find(String account) {
        return jdbc.sql("select * from automatic_top_up where account = :account")
                .param("account", account)
                .query(Row.to(Wanted.class))
                .optional();
    }

    @Override
    public void erase(String account) {
        jdbc.sql("delete from automatic_top_up where account = :account")
                .param("account", account)
                .update();
    }

    /** Whether a top-up that was not sent yet may be: it is on, and the account is active and has a card. */
    boolean wanted(String account) {
        return jdbc.sql("select exists (select from automatic_top_up_wanted() where account = :account)")
                .param("account", account)
                .query(Boolean.class)
                .single();
    }

    @Transactional
    void turnOn(String account, BigDecimal threshold, BigDecimal amount, BigDecimal monthlyMost) {
        accounts.locked(account);
        jdbc.sql("""
                        insert into automatic_top_up (account, threshold, amount, monthly_most, active)
                        values (:account, :threshold, :amount, :most, true)
                            on conflict (account) do update
                           set threshold = :threshold, amount = :amount, monthly_most = :most, active = true, off_because = ''""")
                .param("account", account)
                .param("threshold", threshold)
                .param("amount", amount)
                .param("most", monthlyMost)
                .update();
        accounts.note(
                account,
                "AUTOMATIC_TOP_UP_ON",
                "below " + threshold.toPlainString() + " buy " + amount.toPlainString() + ", at most "
                        + monthlyMost.toPlainString() + " a month, by customer");
    }

    /**
     * @param because why a failed payment has turned it off; empty if the customer has
     * @return whether it was on
     */
    @Transactional
    public boolean turnOff(String account, String because) {
        accounts.locked(account);
        boolean was = jdbc.sql(
                                "update automatic_top_up set active = false, off_because = :because where account = :account and active")
                        .param("account", account)
                        .param("because", because)
                        .update()
                > 0;
        if (was) accounts.note(account, "AUTOMATIC_TOP_UP_OFF", because.isEmpty() ? "by customer" : because);
        return was;
    }
}
