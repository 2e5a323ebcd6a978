package io.postpaid.usage.bucket;

import static io.postpaid.platform.store.S3Connection.await;

import io.postpaid.platform.batch.Failure;
import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.batch.OutOfReachException;
import io.postpaid.platform.store.Place;
import io.postpaid.platform.store.S3Connection;
import io.postpaid.platform.store.S3Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.FileTransformerConfiguration;
import software.amazon.awssdk.core.FileTransformerConfiguration.FailureBehavior;
import software.amazon.awssdk.core.FileTransformerConfiguration.FileWriteOption;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** The calls that an inbox needs. */
final class S3 implements AutoCloseable {
    /** For a page, or a part of an object: a line that is slower than this brings nothing home. */
    private static final Duration ATTEMPT_MAX = Duration.ofMinutes(5);

    private final S3Connection connection;
    private final S3AsyncClient client;

    S3(S3Settings settings) {
        connection = new S3Connection(settings, ATTEMPT_MAX);
        client = connection.client();
    }

    /** @param next where the next page begins; null behind the last one */
    record Page(List<BucketObject> objects, @Nullable String next) {}

    /** @throws SdkException if there is none */
    Page list(Place place, @Nullable String from) {
        var page = await(client.listObjectsV2(request -> request.bucket(place.bucket())
                .prefix(place.prefix())
                // A key may have characters that XML cannot; the client decodes them.
                .encodingType(EncodingType.URL)
                .continuationToken(from)));
        return new Page(
                page.contents().stream()
                        .map(object -> new BucketObject(place, object.key(), unquoted(object.eTag()), object.size()))
                        .toList(),
                Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null);
    }

    /** Writes the bytes from one to another, both included, into the file at their place, as far as they come. */
    GetObjectResponse get(BucketObject object, long from, long to, Path file) {
        var writing = FileTransformerConfiguration.builder()
                .fileWriteOption(FileWriteOption.WRITE_TO_POSITION)
                .position(from)
                .failureBehavior(FailureBehavior.LEAVE)
                .build();
        return await(client.getObject(
                request -> request.bucket(object.place().bucket())
                        .key(object.key())
                        .ifMatch(quoted(object.etag()))
                        .range("bytes=" + from + "-" + to),
                AsyncResponseTransformer.toFile(file, writing)));
    }

    /** Deletes this version and no other: not all providers heed the condition, so that we look before. */
    void delete(BucketObject object) {
        var bucket = object.place().bucket();
        var there = await(client.headObject(request -> request.bucket(bucket).key(object.key())));
        if (!unquoted(there.eTag()).equals(object.etag())) return;
        var _ = await(client.deleteObject(
                request -> request.bucket(bucket).key(object.key()).ifMatch(quoted(object.etag()))));
    }

    /** Whether the answer concerns what was asked for, such as a bucket of another region, and not the service. */
    static boolean isRefusal(SdkException e) {
        return e instanceof AwsServiceException answer
                && answer.statusCode() >= 300
                && answer.statusCode() < 500
                && !answer.isThrottlingException();
    }

    static OutOfReachException outOfReach(Place place, SdkException e) {
        return new OutOfReachException("%s cannot be listed: %s".formatted(place, S3Connection.why(e)), e);
    }

    /** Why an object did not come, if that is its own fault. */
    RuntimeException failed(BucketObject object, SdkException e) {
        if (Failure.ofEverything(e)) return e;
        if (e instanceof AwsServiceException answer) {
            if (answer.statusCode() == 412)
                return held("CHANGED", object, "was changed while it was fetched: the next run takes it", e);
            if (answer.statusCode() == 404) return held("GONE", object, "was deleted before it was fetched", e);
        }
        if (!isRefusal(e)) {
            try {
                list(object.place(), null);
            } catch (SdkException everything) {
                return outOfReach(object.place(), everything);
            }
        }
        return held("NOT_FETCHED", object, "cannot be fetched: " + e.getMessage(), e);
    }

    private static HeldException held(String reason, BucketObject object, String why, SdkException e) {
        return new HeldException(reason, object.name() + " " + why, e);
    }

    private static String quoted(String etag) {
        return '"' + etag + '"';
    }

    private static String unquoted(@Nullable String etag) {
        return etag == null ? "" : etag.replace("\"", "");
    }

    @Override
    public void close() {
        connection.close();
    }
}
