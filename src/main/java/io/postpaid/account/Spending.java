package io.postpaid.account;

import io.postpaid.platform.batch.Row;
import io.postpaid.platform.money.Payable;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What a customer decides on the spending of a month: a cap below the limit, and from where on there is a mail. */
@Component
public class Spending {
    private static final int ALERTS_MAX = 10;

    private final Accounts accounts;
    private final JdbcClient jdbc;

    Spending(Accounts accounts, JdbcClient jdbc) {
        this.accounts = accounts;
        this.jdbc = jdbc;
    }

    /**
     * From where on there is a mail: exactly one is not null.
     *
     * @param percent of the most that may accrue in a month
     * @param amount that has accrued in a month
     */
    public record Alert(@Nullable Integer percent, @Nullable BigDecimal amount) {}

    /**
     * Sets the cap, or removes it.
     *
     * @throws IllegalArgumentException if it is no amount of the currency, or above the limit
     */
    @Transactional
    public void cap(String id, @Nullable BigDecimal cap) {
        var account = accounts.locked(id);
        if (cap != null) {
            Payable.checkOrZero(cap, account.currency());
            if (cap.compareTo(account.monthlyLimit()) > 0) {
                throw new IllegalArgumentException("A cap is at most the monthly limit, which is "
                        + account.monthlyLimit().toPlainString() + " " + account.currency());
            }
        }
        var before = account.spendingCap();
        if (cap == null ? before == null : before != null && cap.compareTo(before) == 0) return;
        jdbc.sql("update account set spending_cap = :cap::numeric where id = :id")
                .param("cap", cap)
                .param("id", id)
                .update();
        accounts.tell(
                id,
                "CAP_SET",
                (cap == null ? "none" : cap.toPlainString() + " " + account.currency()) + " by customer");
    }

    /**
     * Puts these alerts in place of those there are.
     *
     * @throws IllegalArgumentException if they are too many, or one is no percentage and no amount
     */
    @Transactional
    public void alerts(String id, List<Alert> wanted) {
        var account = accounts.locked(id);
        if (wanted.size() > ALERTS_MAX)
            throw new IllegalArgumentException("There are at most " + ALERTS_MAX + " alerts");
        for (var alert : wanted) {
            var percent = alert.percent();
            var amount = alert.amount();
            if (percent != null && (percent < 1 || percent > 100)) {
                throw new IllegalArgumentException("A percentage is from 1 to 100, not " + percent);
            }
            if (amount != null) Payable.check(amount, account.currency());
        }
        if (new LinkedHashSet<>(alertsOf(id)).equals(new LinkedHashSet<>(wanted))) return;
        jdbc.sql("delete from spending_alert where account = :id")
                .param("id", id)
                .update();
        for (var alert : wanted) {
            jdbc.sql("""
                            insert into spending_alert (account, percent, amount)
                            values (:id, :percent::integer, trim_scale(:amount::numeric)) on conflict do nothing""")
                    .param("id", id)
                    .param("percent", alert.percent())
                    .param("amount", alert.amount())
                    .update();
        }
        accounts.tell(id, "ALERTS_SET", words(alertsOf(id)) + " by customer");
    }

    private static String words(List<Alert> alerts) {
        return alerts.isEmpty()
                ? "none"
                : String.join(
                        ", ",
                        alerts.stream()
                                .map(alert -> alert.percent() == null
                                        ? String.valueOf(alert.amount())
                                        : alert.percent() + "%")
                                .toList());
    }

    /** The percentages first, each from the lowest on. */
    public List<Alert> alertsOf(String id) {
        return jdbc.sql("select percent, amount from spending_alert where account = :id order by percent, amount")
                .param("id", id)
                .query(Row.to(Alert.class))
                .list();
    }
}
