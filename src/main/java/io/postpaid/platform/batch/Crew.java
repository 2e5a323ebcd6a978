package io.postpaid.platform.batch;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Work that waits for others (Stripe, a mail server), a bounded number of items at a time, on virtual threads. */
public final class Crew {
    private Crew() {}

    /**
     * Does every item, {@code width} at a time. After the first failure nothing new is begun; it is thrown once what was
     * begun has ended.
     */
    public static <T> void each(Iterator<? extends T> items, int width, Consumer<? super T> task) {
        var free = new Semaphore(width);
        var failure = new AtomicReference<@Nullable Throwable>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            while (failure.get() == null && items.hasNext()) {
                free.acquireUninterruptibly();
                if (failure.get() != null) break;
                var item = items.next();
                threads.execute(() -> {
                    try {
                        task.accept(item);
                    } catch (Throwable e) {
                        failure.compareAndSet(null, e);
                    } finally {
                        free.release();
                    }
                });
            }
        }
        var first = failure.get();
        if (first instanceof RuntimeException e) throw e;
        if (first instanceof Error e) throw e;
    }

    /** Items read page by page, each page from behind the key of the last item, so that memory holds one page only. */
    public static <T> Iterator<T> pages(Function<Long, List<T>> pageBehind, Function<T, Long> key) {
        return pages(Long.MIN_VALUE, pageBehind, key);
    }

    /** The same with keys of another kind, all of which come behind {@code first}. */
    public static <T, K> Iterator<T> pages(K first, Function<K, List<T>> pageBehind, Function<T, K> key) {
        return new Iterator<>() {
            private K behind = first;
            private Iterator<T> page = List.<T>of().iterator();
            private boolean ended;

            @Override
            public boolean hasNext() {
                if (!page.hasNext() && !ended) {
                    page = pageBehind.apply(behind).iterator();
                    ended = !page.hasNext();
                }
                return page.hasNext();
            }

            @Override
            public T next() {
                if (!hasNext()) throw new NoSuchElementException();
                var item = page.next();
                behind = key.apply(item);
                return item;
            }
        };
    }
}
