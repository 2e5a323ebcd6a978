package io.postpaid.payments.charging;

import io.postpaid.payments.charging.PaymentAttempt.Status;
import io.postpaid.payments.stripe.Decline;
import io.postpaid.platform.batch.Todo;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Payment intents and attempts. */
@Component
public class AttemptStore {
    private static final String ATTEMPT = """
            select p.*, coalesce(p.charge, t.stripe_id) as stripe_id, i.account
              from payment_attempt p
              join invoice i on i.id = p.invoice
              left join payment_intent t on t.invoice = p.invoice and t.n = p.intent
            """;

    private static final String UNNEEDED =
            "select invoice as id, invoice, stripe_id, number, account from payment_intent_unneeded";
    private static final int AT_ONCE = 1_000;

    private final JdbcClient jdbc;

    AttemptStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** An intent of an invoice: what it is created with, and its id once that is known. */
    record IntentRow(long amountMinor, @Nullable String stripeId) {}

    /** Without those at which a customer is at work. */
    Todo<PaymentAttempt> unresolved(Instant now) {
        return Todo.of(PaymentAttempt.class, ATTEMPT + """
                where p.status in ('CLAIMED', 'UNKNOWN') and (p.return_url is null or p.claimed_at <= :abandoned)""")
                .with("abandoned", Timestamp.from(now.minus(PaymentAttempt.ON_PAGE)));
    }

    /** Those of pages that customers have left. */
    List<PaymentAttempt> abandoned(Instant now) {
        return jdbc.sql(ATTEMPT + """
                where p.status in ('CLAIMED', 'UNKNOWN') and p.return_url is not null and p.claimed_at <= :abandoned""")
                .param("abandoned", Timestamp.from(now.minus(PaymentAttempt.ON_PAGE)))
                .query(PaymentAttempt.class)
                .list();
    }

    public Optional<PaymentAttempt> unresolvedOf(long invoice) {
        return jdbc.sql(ATTEMPT + "where p.status in ('CLAIMED', 'UNKNOWN') and p.invoice = :invoice")
                .param("invoice", invoice)
                .query(PaymentAttempt.class)
                .optional();
    }

    List<PaymentAttempt> of(long invoice) {
        return jdbc.sql(ATTEMPT + "where p.invoice = :invoice order by p.n")
                .param("invoice", invoice)
                .query(PaymentAttempt.class)
                .list();
    }

    /**
     * @return whether it is open and none of its intents has succeeded, which one can do once; until the transaction ends
     *     nobody else can claim or settle it
     */
    public boolean lockOpen(long invoice) {
        return jdbc.sql("""
                select status = 'OPEN'
                       and not exists (select from settlement s where s.invoice = i.id and s.kind = 'CARD')
                       and not exists (select from surplus s where s.invoice = i.id and s.kind = 'CARD')
                  from invoice i
                 where id = :invoice
                   for no key update""").param("invoice", invoice).query(Boolean.class).single();
    }

    int count(long invoice) {
        return jdbc.sql("select coalesce(max(n), 0) from payment_attempt where invoice = :invoice")
                .param("invoice", invoice)
                .query(Integer.class)
                .single();
    }

    /** @return false if the day was used up before */
    boolean takeRetry(long invoice, int day, LocalDate today) {
        return jdbc.sql("""
                insert into dunning_step (invoice, step, taken_on) values (:invoice, 'RETRY_' || :day, :today)
                    on conflict do nothing""")
                        .param("invoice", invoice)
                        .param("day", Integer.toString(day))
                        .param("today", today)
                        .update()
                == 1;
    }

    /**
     * Claims the next attempt, on the invoice's intent that is not cancelled. Where there is none, its row is written with what it
     * will be created with.
     */
    PaymentAttempt claim(
            long invoice,
            int n,
            String paymentMethod,
            long amountMinor,
            String currency,
            @Nullable String returnUrl,
            Instant at) {
        return jdbc.sql("""
                with live as (
                    select n from payment_intent where invoice = :invoice and status = 'LIVE'
                ), made as (
                    insert into payment_intent (invoice, n, amount_minor)
                    select :invoice, 1 + coalesce((select max(n) from payment_intent where invoice = :invoice), 0), :amount
                     where not exists (select from live)
                    returning n)
                insert into payment_attempt (invoice, n, intent, status, payment_method, amount_minor, currency, return_url,
                                             claimed_at)
                select :invoice, :n, intent.n, 'CLAIMED', :method, :amount, :currency, :return_url, :at
                  from (select n from live union all select n from made) intent
                returning *, cast(null as text) as stripe_id""")
                .param("invoice", invoice)
                .param("n", n)
                .param("method", paymentMethod)
                .param("amount", amountMinor)
                .param("currency", currency)
                .param("return_url", returnUrl)
                .param("at", Timestamp.from(at))
                .query(PaymentAttempt.class)
                .single();
    }

    IntentRow intent(PaymentAttempt attempt) {
        return jdbc.sql("select amount_minor, stripe_id from payment_intent where invoice = :invoice and n = :n")
                .param("invoice", attempt.invoice())
                .param("n", attempt.intent())
                .query(IntentRow.class)
                .single();
    }

    /** Whether an earlier attempt was on another amount, which the intent may still have. */
    boolean amountVaried(PaymentAttempt attempt) {
        return attempt.n() > 1
                && jdbc.sql("""
                        select exists (select from payment_attempt
                                        where invoice = :invoice and intent = :intent and n < :n and amount_minor <> :amount)""")
                        .param("invoice", attempt.invoice())
                        .param("intent", attempt.intent())
                        .param("n", attempt.n())
                        .param("amount", attempt.amountMinor())
                        .query(Boolean.class)
                        .single();
    }

