package io.postpaid.sandbox;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Posts events to the endpoint that wants them, signed as Stripe does, in the order in which they happened unless
 * {@link Faults} say otherwise, and again where the answer is not 2xx. What is not delivered when the process ends is
 * never delivered: Stripe, too, promises its list of events only.
 */
final class Deliveries implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Deliveries.class.getName());
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int TRIES_MAX = 4;

    private final URI endpoint;
    private final String secret;
    private final InstantSource clock;
    private final ExecutorService inOrder =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());
    private final ExecutorService atOnce = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(ANSWER_WITHIN)
            .build();

    Deliveries(URI endpoint, String secret, InstantSource clock) {
        this.endpoint = endpoint;
        this.secret = secret;
        this.clock = clock;
    }

    void deliver(byte[] event, List<Duration> delays) {
        for (var delay : delays) {
            if (delay.isZero()) {
                inOrder.execute(() -> post(event, delay));
            } else {
                atOnce.execute(() -> post(event, delay));
            }
        }
    }

    private void post(byte[] event, Duration delay) {
        try {
            Thread.sleep(delay);
            for (int tries = 1; !taken(event) && tries < TRIES_MAX; tries++) Thread.sleep(PAUSE.multipliedBy(tries));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean taken(byte[] event) throws InterruptedException {
        var request = HttpRequest.newBuilder(endpoint)
                .timeout(ANSWER_WITHIN)
                .header("Content-Type", "application/json; charset=utf-8")
                .header("Stripe-Signature", signature(event, clock.instant().getEpochSecond()))
                .POST(BodyPublishers.ofByteArray(event));
        try {
            int status = http.send(request.build(), BodyHandlers.discarding()).statusCode();
            return status >= 200 && status < 300;
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "no webhook at " + endpoint, e);
            return false;
        }
    }

    private String signature(byte[] event, long at) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update((at + ".").getBytes(StandardCharsets.UTF_8));
            return "t=" + at + ",v1=" + HexFormat.of().formatHex(mac.doFinal(event));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        inOrder.shutdownNow();
        atOnce.shutdownNow();
        http.shutdownNow();
    }
}
