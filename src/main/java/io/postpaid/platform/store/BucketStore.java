package io.postpaid.platform.store;

import io.postpaid.platform.batch.OutOfReachException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** A bucket. Its client is loaded by the first document, since most commands read none. */
final class BucketStore implements DocumentStore, AutoCloseable {
    private static final Duration ATTEMPT_MAX = Duration.ofSeconds(30);

    private final Place bucket;
    private final S3Settings settings;
    private @Nullable S3Connection opened;

    BucketStore(Place bucket, S3Settings settings) {
        this.bucket = bucket;
        this.settings = settings;
    }

    private synchronized S3Connection s3() {
        if (opened == null) opened = new S3Connection(settings, ATTEMPT_MAX);
        return opened;
    }

    private String key(String file) {
        return bucket.prefix() + file;
    }

    @Override
    public String place(String file) {
        return bucket + file;
    }

    @Override
    public byte[] read(String file) throws IOException {
        try {
            return S3Connection.await(s3().client()
                            .getObject(
                                    request -> request.bucket(bucket.bucket()).key(key(file)),
                                    AsyncResponseTransformer.toBytes()))
                    .asByteArrayUnsafe();
        } catch (NoSuchKeyException _) {
            throw new NoSuchFileException(place(file));
        } catch (SdkException e) {
            throw outOfReach(file, "read", e);
        }
    }

    @Override
    public long size(String file) {
        try {
            return S3Connection.await(s3().client()
                            .headObject(
                                    request -> request.bucket(bucket.bucket()).key(key(file))))
                    .contentLength();
        } catch (NoSuchKeyException _) {
            return -1;
        } catch (SdkException e) {
            throw outOfReach(file, "read", e);
        }
    }

    /** All at once: one after the other would wait longer than a document takes to be drawn. */
    @Override
    public void write(Map<String, byte[]> files) {
        var writing = files.entrySet().stream()
                .map(file -> s3().client()
                        .putObject(
                                request -> request.bucket(bucket.bucket())
                                        .key(key(file.getKey()))
                                        .contentType("application/pdf"),
                                AsyncRequestBody.fromBytesUnsafe(file.getValue())))
                .toArray(CompletableFuture[]::new);
        try {
            S3Connection.await(CompletableFuture.allOf(writing));
        } catch (SdkException e) {
            throw outOfReach("", "written", e);
        }
    }

    private OutOfReachException outOfReach(String file, String done, SdkException e) {
        return new OutOfReachException(place(file) + " cannot be " + done + ": " + S3Connection.why(e), e);
    }

    @Override
    public synchronized void close() {
        if (opened != null) opened.close();
    }
}
