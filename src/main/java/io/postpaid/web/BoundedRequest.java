package io.postpaid.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A request whose body ends with an exception where its limit is passed, whatever length it claims to have. */
final class BoundedRequest extends HttpServletRequestWrapper {
    /** Of a single document; many usage records may be sent at once. */
    static final long LIMIT = 1 << 20;

    static final long USAGE_LIMIT = 4 << 20;
    private static final Duration TIME = Duration.ofSeconds(30);

    private final long limit;
    private @Nullable ServletInputStream body;

    BoundedRequest(HttpServletRequest request) {
        super(request);
        limit = request.getRequestURI().equals("/v1/usage") ? USAGE_LIMIT : LIMIT;
    }

    /** The body is not there in the time that it has: whoever sends a byte now and then holds nothing for long. */
    static final class TooSlow extends IOException {
        TooSlow() {
            super("The body did not arrive within " + TIME.toSeconds() + " seconds");
        }
    }

    /** More was sent than is read. */
    static final class TooLarge extends IOException {
        final long limit;

        TooLarge(long limit) {
            super("The body is larger than " + limit + " bytes");
            this.limit = limit;
        }
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (body == null) {
            if (getContentLengthLong() > limit) throw new TooLarge(limit);
            body = new Bounded(super.getInputStream(), limit);
        }
        return body;
    }

    @Override
    public BufferedReader getReader() throws IOException {
        return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }

    private static final class Bounded extends ServletInputStream {
        private final ServletInputStream in;
        private final long limit;
        private final long until = System.nanoTime() + TIME.toNanos();
        private long read;

        Bounded(ServletInputStream in, long limit) {
            this.in = in;
            this.limit = limit;
        }

        private int count(int bytes) throws TooLarge, TooSlow {
            if (bytes > 0) read += bytes;
            if (read > limit) throw new TooLarge(limit);
            if (System.nanoTime() - until > 0) throw new TooSlow();
            return bytes;
        }

        @Override
        public int read() throws IOException {
            int next = in.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return count(in.read(bytes, offset, length));
        }

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            in.setReadListener(listener);
        }
    }
}
