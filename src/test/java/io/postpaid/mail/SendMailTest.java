package io.postpaid.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.platform.batch.Alone;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.file.Sha256;
import io.postpaid.support.Killed;
import io.postpaid.support.TestApplication;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** The outbox over real SMTP into the sandbox's folder of mails. */
class SendMailTest {
    private static final Instant NOW = Instant.parse("2026-11-01T09:00:00Z");

    @TempDir
    private Path home;

    private TestApplication application;

    @BeforeEach
    void start() {
        application = start(Map.of());
    }

    private TestApplication start(Map<String, String> settings) {
        var started = new TestApplication(home, NOW, settings, new BeanPostProcessor() {});
        started.jdbc().sql("""
                insert into account (id, name, email, currency, monthly_limit, free_credit, created_on)
                values ('acme', 'Ácme, Inc.', 'pay@acme.example', 'USD', 100, 0, date '2026-01-01')""").update();
        return started;
    }

    @AfterEach
    void stop() {
        application.close();
    }

    private void queue(String key, String recipient, @Nullable String attachment) {
        application
                .get(Outbox.class)
                .queue(new Notice(
                        "acme",
                        NoticeKind.PAYMENT_SUCCEEDED,
                        key,
                        recipient,
                        Map.of(
                                "account", Map.of("name", "Ácme, Inc.", "id", "acme"),
                                "card", "Visa ending 4242",
                                "invoice",
                                        Map.of(
                                                "number", "2026-000001",
                                                "period", "October 2026",
                                                "total", "USD 12.34",
                                                "amount_due", "USD 12.34")),
                        attachment));
    }

    private Done send() {
        var mail = application.get(SendMail.class);
        return Alone.run(application, new Run("nightly", LocalDate.of(2026, 11, 1), 1), mail::begun, mail::due);
    }

    private List<Path> mails() throws IOException {
        try (var files = Files.list(application.mails())) {
            return files.filter(file -> file.toString().endsWith(".eml"))
                    .sorted()
                    .toList();
        }
    }

    private List<String> statuses() {
        return application
                .jdbc()
                .sql("select status from notice order by id")
                .query(String.class)
                .list();
    }

    /** An invoice with its document, as rendering leaves them. */
    private void render(String pdf) {
        application
                .jdbc()
                .sql("""
                with issued as (
                    insert into invoice (account, period, currency, customer, issued_on, due_on, subtotal, credits, tax, total,
                                         amount_due, status, number, year)
                    values ('acme', '2026-10-01', 'USD', '{}', '2026-11-01', '2026-11-08', 0, 0, 0, 0, 0, 'PAID', '2026-000001', 2026)
                    returning id)
                insert into invoice_document (invoice, file, sha256, bytes)
                select id, '2026-10/2026-000001.pdf', :sha256, 1 from issued""")
                .param("sha256", Sha256.of(pdf.getBytes(StandardCharsets.UTF_8)))
                .update();
    }

    @Test
    void aFileOfAnInvoiceThatIsNotRenderedOrOfOtherBytesIsNotMailed() throws IOException {
        var file = Files.createDirectories(home.resolve("documents/2026-10")).resolve("2026-000001.pdf");
        Files.writeString(file, "half of it");
        queue("2026-000001/1", "pay@acme.example", "2026-10/2026-000001.pdf");

        assertThat(send().written()).isZero();
        assertThat(application.get(Outbox.class).list(NoticeStatus.QUEUED, null, 9))
                .singleElement()
                .satisfies(entry -> assertThat(entry.error()).contains("is not rendered: ./postpaid held shows why"));

        render("all of it");
        application.moveTo(NOW.plusSeconds(86_400));
        assertThat(send().written()).isZero();
        assertThat(application.get(Outbox.class).list(NoticeStatus.QUEUED, null, 9))
                .singleElement()
                .satisfies(entry -> assertThat(entry.error()).contains("is not the file that was issued"));

        Files.writeString(file, "all of it");
        application.moveTo(NOW.plusSeconds(3 * 86_400));
        assertThat(send().written()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "\"x\"", "7"})
    void aNoticeWhoseViewIsNoObjectStopsNoOther(String view) {
        application.jdbc().sql("alter table notice drop constraint notice_view").update();
        queue("1", "pay@acme.example", null);
        queue("2", "pay@acme.example", null);
        queue("3", "pay@acme.example", null);
        application
                .jdbc()
                .sql("update notice set view = :view::jsonb where key = '2'")
                .param("view", view)
                .update();

        assertThat(send().written()).isEqualTo(2);
        assertThat(statuses()).containsExactly("SENT", "FAILED", "SENT");
    }

    @Test
    void aNoticeIsOneMailWithItsPdfAndTheSameBytesEveryTime() throws IOException {
        Files.createDirectories(home.resolve("documents/2026-10"));
        Files.writeString(home.resolve("documents/2026-10/2026-000001.pdf"), "%PDF-1.7 not really");
        render("%PDF-1.7 not really");
        queue("2026-000001/1", "pay@acme.example", "2026-10/2026-000001.pdf");
        queue("2026-000001/1", "pay@acme.example", "2026-10/2026-000001.pdf");

        assertThat(send().written()).isEqualTo(1);
        assertThat(send().read()).isZero();

        var first = Files.readString(mails().getFirst());
        assertThat(mails()).hasSize(1);
        assertThat(first)
                .contains("Subject: Payment received for invoice 2026-000001")
                .contains("From: Aurora Voice API Oy <billing@auroravoice.example>")
                .contains("Date: Sun, 1 Nov 2026 09:00:00 +0000")
                .contains("Content-Type: multipart/mixed")
                .contains("Content-Type: text/plain; charset=UTF-8")
                .contains("Content-Type: text/html; charset=UTF-8")
                .contains("filename=2026-000001.pdf");
        assertThat(application.get(Outbox.class).list(NoticeStatus.SENT, null, 10))
                .singleElement()
                .satisfies(entry -> assertThat(entry.reply()).startsWith("250 "));

        application
                .jdbc()
                .sql("alter table notice disable trigger notice_is_sent")
                .update();
        application
                .jdbc()
                .sql("update notice set status = 'QUEUED', sent_at = null")
                .update();
        send();
        assertThat(mails())
                .hasSize(2)
                .allSatisfy(mail -> assertThat(Files.readString(mail)).isEqualTo(first));
    }