    void created(PaymentAttempt attempt, String stripeId) {
        jdbc.sql("""
                update payment_intent set stripe_id = :id
                 where invoice = :invoice and n = :n and stripe_id is null""")
                .param("invoice", attempt.invoice())
                .param("n", attempt.intent())
                .param("id", stripeId)
                .update();
        // Somebody else may have been faster.
        if (!stripeId.equals(intent(attempt).stripeId())) {
            throw new IllegalStateException("invoice " + attempt.invoice() + " has another intent than " + stripeId);
        }
    }

    /** Remembers that an intent has paid the invoice, so that there is no other any more. */
    void succeeded(long invoice, String stripeId) {
        jdbc.sql("""
                update payment_intent set status = 'SUCCEEDED', stripe_id = :id
                 where invoice = :invoice and status = 'LIVE' and (stripe_id is null or stripe_id = :id)""").param("invoice", invoice).param("id", stripeId).update();
    }

    /** Remembers that an intent can never pay any more; the next attempt makes its successor. */
    void canceled(String stripeId) {
        jdbc.sql("update payment_intent set status = 'CANCELED' where stripe_id = :id and status = 'LIVE'")
                .param("id", stripeId)
                .update();
    }

    /** Whether an intent of an invoice may still be tried, as far as is known. */
    boolean live(String stripeId) {
        return jdbc.sql("select exists (select from payment_intent where stripe_id = :id and status = 'LIVE')")
                .param("id", stripeId)
                .query(Boolean.class)
                .single();
    }

    /** The intents that could still take money which is not owed. */
    Todo<UnneededIntent> unneeded() {
        return Todo.of(UnneededIntent.class, UNNEEDED);
    }

    List<UnneededIntent> unneededNow() {
        return jdbc.sql(UNNEEDED + " order by invoice limit :most")
                .param("most", AT_ONCE)
                .query(UnneededIntent.class)
                .list();
    }

    /** An intent whose invoice was settled in another way. */
    record UnneededIntent(long invoice, String stripeId, String number, String account) {}

    /** @return false if somebody else has resolved it */
    boolean resolve(
            PaymentAttempt attempt, Status status, @Nullable String charge, @Nullable Decline decline, Instant at) {
        return jdbc.sql("""
                update payment_attempt
                   set status = :status, charge = :charge, decline_code = :code, advice_code = :advice, message = :message,
                       resolved_at = :at
                 where id = :id and status in ('CLAIMED', 'UNKNOWN')""")
                        .param("status", status.name())
                        .param("charge", charge)
                        .param("code", decline == null ? null : decline.code())
                        .param("advice", decline == null ? null : decline.advice())
                        .param("message", decline == null ? null : decline.message())
                        .param("at", Timestamp.from(at))
                        .param("id", attempt.id())
                        .update()
                == 1;
    }

    /** To be called before the customer gets the address. */
    void atBank(PaymentAttempt attempt) {
        jdbc.sql("update payment_attempt set at_bank = true where id = :id and status in ('CLAIMED', 'UNKNOWN')")
                .param("id", attempt.id())
                .update();
    }

    /** How many times a page has tried an invoice since a moment. */
    int onPageSince(long invoice, Instant since) {
        return jdbc.sql("""
                select count(*) from payment_attempt
                 where invoice = :invoice and return_url is not null and claimed_at > :since""")
                .param("invoice", invoice)
                .param("since", Timestamp.from(since))
                .query(Integer.class)
                .single();
    }

    void unknown(PaymentAttempt attempt, String why) {
        jdbc.sql("""
                update payment_attempt set status = 'UNKNOWN', message = :why
                 where id = :id and status in ('CLAIMED', 'UNKNOWN')""").param("why", why).param("id", attempt.id()).update();
    }

    /** Whether a failure is the end of an attempt: none of the earlier ones is known to have had it. */
    boolean endedBy(PaymentAttempt attempt, @Nullable Decline failure) {
        return failure != null
                && jdbc.sql("""
                        select not exists (select from payment_attempt
                                            where invoice = :invoice and intent = :intent and n < :n
                                              and (cast(:charge as text) is null or charge = :charge))""")
                        .param("invoice", attempt.invoice())
                        .param("intent", attempt.intent())
                        .param("n", attempt.n())
                        .param("charge", failure.charge())
                        .query(Boolean.class)
                        .single();
    }

    /** The invoice that an intent was made for. */
    Optional<Long> invoiceOf(String intent) {
        return jdbc.sql("select invoice from payment_intent where stripe_id = :intent")
                .param("intent", intent)
                .query(Long.class)
                .optional();
    }

    /** The invoice that was paid by an intent. */
    public Optional<Long> invoicePaidBy(String intent) {
        return jdbc.sql("""
                select invoice from settlement where kind = 'CARD' and reference = :intent
                 union
                select invoice from surplus where kind = 'CARD' and reference = :intent""").param("intent", intent).query(Long.class).optional();
    }

    /** The intent that an invoice was paid by. */
    public Optional<String> intentPaying(long invoice) {
        return jdbc.sql("""
                select reference from settlement where kind = 'CARD' and invoice = :invoice
                 union
                select reference from surplus where kind = 'CARD' and invoice = :invoice
                 limit 1""").param("invoice", invoice).query(String.class).optional();
    }

    /** Whether the payment of an invoice is disputed. */
    public boolean underReview(long invoice) {
        return jdbc.sql("select under_review(:invoice)")
                .param("invoice", invoice)
                .query(Boolean.class)
                .single();
    }

    /** @return the same id, if the invoice is issued and belongs to the account */
    Optional<Long> issued(long invoice, String account) {
        return jdbc.sql("select id from invoice where id = :invoice and account = :account and status <> 'DRAFT'")
                .param("invoice", invoice)
                .param("account", account)
                .query(Long.class)
                .optional();
    }
}
