package io.postpaid.usage.intake;

import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.batch.Item;
import io.postpaid.usage.bucket.BucketObject;
import io.postpaid.usage.bucket.OpenBuckets;
import io.postpaid.usage.bucket.Waiting;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.mapping.Mappings;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Takes in what is new in buckets, as the inbox takes files: the first folder of an object is the mapping that it is read by. */
final class BucketInbox {
    private static final JsonMapper JSON = new JsonMapper();

    private final OpenBuckets buckets;
    private final Inbox inbox;
    private final Mappings mappings;
    private final Set<String> known;
    private @Nullable String unknown;

    BucketInbox(OpenBuckets buckets, Inbox inbox, Mappings mappings) {
        this.buckets = buckets;
        this.inbox = inbox;
        this.mappings = mappings;
        this.known = Set.copyOf(mappings.names());
    }

    /** A folder that is no mapping is one item, whatever is in it; keys come in their order. */
    boolean isWanted(Waiting waiting) {
        if (!(waiting instanceof BucketObject object) || isKnown(object)) return true;
        var before = unknown;
        unknown = object.folderName();
        return !unknown.equals(before);
    }

    private boolean isKnown(BucketObject object) {
        return object.folder() == null || known.contains(object.folder());
    }

    Item item(Waiting waiting) {
        return switch (waiting) {
            case Waiting.Closed closed -> Item.of("bucket", closed.name(), null);
            case BucketObject object when isKnown(object) -> Item.of("object", object.name(), null);
            case BucketObject object -> Item.of("folder", object.folderName(), null);
        };
    }

    IngestOutcome take(Waiting waiting) {
        return switch (waiting) {
            case Waiting.Closed closed -> throw new HeldException("BUCKET", closed.why(), null);
            case BucketObject object when isKnown(object) -> take(object);
            case BucketObject object ->
                throw new UnreadableUsage("%s: there is no mapping of this name. There are %s"
                        .formatted(object.folderName(), mappings.told()));
        };
    }

    private IngestOutcome take(BucketObject object) {
        var mapping = object.folder() == null ? null : mappings.named(object.folder());
        var file = buckets.fetch(object);
        try {
            var outcome = inbox.ingest(file, mapping);
            buckets.taken(object, JSON.writeValueAsString(outcome));
            return outcome;
        } catch (UnreadableUsage e) {
            buckets.giveBack(object);
            throw e;
        }
    }
}
