package io.postpaid.platform.batch;

import java.util.ArrayList;
import java.util.List;

/**
 * What became of items, for the counts of their step.
 *
 * @param read how many were looked at
 * @param skipped how many were left for a reason that stands in a table (quarantined, declined)
 * @param held those that the work found to be in no state to be done, or parts of them
 */
public record Done(long read, long written, long skipped, List<Held> held) {
    public static final Done WRITTEN = new Done(1, 1, 0, List.of());
    public static final Done SKIPPED = new Done(1, 0, 1, List.of());
    /** It was looked at, and there was nothing to do. */
    public static final Done READ = new Done(1, 0, 0, List.of());
    /** Somebody else has done it, or it does not count. */
    public static final Done NOTHING = new Done(0, 0, 0, List.of());

    /**
     * Something that cannot be done until somebody has acted.
     *
     * @param waits for another service, which may meet many of them: it does not show that the step is broken
     */
    public record Held(Item item, String reason, String detail, boolean waits) {
        public Held(Item item, String reason, String detail) {
            this(item, reason, detail, false);
        }

        public static Held account(String id, String reason, String detail) {
            return new Held(Item.account(id), reason, detail);
        }

        public Held waiting() {
            return new Held(item, reason, detail, true);
        }

        /** For what it threw, unless that would meet everything. */
        public static Held of(Item item, RuntimeException thrown) {
            Outcomes.rethrowIfOfEverything(thrown);
            return new Held(item, Failure.reason(thrown), Failure.detail(thrown));
        }
    }

    public static Done of(long read, long written, long skipped) {
        return new Done(read, written, skipped, List.of());
    }

    /** All of these accounts, but for those that are held. */
    public static Done of(List<String> accounts, List<Held> held) {
        return new Done(accounts.size(), accounts.size() - held.size(), held.size(), held);
    }

    public Done plus(Done more) {
        var both = new ArrayList<>(held);
        both.addAll(more.held);
        return new Done(read + more.read, written + more.written, skipped + more.skipped, both);
    }
}
