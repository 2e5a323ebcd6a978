package io.postpaid.gate;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.stereotype.Component;

/** Waits until what was committed is on disk: one flush serves all who wait, and no lock of an account is held meanwhile. */
@Component
class Durability {
    private final GateStore store;
    private final AtomicLong waiting = new AtomicLong();
    private final ReentrantLock flushing = new ReentrantLock(true);
    private long flushed;

    Durability(GateStore store) {
        this.store = store;
    }

    /** Comes back when all that this thread has committed before would outlive a loss of power. */
    void await() {
        long mine = waiting.incrementAndGet();
        flushing.lock();
        try {
            if (flushed >= mine) return;
            long all = waiting.get();
            store.flush();
            flushed = all;
        } finally {
            flushing.unlock();
        }
    }
}
