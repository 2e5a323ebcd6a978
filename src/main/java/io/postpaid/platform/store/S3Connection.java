package io.postpaid.platform.store;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** Amazon's client for any provider of S3. Calls that fail are tried again by it, which waits longer each time. */
public final class S3Connection implements AutoCloseable {
    private static final int ATTEMPTS = 5;

    /** One is enough: it only waits. The client knows no newer kind. */
    @SuppressWarnings("deprecation")
    private final EventLoopGroup thread = new NioEventLoopGroup(1);

    private final S3AsyncClient client;

    /** @param attemptMax for one answer */
    public S3Connection(S3Settings settings, Duration attemptMax) {
        var builder = S3AsyncClient.builder()
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().eventLoopGroup(SdkEventLoopGroup.create(thread)))
                .overrideConfiguration(client -> client.retryStrategy(retry -> retry.maxAttempts(ATTEMPTS))
                        .apiCallAttemptTimeout(attemptMax))
                // A body is sent as it is, which all providers know.
                .serviceConfiguration(s3 -> s3.chunkedEncodingEnabled(false))
                // Other providers do not know Amazon's own headers for these.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        settings.endpoint()
                .ifPresent(endpoint ->
                        builder.endpointOverride(endpoint).forcePathStyle(true).region(Region.US_EAST_1));
        if (!settings.region().isEmpty()) builder.region(Region.of(settings.region()));
        this.client = builder.build();
    }

    public S3AsyncClient client() {
        return client;
    }

    public static <T> T await(CompletableFuture<T> call) {
        try {
            return call.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw e;
        }
    }

    /** What went wrong, in words. */
    public static String why(SdkException e) {
        var message = String.valueOf(e.getMessage());
        // The rest is what each of six providers says of itself.
        return message.startsWith("Unable to load credentials")
                ? "there are no credentials. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give this machine a role"
                : message;
    }

    @Override
    public void close() {
        client.close();
        // The client's own thread would look back for two seconds.
        var _ = thread.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
