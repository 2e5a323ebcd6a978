package io.postpaid.platform.store;

import io.postpaid.platform.file.PlainText;
import java.util.Objects;
import java.util.regex.Pattern;

/** What is below a prefix of a bucket; the prefix ends with a slash, or is empty. */
public record Place(String bucket, String prefix) {
    private static final Pattern URL = Pattern.compile("s3://([A-Za-z0-9][A-Za-z0-9._-]{1,254})(?:/|/(.*[^/])/?)?");

    /** @param setting where it is written, for the message */
    public static Place of(String setting, String url) {
        var match = URL.matcher(url);
        if (!match.matches() || PlainText.hasControl(url)) {
            throw new IllegalArgumentException(
                    setting + " has '" + url + "': it must be such as s3://bucket or s3://bucket/prefix");
        }
        var prefix = Objects.requireNonNullElse(match.group(2), "");
        return new Place(match.group(1), prefix.isEmpty() ? "" : prefix + "/");
    }

    @Override
    public String toString() {
        return "s3://" + bucket + "/" + prefix;
    }
}
