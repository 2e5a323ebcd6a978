package io.postpaid.mail;

import io.postpaid.mail.MailServer.Connection;
import io.postpaid.mail.MailServer.MailServerDownException;
import io.postpaid.mail.OutboxStore.Begun;
import io.postpaid.mail.OutboxStore.Outgoing;
import io.postpaid.platform.batch.Crew;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Tally;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.file.Sha256;
import io.postpaid.platform.home.Home;
import io.postpaid.platform.template.Seller;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends what is queued: each notice is claimed, sent and recorded by itself, over one connection per worker.
 *
 * <p>One run at a time sends, so that what is found half sent at the start was left by a process that is gone.
 */
final class SendMail {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int WORKERS = 4;
    private static final int TRIES_MAX = 10;
    private static final int RECONNECTS_MAX = 3;
    /** Nightly runs come once a day: an hour later, two, four, and then each night. */
    private static final Duration NIGHT = Duration.ofHours(20);

    private final OutboxStore store;
    private final MailTemplates templates;
    private final Seller seller;
    private final Home home;
    private final BillingClock clock;
    private final MailServer server;
    private final Session session;
    private final Optional<SentFolder> sentFolder;

    SendMail(
            OutboxStore store,
            MailTemplates templates,
            Seller seller,
            Home home,
            BillingClock clock,
            MailServer server,
            Optional<SentFolder> sentFolder) {
        this.store = store;
        this.templates = templates;
        this.seller = seller;
        this.home = home;
        this.clock = clock;
        this.server = server;
        this.session = server.session();
        this.sentFolder = sentFolder;
    }

    void run(Run run, Tally tally) {
        recover();
        var due = store.due(clock.instant());
        if (due == 0) return;
        if (server.host().isEmpty()) {
            throw new IllegalStateException("SPRING_MAIL_HOST is not set: " + due + " mails stay queued");
        }
        tally.expect(due);
        var last = new AtomicLong();
        int workers = Math.toIntExact(Math.min(WORKERS, due));
        try {
            Crew.each(IntStream.range(0, workers).iterator(), workers, worker -> work(last, tally));
        } catch (MailServerDownException e) {
            throw new IllegalStateException(
                    e.getMessage() + ": " + store.due(clock.instant()) + " mails stay queued, rerun sends them", e);
        }
    }

    /** What a killed process left half sent is looked up where mails end, or is for a person to decide. */
    private void recover() {
        var begun = Crew.pages(store::begun, Begun::id);
        while (begun.hasNext()) {
            var notice = begun.next();
            boolean halfSent = notice.status().equals("SENDING");
            if (sentFolder.isPresent() && sentFolder.get().holds(notice.messageId())) {
                store.sent(notice.id(), clock.instant(), "found among the sent mails");
            } else if (halfSent && sentFolder.isPresent()) {
                store.putBack(notice.id());
            } else if (halfSent) {
                store.unknown(notice.id(), "the process that sent it was killed; look for " + notice.messageId());
            }
        }
    }

    private void work(AtomicLong last, Tally tally) {
        @Nullable Connection connection = server.connect(session);
        try {
            while (true) {
                var claimed = claim(last);
                if (claimed.isEmpty()) return;
                tally.read(1);
                connection = sendOrHold(claimed.get(), connection, tally);
            }
        } finally {
            if (connection != null) connection.close();
        }
    }

    /** The next notice; those that came to be due behind others are found by a second look from the start. */
    private Optional<Outgoing> claim(AtomicLong last) {
        var next = store.claim(last.get(), clock.instant()).or(() -> store.claim(0, clock.instant()));
        next.ifPresent(notice -> last.accumulateAndGet(notice.id(), Math::max));
        return next;
    }

    /** What nobody foresaw is this mail's. It may have gone out by then: the next run looks it up as one half sent. */
    private @Nullable Connection sendOrHold(Outgoing notice, @Nullable Connection connection, Tally tally) {
        var next = new AtomicReference<@Nullable Connection>();
        tally.item(
                Item.of("mail", notice.messageId(), notice.account()), () -> next.set(send(notice, connection, tally)));
        if (next.get() == null && connection != null) connection.close();
        return next.get();
    }

    /** @return the connection to go on with */
    private @Nullable Connection send(Outgoing notice, @Nullable Connection connection, Tally tally) {
        final MailMessage message;
        try {
            message = write(notice);
        } catch (IOException e) {
            later(notice, "its attachment cannot be read: " + e.getMessage(), tally);
            return connection;
        } catch (MessagingException | IllegalArgumentException e) {
            store.failed(notice.id(), "it cannot be written: " + e.getMessage());
            tally.skipped(1);
            return connection;
        }
        var open = connection;
        for (int tries = 1; ; tries++) {
            if (open == null || !open.connected()) open = connect(notice);
            switch (open.send(message, address(notice))) {
                case Delivery.Taken(var reply) -> {
                    store.sent(notice.id(), clock.instant(), reply);
                    tally.written(1);
                }
                case Delivery.Later(var reply) -> later(notice, reply, tally);
                case Delivery.Never(var reply) -> {
                    store.failed(notice.id(), reply);
                    tally.skipped(1);
                }
                case Delivery.Unsure(var why) -> {
                    store.unknown(notice.id(), why);
                    tally.skipped(1);
                    open.close();
                }
                case Delivery.Interrupted(var why) -> {
                    open.close();
                    if (tries < RECONNECTS_MAX) continue;
                    later(notice, why, tally);
                }
            }
            return open;
        }
    }

    private Connection connect(Outgoing notice) {
        try {
            return server.connect(session);
        } catch (MailServerDownException e) {
            store.putBack(notice.id());
            throw e;
        }
    }

    private void later(Outgoing notice, String why, Tally tally) {
        int tries = notice.tries() + 1;
        tally.skipped(1);
        if (tries >= TRIES_MAX) {
            store.failed(notice.id(), "given up after " + tries + " tries: " + why);
            return;
        }
        var wait = Duration.ofHours(1L << (tries - 1));
        store.queueAgain(notice.id(), tries, clock.instant().plus(wait.compareTo(NIGHT) < 0 ? wait : NIGHT), why);
    }

    private MailMessage write(Outgoing notice) throws IOException, MessagingException {
        var text = text(notice);
        var file = notice.attachment();
        if (file == null) return MailMessage.of(session, seller, notice, text, null, null);
        var path = home.documents().resolve(file);
        return MailMessage.of(session, seller, notice, text, name(path), document(file, path));
    }

    /** What is wrong with the view concerns this notice alone, whatever it is. */
    private MailText text(Outgoing notice) {
        try {
            Map<String, @Nullable Object> view = JSON.readValue(notice.view(), new TypeReference<>() {});
            return templates.render(notice.kind(), Objects.requireNonNull(view, "its view is no JSON object"));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(Objects.requireNonNullElse(e.getMessage(), e.toString()), e);
        }
    }

    /** The bytes of a document as it was issued: a file may lie there of one that is held, or be another by now. */
    private byte[] document(String file, Path path) throws IOException {
        var known = store.documentHash(file)
                .orElseThrow(() -> new IOException(file + " is not rendered: ./postpaid held shows why"));
        var bytes = Files.readAllBytes(path);
        if (!known.equals(Sha256.of(bytes))) throw new IOException(path + " is not the file that was issued");
        return bytes;
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static InternetAddress address(Outgoing notice) {
        try {
            return new InternetAddress(MailMessage.ascii(notice.recipient()));
        } catch (AddressException e) {
            throw new IllegalArgumentException(notice.recipient(), e);
        }
    }
}
