package io.postpaid.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Clients of the gate, each with a connection that stays, which authorize a call and then settle it. All are one thread that
 * builds and reads no more of HTTP than the gate's own answers need: a client library would take more of the cores than the gate.
 */
final class GateCaller {
    private static final long PATIENCE_MILLIS = 30_000;
    private static final int ANSWER_MAX = 8192;
    private static final String HEAD_END = "\r\n\r\n";
    private static final String LAST_CHUNK = "\r\n0\r\n\r\n";
    private static final String VERSION = "HTTP/1.1 ";
    private static final String LENGTH = "Content-Length: ";
    private static final String ID = "\"id\":\"";
    private static final int ID_LENGTH = 36;
    private static final String HOLD = "{\"product\":\"image\",\"quantity\":5}";
    private static final String HELD = "\"price\":\"0.0102\"";
    private static final String SETTLE = "{\"quantity\":3}";
    private static final String SETTLED = "\"charged\":\"0.00612\"";

    private final InetSocketAddress server;
    private final String headers;
    private final Random random = new Random(0);
    private long calls;
    private long settled;

    GateCaller(int port, String secret) {
        server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        headers = " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nAuthorization: Bearer " + secret
                + "\r\nContent-Type: application/json\r\n";
    }

    /** @param waits how long each call waited to be authorized, in ascending order */
    record Load(long pairs, long nanos, long[] waits) {
        long percentile(int percent) {
            return waits[(int) ((waits.length - 1L) * percent / 100)];
        }

        long nanosOf(long count) {
            return Math.max(1, nanos / pairs * count);
        }
    }

    /** Pairs of all loads. */
    long settled() {
        return settled;
    }

    /**
     * Calls for some time.
     *
     * @param gap nanoseconds from one call to the next; one that finds no client free has waited since it was due. 0 where
     *     each client calls again as soon as it is answered
     */
    Load drive(List<String> accounts, int clients, long nanos, long gap) throws IOException {
        try (var selector = Selector.open()) {
            try {
                for (int n = 0; n < clients; n++) new Client(selector);
                return new Drive(accounts, nanos, gap).run(selector);
            } finally {
                for (var key : selector.keys()) key.channel().close();
            }
        }
    }

    private final class Drive {
        private final List<String> accounts;
        private final long gap;
        private final long end;
        private final Queue<Client> idle = new ArrayDeque<>();
        private final LongStream.Builder waits = LongStream.builder();
        private final long begun = System.nanoTime();
        private long begunPairs;
        private long pairs;

        Drive(List<String> accounts, long nanos, long gap) {
            this.accounts = accounts;
            this.gap = gap;
            this.end = begun + nanos;
        }

        Load run(Selector selector) throws IOException {
            for (var key : selector.keys()) idle.add((Client) key.attachment());
            int clients = idle.size();
            while (true) {
                long due = begin();
                boolean over = due >= end;
                if (over && idle.size() == clients) break;
                if (over || idle.isEmpty()) {
                    if (selector.select(PATIENCE_MILLIS) == 0)
                        throw new IllegalStateException("The gate does not answer");
                } else {
                    selector.select(Math.max(1, TimeUnit.NANOSECONDS.toMillis(due - System.nanoTime())));
                }
                for (var key : selector.selectedKeys()) answered((Client) key.attachment());
                selector.selectedKeys().clear();
            }
            settled += pairs;
            return new Load(
                    pairs, System.nanoTime() - begun, waits.build().sorted().toArray());
        }

        /** Begins what is due, and tells when the next call is. */
        private long begin() throws IOException {
            while (true) {
                long now = System.nanoTime();
                long due = gap == 0 ? now : begun + begunPairs * gap;
                if (idle.isEmpty() || due > now || due >= end) return due;
                begunPairs++;
                idle.remove().authorize(accounts.get(random.nextInt(accounts.size())), due);
            }
        }

        private void answered(Client client) throws IOException {
            var answer = client.read();
            if (answer == null) return;
            if (client.authorizes) {
                waits.add(System.nanoTime() - client.due);
                client.settle(answer);
            } else {
                must(answer, "200", SETTLED);
                pairs++;
                idle.add(client);
            }
        }
    }

    private static void must(String answer, String status, String part) {
        if (!answer.startsWith(status, VERSION.length()) || !answer.contains(part)) {
            throw new IllegalStateException("The gate answered: " + answer);
        }
    }

    private final class Client {
        private final SocketChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocate(ANSWER_MAX);
        private String account = "";
        private boolean authorizes;
        private long due;

        Client(Selector selector) throws IOException {
            channel = SocketChannel.open(server);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        void authorize(String of, long dueAt) throws IOException {
            account = of;
            due = dueAt;
            authorizes = true;
            send("", "Idempotency-Key: bench-" + ++calls + "\r\n", HOLD);
        }

        void settle(String held) throws IOException {
            must(held, "201", HELD);
            authorizes = false;
            int id = held.indexOf(ID) + ID.length();
            send("/" + held.substring(id, id + ID_LENGTH) + "/settle", "", SETTLE);
        }

        private void send(String path, String key, String body) throws IOException {
            var request = "POST /v1/authorizations" + path + "?account=" + account + headers + key + LENGTH
                    + body.length() + HEAD_END + body;
            buffer.clear();
            var bytes = ByteBuffer.wrap(request.getBytes(ISO_8859_1));
            channel.write(bytes);
            if (bytes.hasRemaining()) throw new IllegalStateException("The gate does not read what it is sent");
        }

        /** An answer that is all there, or null. */
        @Nullable
        String read() throws IOException {
            if (channel.read(buffer) < 0) throw new EOFException("The gate has closed a connection");
            var answer = new String(buffer.array(), 0, buffer.position(), ISO_8859_1);
            int head = answer.indexOf(HEAD_END);
            if (head < 0) return null;
            int length = answer.indexOf(LENGTH);
            boolean whole = length < 0
                    ? answer.endsWith(LAST_CHUNK)
                    : answer.length() == head + HEAD_END.length() + number(answer, length + LENGTH.length());
            return whole ? answer : null;
        }

        private static int number(String text, int from) {
            return Integer.parseInt(text, from, text.indexOf('\r', from), 10);
        }
    }
}
