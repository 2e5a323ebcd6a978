package io.postpaid.events;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** The seller's address that events are posted to. It is given little time and little memory, and leads nowhere else. */
@Component
class Receiver implements AutoCloseable {
    static final Duration ANSWER_MAX = Duration.ofSeconds(10);
    private static final Duration CONNECT_MAX = Duration.ofSeconds(5);
    private static final int BODY_MAX = 64 * 1024;
    private static final int TEXT_MAX = 500;

    private final EventSettings settings;
    private final Duration within;
    private final HttpClient client;

    @Autowired
    Receiver(EventSettings settings) {
        this(settings, ANSWER_MAX);
    }

    /** @param within how long the receiver may take for its whole answer */
    Receiver(EventSettings settings, Duration within) {
        this.settings = settings;
        this.within = within;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_MAX)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /**
     * What it answered.
     *
     * @param status null where no answer came
     * @param text how the answer begins, or why there is none
     */
    record Answer(@Nullable Integer status, String text, int millis) {
        private static final int GONE = 410;

        boolean taken() {
            return status != null && status / 100 == 2;
        }

        /** The receiver wants no event ever again. */
        boolean gone() {
            return status != null && status == GONE;
        }
    }

    Answer post(Event event, Instant now) {
        long began = System.nanoTime();
        var sending = client.sendAsync(
                request(settings.url().orElseThrow(), event, now),
                BodyHandlers.limiting(BodyHandlers.ofByteArray(), BODY_MAX));
        try {
            // The limit of the request ends with the headers of the answer, this one with its body.
            var response = sending.get(within.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), text(response.body()), millis(began));
        } catch (TimeoutException e) {
            return new Answer(null, "no whole answer within " + within.toMillis() + " ms", millis(began));
        } catch (ExecutionException e) {
            return new Answer(null, why(Objects.requireNonNullElse(e.getCause(), e)), millis(began));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(null, "interrupted", millis(began));
        } finally {
            sending.cancel(true);
        }
    }

    private HttpRequest request(URI url, Event event, Instant now) {
        var body = event.body();
        return HttpRequest.newBuilder(url)
                .timeout(within)
                .header("Content-Type", "application/json")
                .header("User-Agent", "Postpaid")
                .header("webhook-id", event.id())
                .header("webhook-timestamp", Long.toString(now.getEpochSecond()))
                .header("webhook-signature", settings.signer().signature(event.id(), now.getEpochSecond(), body))
                .POST(BodyPublishers.ofByteArray(body))
                .build();
    }

    private static int millis(long began) {
        return (int) TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    private static String why(Throwable cause) {
        var message = cause.getMessage();
        return printable(cause.getClass().getSimpleName() + (message == null ? "" : ": " + message));
    }

    private static String text(byte[] body) {
        return printable(new String(body, 0, Math.min(body.length, 4 * TEXT_MAX), StandardCharsets.UTF_8));
    }

    /** A hostile answer does not reach a terminal, and what is not text no table. */
    private static String printable(String text) {
        var plain = text.replaceAll("[\\s\\p{Cntrl}\\p{Cf}\\p{Cs}]+", " ").strip();
        return plain.codePoints()
                .limit(TEXT_MAX)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
