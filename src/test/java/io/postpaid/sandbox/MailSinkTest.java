package io.postpaid.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mails sent by the mail library that the product uses. */
class MailSinkTest {
    @TempDir
    private Path directory;

    private Sandbox sandbox;
    private Session session;

    @BeforeEach
    void start() {
        sandbox = Sandbox.start(directory, InstantSource.system());
        var properties = new Properties();
        properties.put("mail.smtp.host", "127.0.0.1");
        properties.put("mail.smtp.port", Integer.toString(sandbox.smtpPort()));
        properties.put("mail.smtp.localhost", "localhost");
        session = Session.getInstance(properties);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    @Test
    void aMailIsKeptByteForByteUnderItsMessageId() throws Exception {
        var message = message("<42.1-invoice@postpaid.example>", "acme@acme.example");
        // Lines that begin with a dot are doubled on the way and must not be in the file.
        message.setText("Dear customer,\r\n.\r\n..two\r\n.one\r\nSchöne Grüße\r\n", "UTF-8");
        message.setHeader("Content-Transfer-Encoding", "8bit");
        message.saveChanges();

        try (var transport = connect()) {
            transport.sendMessage(message, message.getAllRecipients());
            assertThat(transport.getLastReturnCode()).isEqualTo(250);
            // Before the connection ends: it was there when the server said so.
            assertThat(mails()).containsExactly("42.1-invoice@postpaid.example.eml");
        }
        var sent = new ByteArrayOutputStream();
        message.writeTo(sent);
        assertThat(Files.readAllBytes(directory.resolve("mail/42.1-invoice@postpaid.example.eml")))
                .isEqualTo(sent.toByteArray());
    }

    @Test
    void aSecondDeliveryShows() throws Exception {
        try (var transport = connect()) {
            for (int i = 0; i < 3; i++) {
                var message = message("<a/b+c@postpaid.example>", "acme@acme.example");
                transport.sendMessage(message, message.getAllRecipients());
            }
        }
        assertThat(mails())
                .containsExactly(
                        "a_b_c@postpaid.example.eml", "a_b_c@postpaid.example~2.eml", "a_b_c@postpaid.example~3.eml");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"someone@bounce.example, 550", "Someone@Later.Example, 450"})
    void someRecipientsAreRefused(String recipient, int code) throws Exception {
        try (var transport = connect()) {
            var refused = message("<refused@postpaid.example>", recipient);
            var failure = catchThrowableOfType(
                    SendFailedException.class, () -> transport.sendMessage(refused, refused.getAllRecipients()));

            assertThat(failure.getNextException())
                    .isInstanceOfSatisfying(
                            SMTPAddressFailedException.class,
                            address -> assertThat(address.getReturnCode()).isEqualTo(code));
            // The connection goes on, as it would with a real server.
            var taken = message("<taken@postpaid.example>", "acme@acme.example");
            transport.sendMessage(taken, new Address[] {new InternetAddress("acme@acme.example")});
        }
        assertThat(mails()).containsExactly("taken@postpaid.example.eml");
    }

    private SMTPTransport connect() throws Exception {
        var transport = (SMTPTransport) session.getTransport("smtp");
        transport.connect();
        return transport;
    }

    private MimeMessage message(String id, String recipient) throws Exception {
        var message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws jakarta.mail.MessagingException {
                setHeader("Message-ID", id);
            }
        };
        message.setFrom("billing@postpaid.example");
        message.setRecipients(Message.RecipientType.TO, recipient);
        message.setSubject("Invoice 2026-000042", StandardCharsets.UTF_8.name());
        message.setText("Dear customer,\r\n");
        message.saveChanges();
        return message;
    }

    private List<String> mails() throws Exception {
        try (var files = Files.list(directory.resolve("mail"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
