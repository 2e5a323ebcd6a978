package io.postpaid.mail;

import io.postpaid.platform.batch.OutOfReachException;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Objects;
import java.util.Properties;
import javax.net.SocketFactory;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.eclipse.angus.mail.util.MailStreamProvider;

/** How the mail server is reached. */
record MailServer(String host, int port, String username, String password, String localName, boolean encrypted) {
    private static final String CONNECT_MILLIS = "10000";
    private static final String ANSWER_MILLIS = "60000";
    private static final int TLS_PORT = 465;

    static {
        // Named, or the mail library looks through every jar of the class path for it, many times a message.
        System.setProperty("jakarta.mail.util.StreamProvider", MailStreamProvider.class.getName());
    }

    Session session() {
        var smtp = new Properties();
        smtp.put("mail.smtp.localhost", localName);
        smtp.put("mail.smtp.connectiontimeout", CONNECT_MILLIS);
        smtp.put("mail.smtp.timeout", ANSWER_MILLIS);
        smtp.put("mail.smtp.writetimeout", ANSWER_MILLIS);
        smtp.put("mail.smtp.quitwait", "false");
        smtp.put("mail.smtp.auth", Boolean.toString(!username.isEmpty()));
        if (port == TLS_PORT) {
            smtp.put("mail.smtp.ssl.enable", "true");
        } else {
            smtp.put("mail.smtp.starttls.enable", "true");
            // A password or a customer's mail must not go over a line that somebody has stripped of its encryption.
            smtp.put("mail.smtp.starttls.required", Boolean.toString(encrypted));
            smtp.put("mail.smtp.ssl.checkserveridentity", "true");
            smtp.put("mail.smtp.socketFactory", new NoDelay());
        }
        return Session.getInstance(smtp);
    }

    /** @throws MailServerDownException if it does not let us in */
    Connection connect(Session session) {
        var transport = new Transport(session, this);
        try {
            transport.connect(host, port, username.isEmpty() ? null : username, username.isEmpty() ? null : password);
        } catch (MessagingException e) {
            throw new MailServerDownException(host + ":" + port, e);
        }
        return new Connection(transport);
    }

    /** The mail server does not answer, or does not let us in. */
    static final class MailServerDownException extends OutOfReachException {
        MailServerDownException(String address, Exception cause) {
            super("The mail server at " + address + " does not answer (" + cause.getMessage() + ")", cause);
        }
    }

    /** One connection, kept open over many messages. */
    static final class Connection implements AutoCloseable {
        private final Transport transport;

        private Connection(Transport transport) {
            this.transport = transport;
        }

        Delivery send(MimeMessage message, Address recipient) {
            transport.complete = false;
            try {
                transport.sendMessage(message, new Address[] {recipient});
                return new Delivery.Taken(Objects.requireNonNullElse(transport.getLastServerResponse(), "")
                        .strip());
            } catch (MessagingException e) {
                return judge(e);
            }
        }

        private Delivery judge(MessagingException e) {
            int code = code(e);
            var reply = Objects.requireNonNullElse(deepest(e).getMessage(), e.toString())
                    .strip();
            if (code == 421) return new Delivery.Interrupted(reply);
            if (code >= 500) return new Delivery.Never(reply);
            if (code >= 400) return new Delivery.Later(reply);
            return transport.complete ? new Delivery.Unsure(reply) : new Delivery.Interrupted(reply);
        }

        /** The server's refusal, or −1 where it did not answer. */
        private static int code(MessagingException e) {
            for (Exception cause = e; cause instanceof MessagingException chained; cause = chained.getNextException()) {
                if (cause instanceof SMTPAddressFailedException address) return address.getReturnCode();
                if (cause instanceof SMTPSendFailedException send && send.getReturnCode() > 0)
                    return send.getReturnCode();
            }
            return -1;
        }

        private static Exception deepest(MessagingException e) {
            var next = e.getNextException();
            if (!(e instanceof SendFailedException) || next == null) return e;
            return next instanceof MessagingException chained ? deepest(chained) : next;
        }

        boolean connected() {
            return transport.isConnected();
        }

        @Override
        public void close() {
            try {
                transport.close();
            } catch (MessagingException e) {
                // What was sent is sent; a farewell that fails changes nothing.
            }
        }
    }

    /** Remembers whether the final dot went out: from there on the server may have the message. */
    private static final class Transport extends SMTPTransport {
        private boolean complete;

        Transport(Session session, MailServer server) {
            super(session, new URLName("smtp", server.host(), server.port(), null, null, null));
        }

        @Override
        protected void finishData() throws IOException, MessagingException {
            complete = true;
            super.finishData();
        }
    }

    /** Sockets that do not wait for more to send: with Nagle and delayed ACK a connection does 20 mails a second. */
    static final class NoDelay extends SocketFactory {
        private static final SocketFactory PLAIN = SocketFactory.getDefault();

        private static Socket quick(Socket socket) throws IOException {
            socket.setTcpNoDelay(true);
            return socket;
        }

        @Override
        public Socket createSocket() throws IOException {
            return quick(PLAIN.createSocket());
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return quick(PLAIN.createSocket(host, port));
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
            return quick(PLAIN.createSocket(host, port, localHost, localPort));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return quick(PLAIN.createSocket(host, port));
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
                throws IOException {
            return quick(PLAIN.createSocket(host, port, localHost, localPort));
        }
    }
}
