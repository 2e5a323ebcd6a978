package io.postpaid.payments.charging;

import io.postpaid.payments.stripe.Decline;
import io.postpaid.platform.batch.Todo;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Payment intents and attempts, and what there is to charge. */
@Component
public class AttemptStore {
    private static final String ATTEMPT = """
            select p.*, coalesce(p.charge, i.stripe_id) as stripe_id
              from payment_attempt p
              left join payment_intent i on i.invoice = p.invoice
            """;

    private final JdbcClient jdbc;

    AttemptStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * An invoice that may be tried.
     *
     * @param attempts how many there were when it was looked at: if there are more by now, somebody else took it up
     * @param retryDay the day of the policy that this try uses up
     */
    public record Candidate(
            long invoice,
            String number,
            String account,
            LocalDate period,
            int attempts,
            boolean hasCard,
            @Nullable Integer retryDay) {}

    public record IntentRow(long amountMinor, @Nullable String stripeId) {}

    /** Open invoices of a period that nobody has tried to charge. */
    public Todo<Candidate> untried(LocalDate period) {
        return Todo.of((row, i) -> candidate(row), """
                select i.id, i.number, i.account, i.period, coalesce((select max(n) from payment_attempt p where p.invoice = i.id), 0) as attempts,
                       a.payment_method is not null as has_card, cast(null as integer) as retry_day
                  from invoice i
                  join account a on a.id = i.account
                 where i.status = 'OPEN' and i.period = :period
                   and not exists (select from payment_attempt p where p.invoice = i.id and p.status <> 'NOT_EXECUTED')""").with("period", period);
    }

    /** The same of accounts that a month had to hold and that were billed by a night. */
    Todo<Candidate> untriedByNight() {
        return Todo.of((row, i) -> candidate(row), """
                select i.id, i.number, i.account, i.period,
                       coalesce((select max(n) from payment_attempt p where p.invoice = i.id), 0) as attempts,
                       a.payment_method is not null as has_card, cast(null as integer) as retry_day
                  from invoice i
                  join account a on a.id = i.account
                 where i.status = 'OPEN' and i.id in (select id from invoice_by_night)
                   and exists (select from run r
                                where r.job = 'monthly' and r.date = i.period and r.status = 'COMPLETED')
                   and not exists (select from payment_attempt p where p.invoice = i.id and p.status <> 'NOT_EXECUTED')
                   and (a.payment_method is not null
                        or not exists (select from notice n where n.kind = 'no-card' and n.key = i.number))""");
    }

    /**
     * Open invoices that are due to be tried again: the card has changed, there is one at last, the last try never
     * happened, or it may be retried and the latest day of the policy that has come is not used up. Earlier days that
     * were missed are not made up for.
     */
    Todo<Candidate> retryable(LocalDate today, List<Integer> retryDays) {
        return Todo.of((row, i) -> candidate(row), """
                select i.id, i.number, i.account, i.period, coalesce(last.n, 0) as attempts, true as has_card,
                       case when last.status = 'DECLINED_RETRYABLE' and last.payment_method = a.payment_method
                            then due.day end as retry_day
                  from invoice i
                  join account a on a.id = i.account
                  left join lateral (select n, status, payment_method, decline_code
                                       from payment_attempt p
                                      where p.invoice = i.id
                                      order by n desc
                                      limit 1) last on true
                  cross join lateral (select max(day) as day
                                        from unnest(cast(:days as integer[])) day
                                       where day <= :today - i.issued_on) due
                 where i.status = 'OPEN' and i.issued_on < :today
                   and a.payment_method is not null
                   and (last.n is null
                        or last.status = 'NOT_EXECUTED'
                        -- Such an amount is carried now, and once was not.
                        or (last.status = 'DECLINED_FOR_GOOD' and last.decline_code = 'amount_too_small')
                        or (last.status not in ('CLAIMED', 'UNKNOWN') and last.payment_method <> a.payment_method)
                        or (last.status = 'DECLINED_RETRYABLE' and due.day is not null
                            and not exists (select from dunning_step s
                                             where s.invoice = i.id and s.step = 'RETRY_' || due.day)))""")
                .with("today", today)
                .with("days", retryDays.toArray(Integer[]::new));
    }

    /** Everything that an account has open, the oldest first. */
    List<Candidate> openOf(String account) {
        return jdbc.sql("""
                select i.id, i.number, i.account, i.period, coalesce((select max(n) from payment_attempt p where p.invoice = i.id), 0) as attempts,
                       a.payment_method is not null as has_card, cast(null as integer) as retry_day
                  from invoice i
                  join account a on a.id = i.account
                 where i.status = 'OPEN' and i.account = :account
                 order by i.id""")
                .param("account", account)
                .query((row, i) -> candidate(row))
                .list();
    }

    private static Candidate candidate(ResultSet row) throws SQLException {
        return new Candidate(
                row.getLong("id"),
                row.getString("number"),
                row.getString("account"),
                row.getObject("period", LocalDate.class),
                row.getInt("attempts"),
                row.getBoolean("has_card"),
                row.getObject("retry_day", Integer.class));
    }

    public Todo<PaymentAttempt> unresolved() {
        return Todo.of((row, i) -> attempt(row), """
                select p.*, coalesce(p.charge, t.stripe_id) as stripe_id, i.account
                  from payment_attempt p
                  join invoice i on i.id = p.invoice
                  left join payment_intent t on t.invoice = p.invoice
                 where p.status in ('CLAIMED', 'UNKNOWN')""");
    }

    public Optional<PaymentAttempt> unresolvedOf(long invoice) {
        return attempts(ATTEMPT + "where p.status in ('CLAIMED', 'UNKNOWN') and p.invoice = :key", invoice).stream()
                .findFirst();
    }

