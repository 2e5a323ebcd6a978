package io.postpaid.web.console;

import io.postpaid.platform.batch.Row;
import java.math.BigDecimal;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** All that happened to an account, the newest first: usage, credit, invoices, charges, mails, states, and who changed what. */
@Component
@ConditionalOnWebApplication
class AccountTimeline {
    private static final RowMapper<Moment> MOMENT = Row.to(Moment.class);

    private final JdbcClient jdbc;

    AccountTimeline(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param amount what it was about, in the account's currency, if it was about an amount */
    record Moment(
            Instant at, String kind, String text, @Nullable BigDecimal amount) {}

    List<Moment> before(String account, Instant at, int most) {
        return jdbc.sql("""
                        select at, kind, text, amount
                          from (
                            select at, lower(replace(event, '_', ' ')) as kind, detail as text, null::numeric as amount
                              from account_event where account = :account
                             union all
                            select day::timestamp at time zone 'UTC' + interval '1 day', 'usage', 'of ' || day, sum(amount)
                              from daily_cost where account = :account group by day
                             union all
                            select granted_at, 'credit', lower(kind) || ' credit' || coalesce(', until ' || expires_on, ''), amount
                              from credit_grant where account = :account
                             union all
                            select (i.issued_on::timestamp at time zone 'UTC'), 'invoice', i.number || ' for ' || to_char(i.period, 'YYYY-MM'), i.total
                              from invoice i where i.account = :account and i.number is not null
                             union all
                            select s.at, 'settled', i.number || ' by ' || lower(replace(s.kind, '_', ' ')) || ' ' || s.reference, s.amount
                              from invoice i join settlement s on s.invoice = i.id where i.account = :account
                             union all
                            select s.at, 'more than was open', i.number || ' by ' || lower(s.kind) || ' ' || s.reference, s.amount
                              from invoice i join surplus s on s.invoice = i.id where i.account = :account
                             union all
                            select at, 'transfer', reference, amount from account_payment where account = :account
                             union all
                            select at, 'sent back', reference || ': ' || reason, -amount from account_return where account = :account
                             union all
                            select p.claimed_at, 'charge', concat_ws(' ', i.number, lower(replace(p.status, '_', ' ')), p.decline_code), null
                              from invoice i join payment_attempt p on p.invoice = i.id where i.account = :account
                             union all
                            select c.issued_on::timestamp at time zone 'UTC', 'credit note', c.number || ' for ' || i.number || ': ' || c.reason, c.amount
                              from invoice i join credit_note c on c.invoice = i.id where i.account = :account
                             union all
                            select r.claimed_at, 'refund', concat_ws(' ', i.number, lower(r.status), r.reason), r.amount
                              from invoice i join refund r on r.invoice = i.id where i.account = :account
                             union all
                            select d.opened_at, 'dispute', concat_ws(' ', i.number, d.id, lower(replace(d.status, '_', ' '))), d.amount
                              from invoice i join dispute d on d.invoice = i.id where i.account = :account
                             union all
                            select claimed_at, 'top-up', reference || ' ' || lower(replace(status, '_', ' ')), total
                              from top_up where account = :account
                             union all
                            select issued_on::timestamp at time zone 'UTC', lower(replace(kind, '_', ' ')) || ' of a top-up', number, total
                              from top_up_document where account = :account
                             union all
                            select queued_at, 'mail', kind || ' to ' || recipient || ', ' || lower(status), null
                              from notice where account = :account
                             union all
                            select at, 'change', who || ': ' || replace(what, '_', ' ') || ' ' || item || ', '
                                       || left((select string_agg(k || ' ' || coalesce(before ->> k, '–') || ' → ' || coalesce(after ->> k, '–'), ', ' order by k)
                                                  from jsonb_object_keys(before || after) k), 400), null
                              from audit_told where account = :account
                          ) all_of_it
                         where at < :at
                         order by at desc, kind, text
                         limit :most""")
                .param("account", account)
                .param("at", Timestamp.from(at))
                .param("most", most)
                .query(MOMENT)
                .list();
    }
}
