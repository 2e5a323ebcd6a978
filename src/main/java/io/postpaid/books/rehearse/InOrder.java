package io.postpaid.books.rehearse;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/** Does the same work on many items, several at once, and hands on what comes of it in the order of the items. */
final class InOrder {
    private InOrder() {}

    /** No more is begun than a few items ahead of what was handed on, so that the memory holds only these. */
    static <T, R> void run(List<T> items, Function<T, R> work, Consumer<R> done) {
        int atOnce = Runtime.getRuntime().availableProcessors();
        var threads = Executors.newFixedThreadPool(
                atOnce, Thread.ofPlatform().daemon().name("rehearse-", 1).factory());
        try {
            var begun = new ArrayDeque<Future<R>>();
            for (var item : items) {
                begun.add(threads.submit(() -> work.apply(item)));
                if (begun.size() >= 3 * atOnce) done.accept(ended(begun.remove()));
            }
            while (!begun.isEmpty()) done.accept(ended(begun.remove()));
        } finally {
            threads.shutdownNow();
        }
    }

    private static <R> R ended(Future<R> work) {
        try {
            return work.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) throw failure;
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
