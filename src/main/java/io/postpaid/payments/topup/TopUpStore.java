package io.postpaid.payments.topup;

import io.postpaid.billing.receipt.CreditPrice;
import io.postpaid.payments.charging.PaymentAttempt;
import io.postpaid.payments.stripe.Decline;
import io.postpaid.platform.batch.Todo;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Top-ups, from the claim to their end. */
@Component
public class TopUpStore {
    private static final String TOP_UP = "select t.*, t.grant_id as grant from top_up t ";

    private final JdbcClient jdbc;

    TopUpStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What went back of a top-up.
     *
     * @param netBack of its credit; what is owed is none that went back
     * @param taxBack of the tax on it
     * @param gone of what was paid for it, by refunds and disputes, with what is owed for it
     */
    public record GoneBack(
            BigDecimal gone, BigDecimal refunded, BigDecimal disputed, BigDecimal netBack, BigDecimal taxBack) {}

    /**
     * What is bought.
     *
     * @param returnUrl where the bank sends the customer back to; null if nobody is there
     * @param automaticMost of one that nobody asked for, the most a month
     */
    record Wish(
            String account,
            String reference,
            String currency,
            String paymentMethod,
            @Nullable String returnUrl,
            @Nullable BigDecimal automaticMost) {}

    /** @return empty if the account has one of this reference */
    @Transactional
    Optional<TopUp> claim(Wish wish, CreditPrice price, Instant at) {
        return jdbc.sql("""
                insert into top_up (account, reference, amount, tax, tax_category, tax_rate, tax_name, tax_percent, tax_note,
                                    tax_evidence, currency, payment_method, status, return_url, claimed_at, automatic_most)
                values (:account, :reference, :amount, :tax, :category, :rate, :name, :percent, :note,
                        :evidence, :currency, :method, 'CLAIMED', :return_url, :at, :most)
                    on conflict (account, reference) do nothing
                returning *, grant_id as grant""")
                .param("account", wish.account())
                .param("reference", wish.reference())
                .param("amount", price.net())
                .param("tax", price.tax())
                .param("category", price.category())
                .param("rate", price.rate())
                .param("name", price.name())
                .param("percent", price.percent())
                .param("note", price.note())
                .param("evidence", price.evidence())
                .param("currency", wish.currency())
                .param("method", wish.paymentMethod())
                .param("return_url", wish.returnUrl())
                .param("at", Timestamp.from(at))
                .param("most", wish.automaticMost())
                .query(TopUp.class)
                .optional();
    }

    public TopUp get(long id) {
        return jdbc.sql(TOP_UP + "where id = :id")
                .param("id", id)
                .query(TopUp.class)
                .single();
    }

    public Optional<TopUp> find(String account, String reference) {
        return jdbc.sql(TOP_UP + "where account = :account and reference = :reference")
                .param("account", account)
                .param("reference", reference)
                .query(TopUp.class)
                .optional();
    }

    int declinedSince(String account, Instant since) {
        return jdbc.sql("""
                select count(*) from top_up
                 where account = :account and status in ('DECLINED', 'NEEDS_CUSTOMER') and claimed_at > :since""")
                .param("account", account)
                .param("since", Timestamp.from(since))
                .query(Integer.class)
                .single();
    }

    /** Whether the account has one of this id, as an intent at the provider names it. */
    public boolean knows(String id, String account) {
        return jdbc.sql("select exists (select from top_up where id::text = :id and account = :account)")
                .param("id", id)
                .param("account", account)
                .query(Boolean.class)
                .single();
    }

    public Optional<TopUp> ofIntent(String intent) {
        return jdbc.sql(TOP_UP + "where intent = :intent")
                .param("intent", intent)
                .query(TopUp.class)
                .optional();
    }

    /** Without those that a customer may still confirm. */
    Todo<TopUp> unresolved(Instant now) {
        return Todo.of(TopUp.class, TOP_UP + """
                where status in ('CLAIMED', 'UNKNOWN') and (return_url is null or claimed_at <= :abandoned)""").with("abandoned", Timestamp.from(now.minus(PaymentAttempt.ON_PAGE)));
    }

    /** Those that a customer has left without an answer to the bank. */
    List<TopUp> abandoned(Instant now) {
        return jdbc.sql(TOP_UP + """
                where status in ('CLAIMED', 'UNKNOWN') and return_url is not null and claimed_at <= :abandoned""")
                .param("abandoned", Timestamp.from(now.minus(PaymentAttempt.ON_PAGE)))
                .query(TopUp.class)
                .list();
    }

    public GoneBack goneBack(long id) {
        return jdbc.sql("select * from top_up_given_back join top_up_back using (top_up) where top_up = :id")
                .param("id", id)
                .query(GoneBack.class)
                .single();
    }

    @Transactional
    void created(long id, String intent) {
        int rows = jdbc.sql("""
                update top_up set intent = :intent
                 where id = :id and resolved_at is null and (intent is null or intent = :intent)""").param("intent", intent).param("id", id).update();
        // Who has resolved it meanwhile knew the intent.
        if (rows != 1 && !intent.equals(get(id).intent())) {
            throw new IllegalStateException("top-up " + id + " has another intent than " + intent);
        }
    }

    /** Keeps why the card was declined; the end is written when the intent is cancelled. */
    @Transactional
    void declined(long id, Decline decline) {
        jdbc.sql("""
                update top_up set decline_code = :code, advice_code = :advice, message = :message
                 where id = :id and resolved_at is null""")
                .param("code", decline.code())
                .param("advice", decline.advice())
                .param("message", decline.message())
                .param("id", id)
                .update();
    }

    @Transactional
    void unknown(long id, String why) {
        jdbc.sql("""
                update top_up set status = 'UNKNOWN', message = case when decline_code is null then :why else message end
                 where id = :id and resolved_at is null""").param("why", why).param("id", id).update();
    }

    @Transactional
    void succeeded(long id, String charge, long grant, Instant at) {
        jdbc.sql("""
                update top_up
                   set status = 'SUCCEEDED', charge = :charge, grant_id = :grant, decline_code = null, advice_code = null,
                       message = null, resolved_at = :at
                 where id = :id""")
                .param("charge", charge)
                .param("grant", grant)
                .param("at", Timestamp.from(at))
                .param("id", id)
                .update();
    }

    /** Ends one without a charge. */
    @Transactional
    void ended(long id, TopUp.Status status, @Nullable Decline decline, Instant at) {
        jdbc.sql("""
                update top_up
                   set status = :status, decline_code = :code, advice_code = :advice, message = :message, resolved_at = :at
                 where id = :id""")
                .param("status", status.name())
                .param("code", decline == null ? null : decline.code())
                .param("advice", decline == null ? null : decline.advice())
                .param("message", decline == null ? null : decline.message())
                .param("at", Timestamp.from(at))
                .param("id", id)
                .update();
    }
}
