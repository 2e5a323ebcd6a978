package io.postpaid.usage.intake;

import io.postpaid.platform.audit.WhoActs;
import io.postpaid.usage.admission.BulkLoad;
import io.postpaid.usage.admission.Claim;
import io.postpaid.usage.admission.KeyTaken;
import io.postpaid.usage.admission.MonthGone;
import io.postpaid.usage.admission.UsageStore;
import io.postpaid.usage.admission.Windows;
import io.postpaid.usage.format.LineBatch;
import io.postpaid.usage.format.LineParser;
import io.postpaid.usage.format.Lines;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.intake.FileLog.Entry;
import io.postpaid.usage.mapping.Identity;
import io.postpaid.usage.mapping.Layout;
import io.postpaid.usage.mapping.Mapping;
import io.postpaid.usage.mapping.Opened;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.UUID;
import java.util.function.LongConsumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Takes usage files in, transaction by transaction: what one says is either taken as a whole, with the file's tie-out, or
 * not at all. Files are taken in bulk, and batch by batch from where a key was seen before. One that was broken off goes on
 * where it stopped when it is ingested again.
 */
@Component
public class Ingestion {
    private static final Logger LOG = LoggerFactory.getLogger(Ingestion.class);

    /** Large enough that the order of keys pays within a batch, small enough that four of them fit into a small heap. */
    private static final int BATCH_LINES = 50_000;

    /** Keys are put in order when they are committed: small batches are read, written and forgotten while they are young. */
    private static final int BULK_BATCH_LINES = 16_000;

    /** What a crash can cost: about ten seconds of work, to be done again. */
    private static final int BULK_LINES = 1_000_000;

    private static final int FIRST_LINES = 100;

    private final DataSource database;
    private final InstantSource clock;
    private final Windows windows;
    private final WhoActs who;
    private final int batchLines;
    private final int bulkLines;

    @Autowired
    public Ingestion(DataSource database, InstantSource clock, Windows windows, WhoActs who) {
        this(database, clock, windows, who, BATCH_LINES, BULK_LINES);
    }

    Ingestion(DataSource database, InstantSource clock, Windows windows, WhoActs who, int batchLines, int bulkLines) {
        this.database = database;
        this.clock = clock;
        this.windows = windows;
        this.who = who;
        this.batchLines = batchLines;
        this.bulkLines = bulkLines;
    }

    /**
     * Takes in what the file says that was not yet taken.
     *
     * @param progress gets the number of lines taken, after each batch
     * @return the counts over the whole file, also if an earlier ingest had taken a part of it
     * @throws UnreadableUsage if the file cannot be read, or not to its end; what was whole before that end is taken
     */
    public IngestOutcome ingest(Path file, @Nullable Mapping mapping, LongConsumer progress) {
        return ingest(UsageFile.of(file, mapping), progress);
    }

    IngestOutcome ingest(UsageFile file, LongConsumer progress) {
        try (var store = new UsageStore(database, clock, windows, true)) {
            boolean inBulk = true;
            while (true) {
                try {
                    return goOn(store, file, progress, inBulk);
                } catch (KeyTaken e) {
                    inBulk = false;
                } catch (MonthGone e) {
                    store.forgetMonths();
                }
            }
        } catch (IOException e) {
            throw UnreadableUsage.of(file.path(), e);
        }
    }

    /** The way of a file: what it is, how far it was taken before, and what it says behind that. */
    private IngestOutcome goOn(UsageStore store, UsageFile file, LongConsumer progress, boolean inBulk)
            throws IOException {
        Layout layout;
        Entry entry;
        try (var opened = file.open()) {
            layout = opened.layout();
            // Refused before anything is taken.
            var _ = layout.parser();
            entry = resumable(store, file, layout);
            if (entry == null && layout.identity() == Identity.POSITION) refuseTaken(store, opened);
        }
        try (var opened = file.open()) {
            if (entry == null || !skip(opened.lines(), entry)) entry = begin(store, layout);
            try (var load = new FileLoad(store, entry, inBulk ? new BulkLoad(database, entry.id()) : null, bulkLines)) {
                return take(store, opened, load, inBulk ? BULK_BATCH_LINES : BATCH_LINES, progress);
            }
        }
    }

