package io.postpaid.sandbox;

import io.postpaid.sandbox.Faults.OfMail;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.subethamail.smtp.DropConnectionException;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;
import org.subethamail.smtp.server.Session;

/**
 * A mail server that delivers to nobody: each accepted message becomes a file, byte for byte as it came, named after its
 * Message-ID. A message that comes a second time gets {@code ~2}, the next {@code ~3}: duplicates show in a listing.
 *
 * <p>To rehearse failures, recipients at {@code bounce.example} are refused for good (550) and those at
 * {@code later.example} for now (450).
 */
final class MailSink implements AutoCloseable {
    private static final Pattern MESSAGE_ID = Pattern.compile("(?im)^Message-ID:\\s*<?([^\\s>]+)");
    private static final int SIZE_MAX = 50 * 1024 * 1024;
    private static final int NAME_LENGTH_MAX = 200;

    private final Path directory;
    private final SMTPServer server;
    private volatile Faults faults = Faults.NONE;

    private MailSink(Path directory) throws IOException {
        this.directory = directory;
        this.server = SMTPServer.port(0)
                .bindAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))
                .hostName("localhost")
                .softwareName("sandbox")
                // The server would put a Received header before the message, and the file would not be what was sent.
                .insertReceivedHeaders(false)
                .maxMessageSize(SIZE_MAX)
                .executorService(Executors.newVirtualThreadPerTaskExecutor())
                .messageHandlerFactory(Incoming::new)
                .build();
    }

    static MailSink start(Path directory) throws IOException {
        Files.createDirectories(directory);
        var sink = new MailSink(directory);
        sink.server.start();
        return sink;
    }

    int port() {
        return server.getPortAllocated();
    }

    void suffer(Faults faults) {
        this.faults = faults;
    }

    void forget() throws IOException {
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) Files.delete(file);
        }
    }

    @Override
    public void close() {
        server.stop();
    }

    /** One mail transaction. */
    private final class Incoming implements MessageHandler {
        private final MessageContext context;

        private Incoming(MessageContext context) {
            this.context = context;
        }

        @Override
        public void from(String from) {}

        @Override
        public void recipient(String recipient) throws RejectException {
            var domain = recipient.substring(recipient.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
            switch (domain) {
                case "bounce.example" -> throw new RejectException(550, "5.1.1 no such mailbox: " + recipient);
                case "later.example" -> throw new RejectException(450, "4.2.1 mailbox busy, try later: " + recipient);
                default -> {}
            }
        }

        @Override
        public String data(InputStream data) throws IOException, RejectException {
            var message = data.readAllBytes();
            var name = nameOf(message);
            var fault = faults.mail(name);
            switch (fault) {
                case LATER -> throw new RejectException(451, "4.3.0 told to be busy");
                case NEVER -> throw new RejectException(554, "5.7.1 told to refuse it");
                case CLOSING -> throw new DropConnectionException(421, "4.4.2 told to close");
                case LOST -> {
                    hangUp();
                    return "nobody hears this";
                }
                default -> {}
            }
            var temporary = directory.resolve("." + UUID.randomUUID());
            Files.write(temporary, message);
            var file = publish(temporary, name);
            if (fault == OfMail.ANSWER_LOST) hangUp();
            return "2.0.0 kept as " + file.getFileName();
        }

        @Override
        public void done() {}

        private void hangUp() throws IOException {
            if (context instanceof Session session) session.getSocket().close();
        }

        /** Gives the finished file its first free name. A rename would replace a file of that name; a link refuses to. */
        private Path publish(Path temporary, String name) throws IOException {
            for (int delivery = 1; ; delivery++) {
                var file = directory.resolve(name + (delivery == 1 ? "" : "~" + delivery) + ".eml");
                try {
                    Files.createLink(file, temporary);
                    Files.delete(temporary);
                    return file;
                } catch (FileAlreadyExistsException taken) {
                    continue;
                }
            }
        }

        private static String nameOf(byte[] message) {
            var text = new String(message, StandardCharsets.ISO_8859_1);
            var end = text.indexOf("\r\n\r\n");
            var id = MESSAGE_ID.matcher(end < 0 ? text : text.substring(0, end));
            var name = id.find() ? id.group(1) : "no-message-id";
            // A leading dot would hide the file, as if it were a temporary one.
            name = name.replaceAll("[^A-Za-z0-9._@-]", "_").replaceFirst("^\\.", "_");
            return name.substring(0, Math.min(name.length(), NAME_LENGTH_MAX));
        }
    }
}
