package io.postpaid.usage.intake;

import io.postpaid.usage.admission.Claim;
import io.postpaid.usage.format.LineBatch;
import io.postpaid.usage.format.LineParser;
import io.postpaid.usage.format.Lines;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Reads and parses a few batches ahead of its reader, in the order of the file. */
final class ParsePipeline implements AutoCloseable {
    private static final int AHEAD = 2;

    /**
     * Lines as they stand in the file, and what they say.
     *
     * @param corrects whether a line takes another back
     */
    record Parsed(LineBatch raw, List<Claim> claims, boolean corrects) {
        static Parsed of(LineBatch raw, LineParser parser, long file) {
            var claims = new ArrayList<Claim>(raw.size());
            boolean corrects = false;
            for (int i = 0; i < raw.size(); i++) {
                var claim = new Claim(file, raw.number(i), raw.parse(i, parser));
                corrects |= claim.corrects();
                claims.add(claim);
            }
            return new Parsed(raw, claims, corrects);
        }

        /** Of the last line that states usage; null when none does. */
        @Nullable
        UUID lastKey() {
            for (Claim claim : claims.reversed()) if (claim.keyIfAny() != null) return claim.keyIfAny();
            return null;
        }
    }

    private final Lines lines;
    private final LineParser parser;
    private final long file;
    private final int batchLines;
    private final ArrayDeque<Future<@Nullable Parsed>> ahead = new ArrayDeque<>();
    private final ExecutorService reader = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("usage-reader").factory());

    ParsePipeline(Lines lines, LineParser parser, long file, int batchLines) {
        this.lines = lines;
        this.parser = parser;
        this.file = file;
        this.batchLines = batchLines;
        for (int i = 0; i < AHEAD; i++) ahead.add(reader.submit(this::read));
    }

    private @Nullable Parsed read() {
        LineBatch raw = lines.next(batchLines);
        return raw == null ? null : Parsed.of(raw, parser, file);
    }

    /** Null at the end of the file. */
    @Nullable
    Parsed next() {
        try {
            ahead.add(reader.submit(this::read));
            return ahead.remove().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("The ingest was interrupted; ingest again to go on");
        } catch (ExecutionException e) {
            throw new IllegalStateException("The file could not be parsed: " + e.getCause(), e.getCause());
        }
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }
}
