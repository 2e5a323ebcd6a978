package io.postpaid.usage.bucket;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.postpaid.platform.batch.Failure;
import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.batch.OutOfReachException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.FileTransformerConfiguration;
import software.amazon.awssdk.core.FileTransformerConfiguration.FailureBehavior;
import software.amazon.awssdk.core.FileTransformerConfiguration.FileWriteOption;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** The calls that an inbox needs. Calls that fail are tried again by the client, which waits longer each time. */
final class S3 implements AutoCloseable {
    private static final int ATTEMPTS = 5;
    /** For a page, or a part of an object: a line that is slower than this brings nothing home. */
    private static final Duration ATTEMPT_MAX = Duration.ofMinutes(5);

    /** One is enough: what is fetched is taken in before the next is. The client knows no newer kind. */
    @SuppressWarnings("deprecation")
    private final EventLoopGroup thread = new NioEventLoopGroup(1);

    private final S3AsyncClient client;

    S3(BucketSettings settings) {
        var builder = S3AsyncClient.builder()
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().eventLoopGroup(SdkEventLoopGroup.create(thread)))
                .overrideConfiguration(client -> client.retryStrategy(retry -> retry.maxAttempts(ATTEMPTS))
                        .apiCallAttemptTimeout(ATTEMPT_MAX))
                // Other providers do not know Amazon's own headers for these.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        settings.endpoint()
                .ifPresent(endpoint ->
                        builder.endpointOverride(endpoint).forcePathStyle(true).region(Region.US_EAST_1));
        if (!settings.region().isEmpty()) builder.region(Region.of(settings.region()));
        this.client = builder.build();
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
        var message = String.valueOf(e.getMessage());
        // The rest is what each of six providers says of itself.
        if (message.startsWith("Unable to load credentials")) {
            message =
                    "there are no credentials. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine a role";
        }
        return new OutOfReachException("%s cannot be listed: %s".formatted(place, message), e);
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

    private static <T> T await(CompletableFuture<T> call) {
        try {
            return call.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw e;
        }
    }

    private static String quoted(String etag) {
        return '"' + etag + '"';
    }

    private static String unquoted(@Nullable String etag) {
        return etag == null ? "" : etag.replace("\"", "");
    }

    @Override
    public void close() {
        client.close();
        // The client's own thread would look back for two seconds.
        var _ = thread.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
