package io.postpaid.account;

import io.postpaid.platform.calendar.BillingClock;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Takes the person out of an account. The account stays, since the books refer to it, and is closed for good. */
@Component
public class AccountErasure {
    private final Accounts accounts;
    private final JdbcClient jdbc;
    private final BillingClock clock;

    AccountErasure(Accounts accounts, JdbcClient jdbc, BillingClock clock) {
        this.accounts = accounts;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** When it was erased, if it was. */
    public Optional<Instant> erasedAt(String id) {
        return jdbc.sql("select erased_at from account where id = :id and erased_at is not null")
                .param("id", id)
                .query(Timestamp.class)
                .optional()
                .map(Timestamp::toInstant);
    }

    /** The account, to which nobody adds anything until the caller's transaction ends. */
    public Account lock(String id) {
        return jdbc.sql("select * from account where id = :id for update")
                .param("id", id)
                .query((row, i) -> Accounts.account(row))
                .optional()
                .orElseThrow(() -> new UnknownAccountException(id));
    }

    /** In the caller's transaction, which has locked the account. */
    public void erase(String id) {
        jdbc.sql("""
                        update account
                           set name = 'erased', email = '', line1 = '', line2 = '', city = '', state = '', postal_code = '',
                               country = '', tax_id = '', purchase_order = '', business = '', buyer_reference = '',
                               peppol_id = '', language = '', billing_emails = '{}', paused = 'erased', billing_held = '',
                               spending_cap = null, payment_method_wanted = null, stripe_customer = null,
                               customer_stale = false, payment_method = null, card_brand = null, card_last4 = null,
                               card_expires = null, card_country = null, erased_at = :now
                         where id = :id""")
                .param("now", Timestamp.from(clock.instant()))
                .param("id", id)
                .update();
        jdbc.sql("update account_event set detail = '' where account = :id")
                .param("id", id)
                .update();
        jdbc.sql("update limit_request set reason = '' where account = :id")
                .param("id", id)
                .update();
        jdbc.sql("""
                        update limit_request set status = 'REJECTED', decided_at = greatest(:now, asked_at)
                         where account = :id and status = 'OPEN'""")
                .param("now", Timestamp.from(clock.instant()))
                .param("id", id)
                .update();
        jdbc.sql("delete from account_alias where account = :id")
                .param("id", id)
                .update();
        jdbc.sql("delete from spending_alert where account = :id")
                .param("id", id)
                .update();
        accounts.tell(id, "ERASED", "");
    }
}
