package io.postpaid.usage.intake;

/** Told after each batch is committed; the total is -1 when it cannot be known. */
@FunctionalInterface
public interface Progress {
    Progress NONE = (lines, bytesRead, totalBytes) -> {};

    void reached(long lines, long bytesRead, long totalBytes);
}