    public List<PaymentAttempt> of(long invoice) {
        return attempts(ATTEMPT + "where p.invoice = :key order by p.n", invoice);
    }

    private List<PaymentAttempt> attempts(String sql, long key) {
        return jdbc.sql(sql).param("key", key).query((row, i) -> attempt(row)).list();
    }

    private static PaymentAttempt attempt(ResultSet row) throws SQLException {
        var resolved = row.getTimestamp("resolved_at");
        return new PaymentAttempt(
                row.getLong("id"),
                row.getLong("invoice"),
                row.getInt("n"),
                AttemptStatus.valueOf(row.getString("status")),
                row.getString("payment_method"),
                row.getLong("amount_minor"),
                row.getString("currency"),
                row.getString("stripe_id"),
                row.getString("decline_code"),
                row.getString("message"),
                row.getTimestamp("claimed_at").toInstant(),
                resolved == null ? null : resolved.toInstant());
    }

    /**
     * @return whether it is open and its intent has not succeeded yet, which it can do once; until the transaction ends
     *     nobody else can claim or settle it
     */
    public boolean lockOpen(long invoice) {
        return jdbc.sql("""
                select status = 'OPEN' and not exists (select from settlement s where s.invoice = i.id and s.kind = 'CARD')
                  from invoice i
                 where id = :invoice
                   for no key update""").param("invoice", invoice).query(Boolean.class).single();
    }

    public int count(long invoice) {
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

    /** Claims the next attempt. What the intent is created with is laid down with the first. */
    public PaymentAttempt claim(
            long invoice, int n, String paymentMethod, long amountMinor, String currency, Instant at) {
        long id = jdbc.sql("""
                with intent as (
                    insert into payment_intent (invoice, amount_minor) values (:invoice, :amount)
                        on conflict (invoice) do nothing)
                insert into payment_attempt (invoice, n, status, payment_method, amount_minor, currency, claimed_at)
                values (:invoice, :n, 'CLAIMED', :method, :amount, :currency, :at)
                returning id""")
                .param("invoice", invoice)
                .param("n", n)
                .param("method", paymentMethod)
                .param("amount", amountMinor)
                .param("currency", currency)
                .param("at", Timestamp.from(at))
                .query(Long.class)
                .single();
        return new PaymentAttempt(
                id,
                invoice,
                n,
                AttemptStatus.CLAIMED,
                paymentMethod,
                amountMinor,
                currency,
                null,
                null,
                null,
                at,
                null);
    }

    public IntentRow intent(long invoice) {
        return jdbc.sql("select amount_minor, stripe_id from payment_intent where invoice = :invoice")
                .param("invoice", invoice)
                .query((row, i) -> new IntentRow(row.getLong("amount_minor"), row.getString("stripe_id")))
                .single();
    }

    /** Whether an earlier attempt was on another amount, which the intent may still have. */
    boolean amountVaried(PaymentAttempt attempt) {
        return attempt.n() > 1
                && jdbc.sql("""
                        select exists (select from payment_attempt
                                        where invoice = :invoice and n < :n and amount_minor <> :amount)""")
                        .param("invoice", attempt.invoice())
                        .param("n", attempt.n())
                        .param("amount", attempt.amountMinor())
                        .query(Boolean.class)
                        .single();
    }

    public void created(long invoice, String stripeId) {
        int rows = jdbc.sql("""
                update payment_intent set stripe_id = :id
                 where invoice = :invoice and (stripe_id is null or stripe_id = :id)""").param("invoice", invoice).param("id", stripeId).update();
        if (rows != 1) throw new IllegalStateException("invoice " + invoice + " has another intent than " + stripeId);
    }

    /** @return false if somebody else has resolved it */
    public boolean resolve(
            PaymentAttempt attempt,
            AttemptStatus status,
            @Nullable String charge,
            @Nullable Decline decline,
            Instant at) {
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

    public void unknown(PaymentAttempt attempt, String why) {
        jdbc.sql("""
                update payment_attempt set status = 'UNKNOWN', message = :why
                 where id = :id and status in ('CLAIMED', 'UNKNOWN')""").param("why", why).param("id", attempt.id()).update();
    }

    /** The charges that earlier attempts of an invoice are known to have led to. */
    Set<String> chargesBefore(PaymentAttempt attempt) {
        return Set.copyOf(jdbc
                .sql("select charge from payment_attempt where invoice = :invoice and n < :n and charge is not null")
                .param("invoice", attempt.invoice())
                .param("n", attempt.n())
                .query(String.class)
                .list()
                .stream()
                .map(Objects::requireNonNull)
                .distinct()
                .toList());
    }

    public void lockAccount(String account) {
        jdbc.sql("select id from account where id = :account for no key update")
                .param("account", account)
                .query(String.class)
                .single();
    }

    boolean overdue(String account, LocalDate today, int suspensionDay) {
        return jdbc.sql("""
                select exists (select from invoice
                                where account = :account and status = 'OPEN' and issued_on + :days <= :today
                                  and not under_review(id))""")
                .param("account", account)
                .param("days", suspensionDay)
                .param("today", today)
                .query(Boolean.class)
                .single();
    }

    Todo<String> accountsWantingCards() {
        return Todo.accounts("select id as account from account where payment_method_wanted is not null");
    }

    /** The invoice that an intent was made for. */
    public Optional<Long> invoiceOf(String intent) {
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

    /** @return the same id, if the invoice is issued and belongs to the account */
    public Optional<Long> issued(long invoice, String account) {
        return jdbc.sql("select id from invoice where id = :invoice and account = :account and status <> 'DRAFT'")
                .param("invoice", invoice)
                .param("account", account)
                .query(Long.class)
                .optional();
    }
}
