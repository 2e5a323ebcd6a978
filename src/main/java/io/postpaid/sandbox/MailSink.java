package io.postpaid.sandbox;

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
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

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

    private final SMTPServer server;

    private MailSink(SMTPServer server) {
        this.server = server;
    }

    static MailSink start(Path directory) throws IOException {
        Files.createDirectories(directory);
        var server = SMTPServer.port(0)
                .bindAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))
                .hostName("localhost")
                .softwareName("sandbox")
                // The server would put a Received header before the message, and the file would not be what was sent.
                .insertReceivedHeaders(false)
                .maxMessageSize(SIZE_MAX)
                .executorService(Executors.newVirtualThreadPerTaskExecutor())
                .messageHandlerFactory(context -> new Delivery(directory))
                .build();
        server.start();
        return new MailSink(server);
    }

    int port() {
        return server.getPortAllocated();
    }

    @Override
    public void close() {
        server.stop();
    }

    /** One mail transaction. */
    private record Delivery(Path directory) implements MessageHandler {

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
        public String data(InputStream data) throws IOException {
            var message = data.readAllBytes();
            var temporary = directory.resolve("." + UUID.randomUUID());
            Files.write(temporary, message);
            var file = publish(temporary, nameOf(message));
            return "2.0.0 kept as " + file.getFileName();
        }

        @Override
        public void done() {}

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
