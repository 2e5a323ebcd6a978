package io.postpaid.usage.intake;

import io.postpaid.usage.admission.Admission;
import io.postpaid.usage.admission.KeyedBatch;
import io.postpaid.usage.admission.UsageCopies;
import io.postpaid.usage.admission.UsageCopies.KeyTaken;
import io.postpaid.usage.admission.UsageCopies.MonthGone;
import io.postpaid.usage.admission.UsageStore;
import io.postpaid.usage.format.JsonLines;
import io.postpaid.usage.format.RawLines;
import io.postpaid.usage.format.RawLines.RawBatch;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.intake.FileLog.Entry;
import io.postpaid.usage.mapping.Layout;
import io.postpaid.usage.mapping.Mapping;
import io.postpaid.usage.record.OwnVoice;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.ParsedLine.Fact;
import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Takes usage files in, transaction by transaction: what one says is either taken as a whole, with the file's tie-out, or
 * not at all. Files are taken in bulk, and batch by batch from where a key was seen before. One that was broken off goes on
 * where it stopped when it is ingested again.
 */
@Component
public class Ingestion {
    /** Large enough that the order of keys pays within a batch, small enough that four of them fit into a small heap. */
    private static final int BATCH_LINES = 50_000;

    /** Keys are put in order when they are committed: small batches are read, written and forgotten while they are young. */
    private static final int BULK_BATCH_LINES = 16_000;

    /** What a crash can cost: about ten seconds of work, to be done again. */
    private static final int BULK_LINES = 1_000_000;

    /** The most records that are taken at once. */
    public static final int SENT_MAX = 10_000;

    private final DataSource database;
    private final InstantSource clock;
    private final Period lateWindow;
    private final Duration clockSkew;
    private final int batchLines;
    private final int bulkLines;

    @Autowired
    public Ingestion(
            DataSource database,
            InstantSource clock,
            @Value("${postpaid.late-window:P90D}") String lateWindow,
            @Value("${postpaid.clock-skew:PT5M}") String clockSkew) {
        this(database, clock, Period.parse(lateWindow), skew(clockSkew), BATCH_LINES, BULK_LINES);
    }

    Ingestion(
            DataSource database,
            InstantSource clock,
            Period lateWindow,
            Duration clockSkew,
            int batchLines,
            int bulkLines) {
        this.database = database;
        this.clock = clock;
        this.lateWindow = lateWindow;
        this.clockSkew = clockSkew;
        this.batchLines = batchLines;
        this.bulkLines = bulkLines;
    }

    /** How far the clocks of those who report usage may run ahead. */
    static Duration skew(String text) {
        var skew = Duration.parse(text);
        if (skew.isNegative() || skew.compareTo(Admission.TRIED_AGAIN) > 0) {
            throw new IllegalArgumentException("POSTPAID_CLOCK_SKEW must be from PT0S to PT1H, not " + text);
        }
        return skew;
    }

    /**
     * Takes in what the file says that was not yet taken.
     *
     * @return the counts over the whole file, also if an earlier ingest had taken a part of it
     * @throws UnreadableUsage if the file cannot be read, or not to its end; what was whole before that end is taken
     */
    public IngestOutcome ingest(Path file, @Nullable Mapping mapping, Progress progress) {
        String name = String.valueOf(file.getFileName());
        try (var store = new UsageStore(database, clockSkew).patient()) {
            boolean inBulk = true;
            while (true) {
                try {
                    return goOn(store, file, name, mapping, progress, inBulk);
                } catch (KeyTaken e) {
                    inBulk = false;
                } catch (MonthGone e) {
                    store.forgetMonths();
                }
            }
        } catch (IOException e) {
            throw new UnreadableUsage("%s cannot be read: %s".formatted(file, e), e);
        }
    }

    /** Takes in what was not yet committed: in bulk, or asking for each key whether it was seen before. */
    private IngestOutcome goOn(
            UsageStore store, Path file, String name, @Nullable Mapping mapping, Progress progress, boolean inBulk)
            throws IOException {
        Entry resumed;
        try (var lines = open(file)) {
            var layout = Layout.of(name, lines, mapping);
            // Refused before anything is taken.
            var _ = layout.parser();
            resumed = resumable(store, file, layout, mapping);
            if (resumed == null && layout.identifiesLines()) {
                refuseTaken(store, layout, lines);
            }
        }
        try (var lines = open(file)) {
            var layout = Layout.of(name, lines, mapping);
            Entry entry = resumed != null && skip(lines, resumed) ? resumed : begin(store, layout);
            return inBulk
                    ? takeInBulk(store, layout, entry, lines, progress, Files.size(file))
                    : take(store, layout, entry, lines, progress, Files.size(file), _ -> {});
        }
    }

