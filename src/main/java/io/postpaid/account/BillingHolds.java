package io.postpaid.account;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The accounts that an operator holds from being billed: their usage is rated, and no invoice is drawn up for them. */
@Component
public class BillingHolds {
    private static final int REASON_MAX = 1000;

    private final Accounts accounts;
    private final JdbcClient jdbc;

    BillingHolds(Accounts accounts, JdbcClient jdbc) {
        this.accounts = accounts;
        this.jdbc = jdbc;
    }

    /**
     * Holds an account, or changes why.
     *
     * @throws IllegalArgumentException if the account is erased, or the reason empty or above 1,000 characters
     */
    @Transactional
    public void hold(String id, String reason) {
        if (reason.isBlank() || reason.length() > REASON_MAX) {
            throw new IllegalArgumentException("A reason has 1 to " + REASON_MAX + " characters");
        }
        set(id, reason, "BILLING_HELD");
    }

    /**
     * Lets the next run bill it, also for the months that it was held in.
     *
     * @return why it was held; empty if it was not
     */
    @Transactional
    public String release(String id) {
        return set(id, "", "BILLING_RELEASED");
    }

    private String set(String id, String reason, String event) {
        accounts.living(id);
        var earlier = of(Set.of(id)).getOrDefault(id, "");
        if (earlier.equals(reason)) return earlier;
        jdbc.sql("update account set billing_held = :reason where id = :id")
                .param("reason", reason)
                .param("id", id)
                .update();
        accounts.tell(id, event, reason);
        return earlier;
    }

    /** Why those of these accounts are held that are. */
    public Map<String, String> of(Collection<String> ids) {
        var held = new HashMap<String, String>();
        jdbc.sql("select id, billing_held from account where id = any(:ids) and billing_held <> ''")
                .param("ids", ids.toArray(String[]::new))
                .query(row -> {
                    held.put(row.getString("id"), row.getString("billing_held"));
                });
        return held;
    }
}
