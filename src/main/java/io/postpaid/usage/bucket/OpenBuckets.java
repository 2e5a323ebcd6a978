package io.postpaid.usage.bucket;

import io.postpaid.platform.batch.HeldException;
import io.postpaid.usage.bucket.Waiting.Closed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;
import software.amazon.awssdk.core.exception.SdkException;

/** One look into all buckets: what is new in them is listed page by page, and fetched one by one. */
public final class OpenBuckets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenBuckets.class);

    private final BucketSettings settings;
    private final S3 s3;
    private final TakenObjects log;
    private final InstantSource clock;
    private final Path folder;
    private final int partBytes;

    OpenBuckets(BucketSettings settings, S3 s3, TakenObjects log, InstantSource clock, Path folder, int partBytes) {
        this.settings = settings;
        this.s3 = s3;
        this.log = log;
        this.clock = clock;
        this.folder = folder;
        this.partBytes = partBytes;
    }

    /** Some of one place, and where the next ones begin: null where that is the next place. */
    private record Page(
            int place,
            List<? extends Waiting> found,
            @Nullable String next) {}

    /** What was not taken yet, by place and key. */
    public Iterator<Waiting> waiting() {
        var places = settings.places();
        return Stream.iterate(
                        new Page(-1, List.of(), null),
                        page -> page.place() < places.size(),
                        page -> page(page.next() == null ? page.place() + 1 : page.place(), page.next()))
                .<Waiting>flatMap(page -> page.found().stream())
                .iterator();
    }

    private Page page(int number, @Nullable String from) {
        if (number >= settings.places().size()) return new Page(number, List.of(), null);
        var place = settings.places().get(number);
        try {
            var page = s3.list(place, from);
            var objects =
                    page.objects().stream().filter(object -> !object.isNone()).toList();
            return new Page(number, log.newOf(objects), page.next());
        } catch (SdkException e) {
            if (!S3.isRefusal(e)) throw S3.outOfReach(place, e);
            return new Page(
                    number,
                    List.of(new Closed(place.toString(), place + " cannot be listed: " + e.getMessage())),
                    null);
        }
    }

    /**
     * Brings an object, part by part. What came before the line broke, or the process ended, is not asked for again.
     *
     * @return a file that has the object's own name, as far as that can be a file's name
     */
    public Path fetch(BucketObject object) {
        if (!object.isStorable()) {
            throw new HeldException("NAME", object.name() + " has a name that cannot be kept: give it another", null);
        }
        Path file = folder.resolve(object.id()).resolve(object.file());
        try {
            Files.createDirectories(file.getParent());
            if (!Files.exists(file)) Files.createFile(file);
            long came = Files.size(file);
            refuseIfTooLarge(object, came);
            while (came < object.size()) came = more(object, file, came);
            if (came == object.size()) return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw forget(object, "brought more than was asked for");
    }

    /** Fetches the next part, and says how far that is. A part that breaks off counts as far as it came. */
    private long more(BucketObject object, Path file, long came) throws IOException {
        long last = Math.min(came + partBytes, object.size()) - 1;
        try {
            var answer = s3.get(object, came, last, file);
            var range = Objects.requireNonNullElse(answer.contentRange(), "bytes 0-");
            if (!range.startsWith("bytes " + came + "-"))
                throw forget(object, "does not come from where it broke off: its provider does not know ranges");
        } catch (SdkException e) {
            if (Files.size(file) == came) throw s3.failed(object, e);
            LOG.info(
                    "{} broke off at byte {} of {}, and goes on there", object.name(), Files.size(file), object.size());
        }
        return Files.size(file);
    }

    private void refuseIfTooLarge(BucketObject object, long came) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (object.size() - came > free) {
            throw new HeldException(
                    "TOO_LARGE",
                    "%s has %,d bytes, and there is room for %,d in %s"
                            .formatted(object.name(), object.size(), free, folder),
                    null);
        }
    }

    private HeldException forget(BucketObject object, String why) {
        giveBack(object);
        return new HeldException("NOT_FETCHED", object.name() + " " + why, null);
    }

    /** Keeps that it was taken, gives its file back, and deletes the object if that is wanted. */
    public void taken(BucketObject object, String tieOut) {
        log.add(object, tieOut, clock.instant());
        giveBack(object);
        if (!settings.delete()) return;
        try {
            s3.delete(object);
        } catch (SdkException e) {
            LOG.warn("{} is taken in, and not again, but cannot be deleted: {}", object.name(), e.getMessage());
        }
    }

    /** An object that cannot be read waits in its bucket. */
    public void giveBack(BucketObject object) {
        delete(folder.resolve(object.id()));
    }

    /** What is left of objects that did not come whole, once all were tried: they have changed since, or are gone. */
    public void tidy() {
        delete(folder);
    }

    private static void delete(Path path) {
        try {
            FileSystemUtils.deleteRecursively(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        s3.close();
    }
}