    /** Lines that are known by all that is before them were taken, all of them, if the last one was. */
    private void refuseTaken(UsageStore store, Layout layout, RawLines lines) {
        RawBatch last = null;
        long count = 0;
        for (var batch = lines.next(batchLines); batch != null; batch = lines.next(batchLines)) {
            last = batch;
            count += batch.size();
        }
        if (last != null && lines.torn() == null && last.parse(last.size() - 1, layout.parser()) instanceof Fact fact) {
            refuseTaken(store, layout, fact.key(), count);
        }
    }

    private static void refuseTaken(UsageStore store, Layout layout, UUID lastKey, long count) {
        store.inTransaction(connection -> FileLog.taken(connection, lastKey, layout))
                .ifPresent(before -> {
                    throw new TakenBefore(layout.file(), before, count);
                });
    }

    /** Takes in a stream, which can't be gone back to: if it breaks off, it is sent again as a whole. */
    public IngestOutcome ingest(InputStream stream, String name, @Nullable Mapping mapping, Progress progress) {
        try (var store = new UsageStore(database, clockSkew).patient();
                var lines = new RawLines(stream)) {
            var layout = Layout.of(name, lines, mapping);
            var _ = layout.parser();
            var last = new AtomicReference<@Nullable UUID>();
            var outcome = take(store, layout, begin(store, layout), lines, progress, -1, last::set);
            var lastKey = last.get();
            if (layout.identifiesLines() && lastKey != null && outcome.duplicates() == outcome.lines()) {
                refuseTaken(store, layout, lastKey, outcome.lines());
            }
            return outcome;
        }
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
            super("more than " + SENT_MAX + " records were sent at once", null, false, false);
        }
    }

    /**
     * Takes in NDJSON that was sent at once: all of it in one transaction, or nothing. It is kept like a file of this name,
     * and sent again it is all duplicates.
     *
     * @param reporter the account whose own key sent it, and for which alone it speaks; null for an operator
     * @throws NotForSender before anything is kept, if a record is none that the account may report of itself
     * @throws TooManyRecords before anything is kept, if there are more than {@link #SENT_MAX}
     */
    public IngestOutcome take(byte[] ndjson, String name, @Nullable String reporter) {
        var layout = new Layout(name, Mapping.Format.NDJSON, null, null, reporter);
        try (var lines = new RawLines(new ByteArrayInputStream(ndjson))) {
            var raw = lines.next(count(ndjson));
            if (raw == null) return new IngestOutcome(name, 0, 0, 0, 0);
            if (lines.next(1) != null) throw new TooManyRecords();
            var parser = new JsonLines();
            var parsed = new ParsedLine[raw.size()];
            for (int i = 0; i < parsed.length; i++) {
                parsed[i] = raw.parse(i, parser);
                if (reporter == null) continue;
                var objection = OwnVoice.objection(reporter, parsed[i]);
                if (objection != null) throw new NotForSender(i + 1L, objection);
                parsed[i] = OwnVoice.of(reporter, parsed[i]);
            }
            return take(layout, raw, parsed);
        }
    }

    private static int count(byte[] ndjson) {
        int lines = 1;
        for (int i = 0; i < ndjson.length && lines < SENT_MAX; i++) if (ndjson[i] == '\n') lines++;
        return lines;
    }

    private IngestOutcome take(Layout layout, RawBatch raw, ParsedLine[] parsed) {
        try (var store = new UsageStore(database, clockSkew)) {
            var begun = begin(store, layout);
            var batch = new KeyedBatch(parsed.length);
            for (int i = 0; i < parsed.length; i++) batch.add(begun.id(), raw.number(i), parsed[i]);
            var taken = write(store, begun, new ParsePipeline.Parsed(raw, batch));
            var now = clock.instant();
            store.inTransaction(connection -> {
                FileLog.end(connection, begun.id(), now);
                return true;
            });
            return taken.outcome();
        }
    }

    private static RawLines open(Path file) throws IOException {
        return new RawLines(new FileInputStream(file.toFile()));
    }

    private Entry begin(UsageStore store, Layout layout) {
        return store.inTransaction(connection -> FileLog.begin(connection, layout.file(), layout, clock.instant()));
    }

    /** The latest unfinished ingest of what is the beginning of this file. Others are ended: their file is no more. */
    private @Nullable Entry resumable(UsageStore store, Path file, Layout layout, @Nullable Mapping mapping)
            throws IOException {
        Entry found = null;
        for (Entry entry : store.inTransaction(connection -> FileLog.unfinished(connection, layout.file(), layout))) {
            boolean free = store.inTransaction(
                    connection -> FileLog.lock(connection, entry.id()) && FileLog.current(connection, entry));
            if (!free) {
                continue;
            }
            try (var lines = open(file)) {
                Layout.of(layout.file(), lines, mapping);
                if (found == null && skip(lines, entry)) {
                    found = entry;
                } else {
                    store.inTransaction(connection -> {
                        FileLog.end(connection, entry.id(), clock.instant());
                        return true;
                    });
                }
            }
        }
        return found;
    }

    /** Passes over the lines that were taken; false when they are not the same. */
    private boolean skip(RawLines lines, Entry entry) {
        long fingerprint = 0;
        for (long left = entry.lines(); left > 0; ) {
            RawBatch batch = lines.next((int) Math.min(left, batchLines));
            if (batch == null) {
                return false;
            }
            left -= batch.size();
            fingerprint = batch.fingerprint();
        }
        return fingerprint == entry.fingerprint();
    }

    private IngestOutcome takeInBulk(
            UsageStore store, Layout layout, Entry begun, RawLines lines, Progress progress, long totalBytes) {
        int batch = Math.min(batchLines, BULK_BATCH_LINES);
        try (var pipeline = new ParsePipeline(lines, layout.parser(), begun.id(), batch);
                var bulk = new BulkLoad(database, begun, bulkLines)) {
            for (var parsed = pipeline.next(); parsed != null; parsed = pipeline.next()) {
                if (parsed.batch().corrects()) {
                    // What a correction takes back must be there, and its own key may have to be given back.
                    bulk.commit();
                    bulk.resume(write(store, bulk.reached(), parsed));
                } else {
                    if (bulk.endsBefore(parsed.batch())) {
                        bulk.commit();
                    }
                    if (bulk.isEmpty()) {
                        store.forgetAdmission();
                    }
                    Admission admission = store.admission(parsed.batch(), clock.instant(), lateWindow);
                    bulk.add(parsed, store.admit(parsed.batch(), admission, bulk::commit), admission);
                }
                progress.reached(bulk.reached().lines(), parsed.raw().bytesRead(), totalBytes);
            }
            bulk.commit();
            return end(store, layout, bulk.reached(), lines);
        }
    }

    private IngestOutcome take(
            UsageStore store,
            Layout layout,
            Entry begun,
            RawLines lines,
            Progress progress,
            long totalBytes,
            Consumer<@Nullable UUID> lastKey) {
        Entry entry = begun;
        try (var pipeline = new ParsePipeline(lines, layout.parser(), begun.id(), batchLines)) {
            for (var parsed = pipeline.next(); parsed != null; parsed = pipeline.next()) {
                entry = write(store, entry, parsed);
                lastKey.accept(parsed.batch().lastKey());
                progress.reached(entry.lines(), parsed.raw().bytesRead(), totalBytes);
            }
        }
        return end(store, layout, entry, lines);
    }

    private IngestOutcome end(UsageStore store, Layout layout, Entry entry, RawLines lines) {
        IOException torn = lines.torn();
        if (torn != null) {
            throw new UnreadableUsage(
                    "%s breaks off after %d lines, which are taken (%s): ingest it again when it is whole"
                            .formatted(layout.file(), entry.lines(), torn.getMessage()),
                    torn);
        }
        Instant now = clock.instant();
        store.inTransaction(connection -> {
            FileLog.end(connection, entry.id(), now);
            return true;
        });
        return entry.outcome();
    }

    private Entry write(UsageStore store, Entry before, ParsePipeline.Parsed parsed) {
        KeyedBatch batch = parsed.batch();
        RawBatch raw = parsed.raw();
        Admission admission = store.admission(batch, clock.instant(), lateWindow);
        return store.settle(() -> store.admit(batch, admission), (connection, verdicts) -> {
            store.take(batch, verdicts, admission);
            new UsageCopies(connection).quarantine(batch, verdicts, admission, raw);
            Entry after = before.plus(verdicts, raw.fingerprint());
            FileLog.advance(connection, before, after);
            return after;
        });
    }
}
