package io.postpaid.keeping;

import io.postpaid.platform.batch.Lateness;
import io.postpaid.platform.calendar.BillingClock;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Looks for what has fallen silent, or is about to be too late. */
@Component
class AlarmFinder {
    /** A source that sent on each of so many days in a row up to its last one, and on no day since. */
    private static final String FEEDS = """
            with last as (
                select source, max(seen_on) as last from usage_feed where seen_on > :today - 60 group by source
            )
            select l.source as subject,
                   format('usage from %s came every day up to %s, and none since', l.source, l.last) as detail
              from last l
             where l.last < :today - :silent
               and (select count(*) from usage_feed f
                     where f.source = l.source and f.seen_on > l.last - :usual and f.seen_on <= l.last) = :usual""";

    /** Charges since the last event, and none of theirs. */
    private static final String WEBHOOKS = """
            select 'stripe' as subject,
                   format('cards were charged since %s, and no event of it was delivered: look at the endpoint in Stripe''s dashboard',
                          to_char(h.at at time zone 'UTC', 'YYYY-MM-DD HH24:MI')) as detail
              from webhook_heard h
             where exists (select from payment_attempt
                            where resolved_at > h.at + interval '10 minutes' and resolved_at < :before and charge is not null)""";

    /** Cards whose last day comes before the next charge, in one alarm for each of these days. */
    private static final String CARDS = """
            select :charge::text as subject,
                   format('%s accounts have a card that expires before they are charged on %s: %s%s', count(*), :charge::date,
                          array_to_string((array_agg(id order by id))[1\\:10], ', '),
                          case when count(*) > 10 then ' and others' else '' end) as detail
              from account
             where payment_method is not null and erased_at is null
               and card_expires < :charge and card_expires >= :today and card_expires < :today + :days
            having count(*) > 0""";

    private static final String DISPUTES = """
            select id as subject,
                   format('the dispute %s of %s: evidence is taken until %s', id,
                          coalesce('invoice ' || (select number from invoice i where i.id = d.invoice), 'top-up ' || top_up),
                          to_char(evidence_due at time zone 'UTC', 'YYYY-MM-DD HH24:MI')) as detail
              from dispute d
             where status = 'UNDER_REVIEW' and evidence_due > :now and evidence_due < :soon""";

    private final JdbcClient jdbc;
    private final Lateness lateness;
    private final BillingClock clock;

    AlarmFinder(JdbcClient jdbc, Lateness lateness, BillingClock clock) {
        this.jdbc = jdbc;
        this.lateness = lateness;
        this.clock = clock;
    }

    /** Something that is silent. */
    record Found(String kind, String subject, String detail) {}

    private record Row(String subject, String detail) {}

    List<Found> find(AlarmSettings settings) {
        var now = clock.instant();
        var today = clock.today();
        var found = new ArrayList<Found>();
        lateness.of(now.minus(settings.schedule()))
                .forEach(late -> found.add(new Found("SCHEDULE", late.job(), late.told())));
        add(
                found,
                "FEED",
                jdbc.sql(FEEDS)
                        .param("today", today)
                        .param("silent", settings.feed().silent())
                        .param("usual", settings.feed().usual()));
        add(found, "WEBHOOKS", jdbc.sql(WEBHOOKS).param("before", Timestamp.from(now.minus(settings.webhooks()))));
        add(
                found,
                "CARDS",
                jdbc.sql(CARDS)
                        .param("charge", nextCharge(today))
                        .param("today", today)
                        .param("days", settings.cardDays()));
        add(
                found,
                "DISPUTE",
                jdbc.sql(DISPUTES)
                        .param("now", Timestamp.from(now))
                        .param("soon", Timestamp.from(now.plus(settings.dispute()))));
        return found;
    }

    private static LocalDate nextCharge(LocalDate today) {
        return today.withDayOfMonth(1).plusMonths(1);
    }

    private static void add(List<Found> found, String kind, JdbcClient.StatementSpec query) {
        query.query(Row.class).list().forEach(row -> found.add(new Found(kind, row.subject(), row.detail())));
    }
}
