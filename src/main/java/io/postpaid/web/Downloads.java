package io.postpaid.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/**
 * Files that are made when they are asked for, however long: through a file, so that memory stays flat, a caller gets all of it or an
 * error, and one that reads slowly holds no connection to the database. A few are made at a time.
 */
@Component
public final class Downloads {
    private static final int AT_ONCE = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Semaphore places = new Semaphore(AT_ONCE);

    /** Writes one document. */
    @FunctionalInterface
    public interface Writing {
        void to(OutputStream out) throws IOException;
    }

    /** Others have asked for files that are made still. */
    public static final class BusyException extends RuntimeException {
        BusyException() {
            super("Too many files are being made: try again in a minute", null, false, false);
        }
    }

    /** @throws BusyException if it is not its turn soon */
    public void send(HttpServletResponse response, MediaType type, String name, Writing writing) throws IOException {
        var file = Files.createTempFile("postpaid-", ".download");
        try {
            take();
            try (var out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
                writing.to(out);
            } finally {
                places.release();
            }
            response.setContentType(type.toString());
            response.setContentLengthLong(Files.size(file));
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            response.setHeader(
                    HttpHeaders.CONTENT_DISPOSITION,
                    ContentDisposition.attachment().filename(name).build().toString());
            Files.copy(file, response.getOutputStream());
        } finally {
            Files.delete(file);
        }
    }

    private void take() {
        try {
            if (!places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) throw new BusyException();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BusyException();
        }
    }
}
