package io.postpaid.web.console;

import java.util.List;
import java.util.Locale;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What waits for a person. */
@Component
@ConditionalOnWebApplication
class Waiting {
    /** From here on a count says only that there are more: nobody reads on, and counting all would take long. */
    private static final int COUNTED = 10_000;

    private final JdbcClient jdbc;

    Waiting(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One kind of it.
     *
     * @param count as it is shown
     * @param detail what an example of it is, or empty
     * @param page where to go on
     */
    record Kind(String name, String count, boolean some, String detail, String page) {}

    private record Counted(long n, String detail) {}

    List<Kind> kinds() {
        return List.of(
                kind("runs that failed", "/console/runs?failed=yes", """
                        select job || ' ' || date as detail from run
                         where latest and status <> 'COMPLETED' and ended_at is not null order by id desc"""),
                kind("alarms: silent, or soon too late", "/console", """
                        select detail from alarm where ended_at is null order by id"""),
                kind("held since a restore, until ./postpaid match --lift", "/console", """
                        select 'a backup of ' || taken_at as detail from restored where lifted_at is null"""),
                kind("held by a run", "/console/held", """
                        select concat_ws(', ', coalesce(account, item), reason) as detail
                          from held where resolved_at is null order by id desc"""),
                kind("usage records in quarantine", "/console/quarantine", """
                        select concat_ws(', ', reason, account) as detail
                          from usage_quarantine where released_at is null order by id desc"""),
                kind("charges, top-ups or refunds of unknown outcome", "/console/payments?status=UNKNOWN", """
                        select coalesce(message, '') as detail from payment_attempt where status = 'UNKNOWN'
                         union all select coalesce(message, '') from top_up where status = 'UNKNOWN'
                         union all select coalesce(message, '') from refund where status = 'UNKNOWN'"""),
                kind("mails that were not sent", "/console/mails?failed=yes", """
                        select coalesce(error, '') as detail
                          from notice n
                         where status in ('FAILED', 'UNKNOWN') and not is_erased(account)
                           and not exists (select from notice later
                                            where later.kind = n.kind and later.recipient = n.recipient and later.key = n.key || '/again-1')
                         order by id desc"""),
                kind("events that the receiver refused for days", "/console/events?state=GIVEN_UP", """
                        select type || ', ' || account as detail
                          from outgoing_event where state = 'GIVEN_UP' order by n desc"""),
                kind("event deliveries that are switched off", "/console/events", """
                        select off_because as detail from event_receiver where off_since is not null"""),
                kind("days of usage that have no price yet, or wait for the night", "/console/prices", """
                        select account || ', ' || product || ', ' || day as detail from unrated_day order by day"""),
                kind("requests for a higher limit", "/console/limits", """
                        select account || ', ' || amount as detail from limit_request where status = 'OPEN' order by id"""),
                kind("approvals by a second person", "/console/approvals", """
                        select account || ', ' || amount || ' ' || currency as detail from approval where status = 'WAITING' order by id"""),
                kind("disputes under review", "/console/payments?status=DISPUTED", """
                        select id || ', ' || amount as detail from dispute where status = 'UNDER_REVIEW' order by opened_at"""),
                kind("lines of bank statements", "/console/bank", """
                        select l.party || ', ' || l.amount || ' ' || l.currency as detail from bank_line l
                         where not exists (select from bank_match m where m.line = l.id) order by l.id"""));
    }

    /** @param which a query of this class, with a column detail */
    private Kind kind(String name, String page, String which) {
        var counted = jdbc.sql("""
                        with found as (select detail from (%s) one limit :most)
                        select count(*) as n, coalesce((select detail from found limit 1), '') as detail
                          from found""".formatted(which))
                .param("most", COUNTED)
                .query(Counted.class)
                .single();
        var count = counted.n() < COUNTED
                ? String.format(Locale.ROOT, "%,d", counted.n())
                : String.format(Locale.ROOT, "%,d+", COUNTED);
        return new Kind(name, count, counted.n() > 0, counted.detail(), page);
    }
}
