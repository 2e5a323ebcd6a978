package io.postpaid.usage;

import io.postpaid.usage.FileLog.Entry;
import io.postpaid.usage.RawLines.RawBatch;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Takes usage files in, batch by batch: what a batch says is either taken as a whole, with the file's tie-out, or not at
 * all. A file that was broken off goes on where it stopped when it is ingested again.
 */
@Component
public class Ingestion {
    /** Large enough that the order of keys pays within a batch, small enough that four of them fit into a small heap. */
    private static final int BATCH_LINES = 50_000;

    private final DataSource database;
    private final InstantSource clock;
    private final Period lateWindow;
    private final int batchLines;

    @Autowired
    public Ingestion(
            DataSource database, InstantSource clock, @Value("${postpaid.late-window:P90D}") String lateWindow) {
        this(database, clock, Period.parse(lateWindow), BATCH_LINES);
    }

    Ingestion(DataSource database, InstantSource clock, Period lateWindow, int batchLines) {
        this.database = database;
        this.clock = clock;
        this.lateWindow = lateWindow;
        this.batchLines = batchLines;
    }

    /**
     * Takes in what the file says that was not yet taken.
     *
     * @return the counts over the whole file, also if an earlier ingest had taken a part of it
     * @throws UnreadableUsage if the file cannot be read, or not to its end; what was whole before that end is taken
     */
    public IngestOutcome ingest(Path file, @Nullable Mapping mapping, Progress progress) {
        String name = String.valueOf(file.getFileName());
        try (var store = new UsageStore(database)) {
            Entry resumed = null;
            Layout layout;
            try (var lines = open(file)) {
                layout = Layout.of(name, lines, mapping);
                // Refused before anything is taken.
                var _ = layout.parser();
                resumed = resumable(store, file, layout, mapping);
            }
            try (var lines = open(file)) {
                Layout again = Layout.of(name, lines, mapping);
                Entry entry = resumed != null && skip(lines, resumed) ? resumed : begin(store, again);
                return take(store, again, entry, lines, progress, Files.size(file));
            }
        } catch (IOException e) {
            throw new UnreadableUsage("%s cannot be read: %s".formatted(file, e), e);
        }
    }

    /** Takes in a stream, which can't be gone back to: if it breaks off, it is sent again as a whole. */
    public IngestOutcome ingest(InputStream stream, String name, @Nullable Mapping mapping, Progress progress) {
        try (var store = new UsageStore(database);
                var lines = new RawLines(stream)) {
            var layout = Layout.of(name, lines, mapping);
            var _ = layout.parser();
            return take(store, layout, begin(store, layout), lines, progress, -1);
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

    private IngestOutcome take(
            UsageStore store, Layout layout, Entry begun, RawLines lines, Progress progress, long totalBytes) {
        Entry entry = begun;
        try (var pipeline = new ParsePipeline(lines, layout.parser(), begun.id(), batchLines)) {
            for (var parsed = pipeline.next(); parsed != null; parsed = pipeline.next()) {
                entry = write(store, entry, parsed);
                progress.reached(entry.lines(), parsed.raw().bytesRead(), totalBytes);
            }
        }
        IOException torn = lines.torn();
        if (torn != null) {
            throw new UnreadableUsage(
                    "%s breaks off after %d lines, which are taken (%s): ingest it again when it is whole"
                            .formatted(layout.file(), entry.lines(), torn.getMessage()),
                    torn);
        }
        Instant now = clock.instant();
        store.inTransaction(connection -> {
            FileLog.end(connection, begun.id(), now);
            return true;
        });
        return entry.outcome();
    }

    private Entry write(UsageStore store, Entry before, ParsePipeline.Parsed parsed) {
        KeyedBatch batch = parsed.batch();
        RawBatch raw = parsed.raw();
        Admission admission = store.admission(batch, clock.instant(), lateWindow);
        Verdict[] admitted = store.admit(batch, admission);
        return store.settle(admitted, (connection, verdicts) -> {
            store.take(batch, verdicts, admission);
            store.quarantine(batch, verdicts, raw::text);
            Entry after = before.plus(verdicts, raw.fingerprint());
            FileLog.advance(connection, before, after);
            return after;
        });
    }
}
