package io.postpaid.usage.intake;

import io.postpaid.usage.admission.UsageStore;
import io.postpaid.usage.admission.Windows;
import io.postpaid.usage.format.LineBatch;
import io.postpaid.usage.format.RawLines;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.intake.ParsePipeline.Parsed;
import io.postpaid.usage.mapping.Layout;
import io.postpaid.usage.mapping.Mapping;
import io.postpaid.usage.mapping.Opened;
import io.postpaid.usage.record.OwnVoice;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Takes in records that are sent at once: all of them in one transaction, or nothing. */
@Component
public class SentUsage {
    /** The most records that are taken at once. */
    public static final int RECORDS_MAX = 10_000;

    private final DataSource database;
    private final InstantSource clock;
    private final Windows windows;

    public SentUsage(DataSource database, InstantSource clock, Windows windows) {
        this.database = database;
        this.clock = clock;
        this.windows = windows;
    }

    /** A record that the sender may not send; {@code record} counts from 1. */
    public static final class NotForSender extends RuntimeException {
        private final long record;

        NotForSender(long record, String why) {
            super(why, null, false, false);
            this.record = record;
        }

        public long record() {
            return record;
        }
    }

    /** More was sent at once than one transaction takes. */
    public static final class TooManyRecords extends RuntimeException {
        TooManyRecords() {
            super("more than " + RECORDS_MAX + " records were sent at once", null, false, false);
        }
    }

    /**
     * Takes in NDJSON, or what the mapping reads. It is kept like a file of this name, and sent again it is all duplicates.
     *
     * @param reporter the account whose own key sent it, and for which alone it speaks; null for an operator
     * @throws NotForSender before anything is kept, if a record is none that the account may report of itself
     * @throws TooManyRecords before anything is kept, if there are more lines than {@link #RECORDS_MAX}
     * @throws UnreadableUsage before anything is kept, if it cannot be read to its end
     */
    public IngestOutcome take(byte[] body, String name, @Nullable Mapping mapping, @Nullable String reporter) {
        try (var opened = open(body, name, mapping)) {
            var raw = opened.lines().next(RECORDS_MAX);
            boolean more = raw != null && opened.lines().next(1) != null;
            var torn = opened.lines().torn();
            if (torn != null) throw new UnreadableUsage("The body cannot be read: " + torn.getMessage(), torn);
            if (raw == null) return new IngestOutcome(name, 0, 0, 0, 0);
            if (more) throw new TooManyRecords();
            var parser = opened.layout().parser();
            for (int i = 0; reporter != null && i < raw.size(); i++) {
                var objection = OwnVoice.objection(reporter, raw.parse(i, parser));
                if (objection != null) throw new NotForSender(i + 1L, objection);
            }
            return take(opened.layout().by(reporter), raw);
        } catch (IOException e) {
            throw new UnreadableUsage("The body cannot be read: " + e.getMessage(), e);
        }
    }

    /** The same of NDJSON with usage records. */
    public IngestOutcome take(byte[] ndjson, String name, @Nullable String reporter) {
        return take(ndjson, name, null, reporter);
    }

    private static Opened open(byte[] body, String name, @Nullable Mapping mapping) throws IOException {
        var stream = new ByteArrayInputStream(body);
        return mapping != null
                ? Opened.stream(stream, name, mapping)
                : new Opened(new Layout(name, Mapping.Format.NDJSON, null, null, null), new RawLines(stream));
    }

    private IngestOutcome take(Layout layout, LineBatch raw) {
        try (var store = new UsageStore(database, clock, windows, false)) {
            var connection = store.connection();
            var log = new FileLog(connection.jdbc());
            var begun = connection.commit(() -> log.begin(layout, clock.instant()));
            var taken = FileLoad.write(store, begun, Parsed.of(raw, layout.parser(), begun.id()));
            connection.commit(() -> {
                log.end(taken, clock.instant());
                return true;
            });
            return taken.outcome();
        }
    }
}
