package io.postpaid.payments.charging;

import io.postpaid.platform.batch.Todo;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The cards that there are to attach, and the invoices to charge to them. */
@Component
class CandidateStore {
    private static final String CANDIDATE = """
            select i.id, i.id as invoice, i.number, i.account, i.period, a.payment_method is not null as hasCard,
                   coalesce((select max(n) from payment_attempt p where p.invoice = i.id), 0) as attempts,
                   cast(null as integer) as retryDay
              from invoice i
              join account a on a.id = i.account
             where i.status = 'OPEN'
            """;

    private static final String UNTRIED = CANDIDATE + """
               and not exists (select from payment_attempt p
                                where p.invoice = i.id and p.status <> 'NOT_EXECUTED'
                                  and not (p.status = 'NEEDS_CUSTOMER' and p.return_url is not null))
            """;

    private final JdbcClient jdbc;

    CandidateStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * An invoice that may be tried.
     *
     * @param attempts how many there were when it was looked at: if there are more by now, somebody else took it up
     * @param retryDay the day of the policy that this try uses up
     */
    record Candidate(
            long invoice,
            String number,
            String account,
            LocalDate period,
            int attempts,
            boolean hasCard,
            @Nullable Integer retryDay) {

        /** The invoice of a claim behind its attempt. */
        static Candidate behind(Claims.Claim claim) {
            var invoice = claim.invoice();
            return new Candidate(
                    invoice.id(),
                    invoice.issuedNumber(),
                    invoice.account(),
                    invoice.period().firstDay(),
                    claim.attempt().n(),
                    true,
                    null);
        }

        /** The same behind one more attempt, which has used up the day. */
        Candidate again() {
            return new Candidate(invoice, number, account, period, attempts + 1, hasCard, null);
        }
    }

    /** Open invoices of a period that nobody has tried to charge. */
    Todo<Candidate> untried(LocalDate period) {
        return Todo.of(Candidate.class, UNTRIED + "and i.period = :period").with("period", period);
    }

    /** The same of accounts that a month had to hold and that were billed by a night. */
    Todo<Candidate> untriedByNight() {
        return Todo.of(Candidate.class, UNTRIED + """
                   and i.id in (select id from invoice_by_night)
                   and exists (select from run r
                                where r.job = 'monthly' and r.date = i.period and r.status = 'COMPLETED')
                   and (a.payment_method is not null
                        or not exists (select from notice n where n.kind = 'no-card' and n.key = i.number))""");
    }

    /** One invoice of an account, if it is open. */
    Optional<Candidate> open(String account, long invoice) {
        return jdbc.sql(CANDIDATE + "and i.account = :account and i.id = :invoice")
                .param("account", account)
                .param("invoice", invoice)
                .query(Candidate.class)
                .optional();
    }

    /** Everything that an account has open, the oldest first. */
    List<Candidate> openOf(String account) {
        return jdbc.sql(CANDIDATE + "and i.account = :account order by i.id")
                .param("account", account)
                .query(Candidate.class)
                .list();
    }

    /**
     * Open invoices that are due to be tried again: the card has changed, there is one at last, the last try never
     * happened, or it may be retried and the latest day of the policy that has come is not used up. Earlier days that
     * were missed are not made up for.
     */
    Todo<Candidate> retryable(LocalDate today, List<Integer> retryDays) {
        return Todo.of(Candidate.class, """
                select i.id, i.id as invoice, i.number, i.account, i.period, true as hasCard,
                       coalesce((select max(n) from payment_attempt p where p.invoice = i.id), 0) as attempts,
                       case when last.status = 'DECLINED_RETRYABLE' and last.payment_method = a.payment_method
                            then due.day end as retryDay
                  from invoice i
                  join account a on a.id = i.account
                  left join lateral (select n, status, payment_method, decline_code
                                       from payment_attempt p
                                      where p.invoice = i.id
                                        -- A customer who leaves the page of a bank does not end what runs would try.
                                        and not (p.status in ('NEEDS_CUSTOMER', 'NOT_EXECUTED') and p.return_url is not null)
                                      order by n desc
                                      limit 1) last on true
                  cross join lateral (select max(day) as day
                                        from unnest(cast(:days as integer[])) day
                                       where day <= :today - i.issued_on) due
                 where i.status = 'OPEN' and i.issued_on < :today and is_owed(i)
                   and a.payment_method is not null
                   and (last.n is null
                        or last.status = 'NOT_EXECUTED'
                        -- Such an amount is carried now, and once was not.
                        or (last.status = 'DECLINED_FOR_GOOD' and last.decline_code = 'amount_too_small')
                        or (last.status not in ('CLAIMED', 'UNKNOWN') and last.payment_method <> a.payment_method)
                        or (last.status = 'DECLINED_RETRYABLE' and due.day is not null
                            and not exists (select from dunning_step s
                                             where s.invoice = i.id and s.step = 'RETRY_' || due.day)))""").with("today", today).with("days", retryDays.toArray(Integer[]::new));
    }

    Todo<String> accountsWithStaleCustomer() {
        return Todo.accounts("select id as account from account where customer_stale");
    }

    Todo<String> accountsWantingCards() {
        return Todo.accounts("select id as account from account where payment_method_wanted is not null");
    }
}
