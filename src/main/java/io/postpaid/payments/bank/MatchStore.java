package io.postpaid.payments.bank;

import io.postpaid.platform.calendar.BillingClock;
import java.sql.Timestamp;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What lines are in the books. */
@Component
class MatchStore {
    /** A bank takes its time, and a weekend comes between. */
    private static final int DAYS_UNDER_WAY = 14;

    private static final String RECORDED = """
            select r.kind, r.reference
              from bank_recorded r
             where r.amount = :amount and r.currency = :currency
               and not exists (select from bank_match b where b.kind = r.kind and b.reference = r.reference and b.kind <> 'IGNORED')
            """;

    private final JdbcClient jdbc;
    private final BillingClock clock;

    MatchStore(JdbcClient jdbc, BillingClock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** What the books know money by. */
    record Booked(String kind, String reference) {}

    /** Money of the line's amount that was recorded by what the line calls itself, and is on no line yet. */
    Optional<Booked> recorded(BankLine line) {
        return recorded(line, "and r.reference = any(:of) order by r.kind, r.reference limit 1", new String[] {
            line.booking(),
            line.bankReference().isEmpty() ? line.booking() : line.bankReference(),
            line.reference().isEmpty() ? line.booking() : line.reference()
        });
    }

    Optional<Booked> recordedForInvoice(BankLine line, String number) {
        return recorded(line, "and r.invoice = :of order by r.reference limit 1", number);
    }

    Optional<Booked> recordedForAccount(BankLine line, String account) {
        return recorded(
                line,
                "and r.account = :of and r.invoice is null order by r.kind, length(r.reference), r.reference limit 1",
                account);
    }

    private Optional<Booked> recorded(BankLine line, String which, Object of) {
        return jdbc.sql(RECORDED + which)
                .param("amount", line.amount())
                .param("currency", line.currency())
                .param("of", of)
                .query(Booked.class)
                .optional();
    }

    /**
     * Payouts, or those that came back, which are of the line's amount and on no line yet.
     *
     * @param id of the payout or of its movement; null for all that may have arrived on the line's day
     */
    List<String> payouts(BankLine line, @Nullable String id) {
        return jdbc.sql("""
                        select m.id
                          from provider_movement m
                         where m.kind = 'payout' and m.gross = -:amount and m.currency = :currency
                           and (cast(:id as text) in (m.id, m.reference)
                                or cast(:id as text) is null
                                   and m.created_at >= cast(cast(:day as date) - :days as timestamp) at time zone 'UTC'
                                   and m.created_at < cast(cast(:day as date) + 1 as timestamp) at time zone 'UTC')
                           and not exists (select from bank_match b where b.kind = 'payout' and b.reference = m.id)
                         order by m.created_at, m.id""")
                .param("amount", line.amount())
                .param("currency", line.currency())
                .param("id", id)
                .param("day", line.bookedOn())
                .param("days", DAYS_UNDER_WAY)
                .query(String.class)
                .list();
    }

    /**
     * In a transaction, in which the audit log hears who acts.
     *
     * @return false if it was matched a moment ago, or the money is on another line
     */
    @Transactional
    boolean match(BankLine line, String kind, String reference) {
        return jdbc.sql("""
                                insert into bank_match (line, kind, reference, matched_at) values (:line, :kind, :reference, :at)
                                    on conflict do nothing""")
                        .param("line", line.id())
                        .param("kind", kind)
                        .param("reference", reference)
                        .param("at", Timestamp.from(clock.instant()))
                        .update()
                == 1;
    }

    /** A charge of the bank, or what it gives back; dated as the bank does. */
    void charge(BankLine line) {
        boolean taken = line.amount().signum() < 0;
        jdbc.sql("""
                        insert into company_posting (at, kind, debit, credit, amount, currency, reference)
                        values (in_open_month(:at), 'bank', :debit, :credit, :amount, :currency, :reference)
                            on conflict (kind, reference) do nothing""")
                .param("at", Timestamp.from(line.bookedOn().atStartOfDay().toInstant(ZoneOffset.UTC)))
                .param("debit", taken ? "PROVIDER_FEES" : "BANK")
                .param("credit", taken ? "BANK" : "PROVIDER_FEES")
                .param("amount", line.amount().abs())
                .param("currency", line.currency())
                .param("reference", line.booking())
                .update();
    }

    /** How a line was matched, if it was. */
    Optional<Booked> matched(long line) {
        return jdbc.sql("select kind, reference from bank_match where line = :line")
                .param("line", line)
                .query(Booked.class)
                .optional();
    }
}
