package io.postpaid.usage.intake;

import io.postpaid.usage.admission.KeyedBatch;
import io.postpaid.usage.format.LineParser;
import io.postpaid.usage.format.RawLines;
import io.postpaid.usage.format.RawLines.RawBatch;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reads and parses ahead of whoever takes the batches, a few batches and no more. One thread reads, others parse; the
 * batches come out in the order of the file.
 */
final class ParsePipeline implements AutoCloseable {
    private static final int PARSERS = Math.clamp(Runtime.getRuntime().availableProcessors() - 1, 1, 4);

    /** Lines as they stand in the file, and what they say. */
    record Parsed(RawBatch raw, KeyedBatch batch) {}

    private final BlockingQueue<Future<@Nullable Parsed>> ahead = new ArrayBlockingQueue<>(PARSERS);
    private final ExecutorService reader = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("usage-reader").factory());
    private final ExecutorService parsers = Executors.newFixedThreadPool(
            PARSERS, Thread.ofPlatform().daemon().name("usage-parser-", 1).factory());

    ParsePipeline(RawLines lines, LineParser parser, long file, int batchLines) {
        reader.execute(() -> {
            try {
                try {
                    for (var raw = lines.next(batchLines); raw != null; raw = lines.next(batchLines)) {
                        RawBatch each = raw;
                        ahead.put(parsers.submit(() -> parsed(each, parser, file)));
                    }
                    ahead.put(CompletableFuture.completedFuture(null));
                } catch (RuntimeException | Error e) {
                    ahead.put(CompletableFuture.failedFuture(e));
                }
            } catch (InterruptedException e) {
                // Closed: nobody waits for more.
                Thread.currentThread().interrupt();
            }
        });
    }

    private static @Nullable Parsed parsed(RawBatch raw, LineParser parser, long file) {
        var batch = new KeyedBatch(raw.size());
        for (int i = 0; i < raw.size(); i++) {
            batch.add(file, raw.number(i), raw.parse(i, parser));
        }
        return new Parsed(raw, batch);
    }

    /** Null at the end of the file. */
    @Nullable
    Parsed next() {
        try {
            return ahead.take().get();
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
        parsers.shutdownNow();
    }
}