    /** Takes in a stream, which can't be gone back to: if it breaks off, it is sent again as a whole. */
    public IngestOutcome ingest(InputStream stream, String name, @Nullable Mapping mapping, LongConsumer progress) {
        try (var store = new UsageStore(database, clock, windows, true);
                var opened = Opened.stream(stream, name, mapping)) {
            var layout = opened.layout();
            var _ = layout.parser();
            try (var load = new FileLoad(store, begin(store, layout), null, 0)) {
                var outcome = take(store, opened, load, BATCH_LINES, progress);
                if (layout.identity() == Identity.POSITION
                        && outcome.duplicates() + outcome.leftOut() == outcome.lines()) {
                    refuseTaken(store, layout, load.lastKey(), outcome.lines());
                }
                return outcome;
            }
        } catch (IOException e) {
            throw new UnreadableUsage("%s cannot be read: %s".formatted(name, e.getMessage()), e);
        }
    }

    private static FileLog log(UsageStore store) {
        return new FileLog(store.connection().jdbc());
    }

    private Entry begin(UsageStore store, Layout layout) {
        return store.connection().commit(() -> {
            who.say(store.connection().jdbc());
            return log(store).begin(layout, clock.instant());
        });
    }

    /** The latest unfinished ingest of what is the beginning of this file. Others are ended: their file is no more. */
    private @Nullable Entry resumable(UsageStore store, UsageFile file, Layout layout) throws IOException {
        Entry found = null;
        for (Entry entry : store.connection().commit(() -> log(store).unfinished(layout))) {
            if (!store.connection().commit(() -> log(store).lock(entry))) continue;
            try (var opened = file.open()) {
                if (found == null && skip(opened.lines(), entry)) {
                    found = entry;
                } else {
                    end(store, entry);
                }
            }
        }
        return found;
    }

    /** Passes over the lines that were taken; false when they are not the same. */
    private boolean skip(Lines lines, Entry entry) {
        long fingerprint = 0;
        for (long left = entry.lines(); left > 0; ) {
            LineBatch batch = lines.next((int) Math.min(left, batchLines));
            if (batch == null) return false;
            left -= batch.size();
            fingerprint = batch.fingerprint();
        }
        return fingerprint == entry.fingerprint();
    }

    /** Lines that are known by all that is before them were taken, all of them, if the last one was. */
    private void refuseTaken(UsageStore store, Opened opened) {
        UUID last = null;
        long count = 0;
        var parser = opened.layout().parser();
        for (var batch = opened.lines().next(FIRST_LINES);
                batch != null;
                batch = opened.lines().next(batchLines)) {
            if (last == null && beginsAnew(store, batch, parser, opened.layout())) return;
            UUID inBatch = lastKey(batch, parser);
            last = inBatch == null ? last : inBatch;
            count += batch.size();
        }
        if (opened.lines().torn() == null) refuseTaken(store, opened.layout(), last, count);
    }

    /** Where the first line that states usage was never met, none behind it was taken: there is no need to look at the last. */
    private static boolean beginsAnew(UsageStore store, LineBatch batch, LineParser parser, Layout layout) {
        for (int i = 0; i < batch.size(); i++) {
            UUID key = new Claim(0, 0, batch.parse(i, parser)).keyIfAny();
            if (key == null) continue;
            long line = batch.number(i);
            var id = batch.id(i);
            return !store.connection().commit(() -> log(store).met(key, line, id, layout));
        }
        return false;
    }

    private static @Nullable UUID lastKey(LineBatch batch, LineParser parser) {
        for (int i = batch.size() - 1; i >= 0; i--) {
            UUID key = new Claim(0, 0, batch.parse(i, parser)).keyIfAny();
            if (key != null) return key;
        }
        return null;
    }

    private static void refuseTaken(UsageStore store, Layout layout, @Nullable UUID lastKey, long count) {
        if (lastKey == null) return;
        store.connection().commit(() -> log(store).taken(lastKey, layout)).ifPresent(before -> {
            throw new TakenBefore(layout.file(), before, count);
        });
    }

    private IngestOutcome take(UsageStore store, Opened opened, FileLoad load, int most, LongConsumer progress) {
        long file = load.reached().id();
        var layout = opened.layout();
        try (var pipeline = new ParsePipeline(opened.lines(), layout.parser(), file, Math.min(batchLines, most))) {
            for (var parsed = pipeline.next(); parsed != null; parsed = pipeline.next()) {
                load.add(parsed);
                progress.accept(load.reached().lines());
            }
            load.commit();
        }
        Entry entry = load.reached();
        IOException torn = opened.lines().torn();
        if (torn != null) throw new BrokenOff(entry.outcome(), torn);
        if (layout.identity() != Identity.OWN && opened.lines().endsOpen()) {
            LOG.warn(
                    "{} ends without a line break. Its last line is taken as it stands: if it was cut off, the whole line is other usage",
                    layout.file());
        }
        end(store, entry);
        return entry.outcome();
    }

    private void end(UsageStore store, Entry entry) {
        store.connection().commit(() -> {
            log(store).end(entry, clock.instant());
            return true;
        });
    }
}