    @Test
    void aDomainInOtherLettersIsSentAsMailServersKnowIt() throws IOException {
        queue("1", "rechnung@müller.example", null);
        queue("2", "nobody@a..example", null);

        assertThat(send().written()).isEqualTo(1);

        assertThat(statuses()).containsExactly("SENT", "FAILED");
        assertThat(Files.readString(mails().getFirst())).contains("To: rechnung@xn--mller-kva.example");
    }

    @Test
    void aPasswordIsNotSentToAServerThatDoesNotEncrypt() throws IOException {
        application.close();
        application = start(Map.of("spring.mail.username", "me", "spring.mail.password", "secret"));
        queue("1", "pay@acme.example", null);

        assertThatThrownBy(this::send).hasStackTraceContaining("STARTTLS");

        assertThat(statuses()).containsExactly("QUEUED");
        assertThat(mails()).isEmpty();
    }

    @Test
    void refusedForNowIsTriedLaterRefusedForGoodIsListed() {
        queue("1", "someone@later.example", null);
        queue("2", "someone@bounce.example", null);
        queue("3", "pay@acme.example", null);

        var tally = send();

        assertThat(statuses()).containsExactly("QUEUED", "FAILED", "SENT");
        assertThat(tally.written()).isEqualTo(1);
        assertThat(tally.skipped()).isEqualTo(2);
        assertThat(application
                        .get(Outbox.class)
                        .list(NoticeStatus.FAILED, null, 9)
                        .getFirst()
                        .error())
                .contains("550", "5.1.1");
        assertThat(application
                        .get(Outbox.class)
                        .list(NoticeStatus.QUEUED, null, 9)
                        .getFirst()
                        .error())
                .contains("450");
        assertThat(send().read()).isZero();
        assertThat(application.get(Outbox.class).refusal("acme", "someone@bounce.example"))
                .hasValueSatisfying(refusal -> assertThat(refusal).contains("550"));
        assertThat(application.get(Outbox.class).refusal("acme", "pay@acme.example"))
                .isEmpty();

        for (int night = 1; night <= 12; night++) {
            application.moveTo(NOW.plusSeconds(night * 86_400L));
            send();
        }
        assertThat(statuses()).containsExactly("FAILED", "FAILED", "SENT");
    }

    @Test
    void aServerThatIsNotThereFailsTheStepAndLeavesEverythingQueued() {
        application.close();
        application = start(Map.of("spring.mail.port", "1"));
        queue("1", "pay@acme.example", null);

        assertThatThrownBy(this::send)
                .hasMessageStartingWith("The mail server at 127.0.0.1:1 does not answer")
                .hasMessageEndingWith("1 mails stay queued, rerun sends them");
        assertThat(statuses()).containsExactly("QUEUED");
    }

    @Test
    void anAnswerThatIsLostBehindTheFinalDotIsNeverSentAgainByItself() throws IOException {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> hangUpBehindTheDot(server));
            application.close();
            application = start(Map.of("spring.mail.port", Integer.toString(server.getLocalPort())));
            queue("1", "pay@acme.example", null);

            send();
            send();

            assertThat(statuses()).containsExactly("UNKNOWN");
            var again = application
                    .get(Outbox.class)
                    .resend(application
                            .get(Outbox.class)
                            .list(null, null, 1)
                            .getFirst()
                            .id());
            assertThat(again.key()).isEqualTo("1/again-1");
            assertThat(statuses()).containsExactly("UNKNOWN", "QUEUED");
        }
    }

    private static void hangUpBehindTheDot(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept();
                    var in = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
                var out = socket.getOutputStream();
                out.write("220 here\r\n".getBytes(StandardCharsets.US_ASCII));
                boolean data = false;
                for (var line = in.readLine(); line != null; line = in.readLine()) {
                    if (data && line.equals(".")) break;
                    if (data) continue;
                    data = line.equals("DATA");
                    out.write((data ? "354 go on\r\n" : "250 fine\r\n").getBytes(StandardCharsets.US_ASCII));
                }
            } catch (IOException e) {
                // The next one, or the end.
            }
        }
    }

    @Test
    void whereMailsCannotBeLookedUpAPersonDecides() {
        application.close();
        application = start(Map.of("postpaid.mail.sent-folder", ""));
        queue("1", "pay@acme.example", null);
        application.jdbc().sql("update notice set status = 'SENDING'").update();

        send();

        assertThat(statuses()).containsExactly("UNKNOWN");
    }

    /** Killed at any point: between DATA and SENT, too. */
    @Test
    void exactlyOneMailWhereverTheProcessDies() throws IOException {
        var random = new Random(7);
        int queued = 0;
        for (int round = 0; round < 40; round++) {
            for (int i = 0; i < 5; i++) queue("k" + ++queued, "pay@acme.example", null);
            application.crashes.killAfter(round < 24 ? round : random.nextInt(40));
            try {
                send();
            } catch (Killed dead) {
                // Another process goes on.
            }
            application.crashes.revive();
        }
        send();

        assertThat(statuses()).hasSize(queued).containsOnly("SENT");
        assertThat(mails()).hasSize(queued).noneMatch(mail -> mail.toString().contains("~"));
    }
}
