package io.postpaid.keeping;

import io.postpaid.keeping.AlarmFinder.Found;
import io.postpaid.mail.PromptMail;
import io.postpaid.platform.calendar.BillingClock;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What is silent: found, kept while it lasts, and mailed to the operator once at its begin and once at its end. */
@Component
public class Alarms {
    private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);

    private final AlarmFinder finder;
    private final AlarmSettings settings;
    private final PromptMail mail;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final BillingClock clock;

    Alarms(
            AlarmFinder finder,
            AlarmSettings.Source settings,
            PromptMail mail,
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            BillingClock clock) {
        this.finder = finder;
        this.settings = settings.settings();
        this.mail = mail;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** @param endedAt null while it lasts */
    public record Alarm(
            long id,
            String kind,
            String subject,
            String detail,
            Instant beganAt,
            @Nullable Instant endedAt) {}

    /** Those that last, as they were found last. */
    public List<Alarm> open() {
        return alarms("ended_at is null");
    }

    /** What is silent at the moment, in words; nothing is kept or mailed. */
    public List<String> look() {
        return finder.find(settings).stream().map(Found::detail).toList();
    }

    /** Looks, keeps what has begun and ended, and mails it, once for all servers. */
    public void watch() {
        var found = finder.find(settings);
        transaction.executeWithoutResult(status -> keep(found));
        alarms("begin_mailed_at is null").forEach(alarm -> tell(alarm, "begin_mailed_at"));
        alarms("ended_at is not null and end_mailed_at is null").forEach(alarm -> tell(alarm, "end_mailed_at"));
    }

    private void keep(List<Found> found) {
        var now = Timestamp.from(clock.instant());
        var lasting = new HashSet<String>();
        for (var one : found) {
            lasting.add(one.kind() + "/" + one.subject());
            jdbc.sql("""
                            insert into alarm (kind, subject, detail, began_at) values (:kind, :subject, :detail, :now)
                                on conflict (kind, subject) where ended_at is null do update set detail = excluded.detail""")
                    .param("kind", one.kind())
                    .param("subject", one.subject())
                    .param("detail", one.detail())
                    .param("now", now)
                    .update();
        }
        jdbc.sql(
                        "update alarm set ended_at = greatest(began_at, cast(:now as timestamptz)) where ended_at is null and kind || '/' || subject <> all(:lasting)")
                .param("now", now)
                .param("lasting", lasting.toArray(String[]::new))
                .update();
    }

    /** Claimed before it is sent, so that two servers do not both; what no mail server takes is tried with the next look. */
    private void tell(Alarm alarm, String mailed) {
        boolean claimed = jdbc.sql("update alarm set " + mailed + " = :now where id = :id and " + mailed + " is null")
                        .param("now", Timestamp.from(clock.instant()))
                        .param("id", alarm.id())
                        .update()
                == 1;
        if (!claimed) return;
        boolean over = mailed.startsWith("end");
        if (over) LOG.info("Over: {}", alarm.detail());
        else LOG.warn("Alarm: {}", alarm.detail());
        var text = over
                ? "This alarm, which began at " + alarm.beganAt() + ", has ended: " + alarm.detail() + "."
                : alarm.detail()
                        + ". This is mailed once, and once more when it is over; ./postpaid doctor shows what lasts.";
        if (settings.mail().isEmpty() || mail.tell(settings.mail(), subject(alarm, over), text)) return;
        jdbc.sql("update alarm set " + mailed + " = null where id = :id")
                .param("id", alarm.id())
                .update();
    }

    /** A source may be called anything. */
    private static String subject(Alarm alarm, boolean over) {
        return (over ? "Over: " : "Alarm: ") + alarm.detail().replaceAll("\\p{Cntrl}", " ");
    }

    private List<Alarm> alarms(String which) {
        return jdbc.sql("select id, kind, subject, detail, began_at, ended_at from alarm where " + which
                        + " order by id")
                .query((row, i) -> new Alarm(
                        row.getLong("id"),
                        row.getString("kind"),
                        row.getString("subject"),
                        row.getString("detail"),
                        row.getTimestamp("began_at").toInstant(),
                        row.getTimestamp("ended_at") == null
                                ? null
                                : Objects.requireNonNull(row.getTimestamp("ended_at"))
                                        .toInstant()))
                .list();
    }
}
