package io.postpaid.usage.bucket;

import io.postpaid.platform.file.PlainText;
import io.postpaid.platform.file.Sha256;
import io.postpaid.platform.store.Place;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One version of an object. Its key may be anything that somebody could write into the bucket.
 *
 * @param etag of this version, without quotes
 */
public record BucketObject(Place place, String key, String etag, long size) implements Waiting {
    /** What S3 keeps at most, in bytes. */
    private static final int KEY_MAX = 1024;

    private static final int SHOWN_MAX = 500;
    private static final int FILE_MAX = 200;

    @Override
    public String name() {
        return shown("s3://" + place.bucket() + "/" + key);
    }

    /** The first folder below the prefix, or null. */
    public @Nullable String folder() {
        int end = key.indexOf('/', place.prefix().length());
        return end < 0 ? null : key.substring(place.prefix().length(), end);
    }

    /** How the folder is called where it is held. */
    public String folderName() {
        return shown(place + folder() + "/");
    }

    /** A folder itself, or, as in the inbox, what is hidden or not whole. */
    boolean isNone() {
        String base = base();
        return base.isEmpty() || base.startsWith(".") || base.endsWith(".part");
    }

    boolean isStorable() {
        return PlainText.isStorable(key)
                && key.getBytes(StandardCharsets.UTF_8).length <= KEY_MAX
                && PlainText.isStorable(etag);
    }

    /** The name that is kept with what it says: its own, with what might not be a file's name everywhere replaced. */
    String file() {
        String name = base().replaceAll("[^A-Za-z0-9._ -]", "_");
        return name.substring(Math.max(0, name.length() - FILE_MAX));
    }

    /** The name of a folder that no other object has, nor another version of this one. */
    String id() {
        return Sha256.of(String.join("\0", place.bucket(), key, etag).getBytes(StandardCharsets.UTF_8));
    }

    private String base() {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    /** Without what is obeyed instead of shown, and short enough for an index. */
    private static String shown(String text) {
        return text.codePoints()
                .mapToObj(Character::toString)
                .map(c -> PlainText.hasControl(c) || !PlainText.isStorable(c) ? "?" : c)
                .limit(SHOWN_MAX)
                .collect(Collectors.joining());
    }
}
