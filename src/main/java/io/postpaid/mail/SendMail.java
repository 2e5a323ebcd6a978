package io.postpaid.mail;

import io.postpaid.mail.MailServer.Connection;
import io.postpaid.mail.MailServer.MailServerDownException;
import io.postpaid.mail.OutboxStore.Outgoing;
import io.postpaid.mail.OutboxStore.Pending;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.OutOfReachException;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.file.Sha256;
import io.postpaid.platform.store.DocumentStore;
import io.postpaid.platform.template.Seller;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends what is queued: each notice is claimed, sent and recorded by itself, over connections that stay open.
 *
 * <p>One run at a time sends, so that what is found half sent at the start was left by a process that is gone.
 */
final class SendMail {
    private static final JsonMapper JSON = JsonMapper.shared();
    /** Connections to the mail server at a time. */
    private static final int LINES = 4;
    /** Mails under way at a time: while some go out, others are claimed and recorded. */
    private static final int WORKERS = 12;

    private static final int TRIES_MAX = 10;
    private static final int RECONNECTS_MAX = 3;
    /** Nightly runs come once a day: an hour later, two, four, and then each night. */
    private static final Duration NIGHT = Duration.ofHours(20);

    private final OutboxStore store;
    private final MailTemplates templates;
    private final Seller seller;
    private final DocumentStore documents;
    private final BillingClock clock;
    private final MailServer server;
    private final Session session;
    private final Optional<SentFolder> sentFolder;

    SendMail(
            OutboxStore store,
            MailTemplates templates,
            Seller seller,
            DocumentStore documents,
            BillingClock clock,
            MailServer server,
            Optional<SentFolder> sentFolder) {
        this.store = store;
        this.templates = templates;
        this.seller = seller;
        this.documents = documents;
        this.clock = clock;
        this.server = server;
        this.session = server.session();
        this.sentFolder = sentFolder;
    }

    /** What a killed process left half sent is looked up where mails end, or is for a person to decide. */
    Items<Pending> begun(Run run) {
        return Items.each(store.begun(), SendMail::item, this::recover);
    }

    private Done recover(Pending notice) {
        boolean halfSent = notice.status().equals("SENDING");
        if (sentFolder.isPresent() && sentFolder.get().holds(notice.messageId())) {
            store.sent(notice.id(), clock.instant(), "found among the sent mails");
        } else if (halfSent && sentFolder.isPresent()) {
            store.putBack(notice.id());
        } else if (halfSent) {
            store.unknown(notice.id(), "the process that sent it was killed; look for " + notice.messageId());
        }
        return Done.NOTHING;
    }

    Items<Pending> due(Run run) {
        var due = store.due(clock.instant());
        if (server.host().isEmpty() && store.count(due) > 0) {
            throw new IllegalStateException("SPRING_MAIL_HOST is not set: " + store.count(due) + " mails stay queued");
        }
        var lines = new Lines();
        return Items.each(due, SendMail::item, notice -> send(notice, lines))
                .atOnce(WORKERS)
                .closing(lines::close);
    }

    private static Item item(Pending notice) {
        return Item.of("mail", notice.messageId(), notice.account());
    }

    /** What fails behind the claim may have gone out by then: the next run looks it up as one half sent. */
    private Done send(Pending known, Lines lines) {
        return store.claim(known.id()).map(notice -> send(notice, lines)).orElse(Done.NOTHING);
    }

    private Done send(Outgoing notice, Lines lines) {
        final MailMessage message;
        try {
            message = write(notice);
        } catch (OutOfReachException e) {
            store.putBack(notice.id());
            throw e;
        } catch (IOException e) {
            return later(notice, "its attachment cannot be read: " + e.getMessage());
        } catch (MessagingException | IllegalArgumentException e) {
            store.failed(notice.id(), "it cannot be written: " + e.getMessage());
            return Done.SKIPPED;
        }
        for (int tries = 1; ; tries++) {
            switch (over(lines, message, notice)) {
                case Delivery.Taken(var reply) -> {
                    store.sent(notice.id(), clock.instant(), reply);
                    return Done.WRITTEN;
                }
                case Delivery.Later(var reply) -> {
                    return later(notice, reply);
                }
                case Delivery.Never(var reply) -> {
                    store.failed(notice.id(), reply);
                    return Done.SKIPPED;
                }
                case Delivery.Unsure(var why) -> {
                    store.unknown(notice.id(), why);
                    return Done.SKIPPED;
                }
                case Delivery.Interrupted(var why) -> {
                    if (tries == RECONNECTS_MAX) return later(notice, why);
                }
            }
        }
    }

    private Delivery over(Lines lines, MailMessage message, Outgoing notice) {
        var to = address(notice);
        try {
            return lines.send(message, to);
        } catch (MailServerDownException e) {
            store.putBack(notice.id());
            var left = store.count(store.unsent(clock.instant()));
            throw new OutOfReachException(e.getMessage() + ": " + left + " mails stay queued, rerun sends them", e);
        }
    }

    /** Connections that stay open over many mails. */
    private final class Lines {
        private final Semaphore permits = new Semaphore(LINES);
        private final Queue<Connection> free = new ConcurrentLinkedQueue<>();

        Delivery send(MailMessage message, InternetAddress to) {
            permits.acquireUninterruptibly();
            try {
                var idle = free.poll();
                var open = idle != null && idle.connected() ? idle : server.connect(session);
                boolean usable = false;
                try {
                    var delivery = open.send(message, to);
                    usable = !(delivery instanceof Delivery.Unsure || delivery instanceof Delivery.Interrupted);
                    return delivery;
                } finally {
                    if (usable) free.add(open);
                    else open.close();
                }
            } finally {
                permits.release();
            }
        }

        void close() {
            free.forEach(Connection::close);
        }
    }

    private Done later(Outgoing notice, String why) {
        int tries = notice.tries() + 1;
        if (tries >= TRIES_MAX) {
            store.failed(notice.id(), "given up after " + tries + " tries: " + why);
            return Done.SKIPPED;
        }
        var wait = Duration.ofHours(1L << (tries - 1));
        store.queueAgain(notice.id(), tries, clock.instant().plus(wait.compareTo(NIGHT) < 0 ? wait : NIGHT), why);
        return Done.SKIPPED;
    }

    private MailMessage write(Outgoing notice) throws IOException, MessagingException {
        var text = text(notice);
        var file = notice.attachment();
        if (file == null) return MailMessage.of(session, seller, notice, text, null, null);
        return MailMessage.of(session, seller, notice, text, StringUtils.getFilename(file), document(notice, file));
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
    private byte[] document(Outgoing notice, String file) throws IOException {
        var known = notice.attachmentSha256();
        if (known == null) throw new IOException(notice.attachment() + " is not rendered: ./postpaid held shows why");
        var bytes = documents.read(file);
        if (!known.equals(Sha256.of(bytes)))
            throw new IOException(documents.place(file) + " is not the file that was issued");
        return bytes;
    }

    private static InternetAddress address(Outgoing notice) {
        try {
            return new InternetAddress(MailMessage.ascii(notice.recipient()));
        } catch (AddressException e) {
            throw new IllegalArgumentException(notice.recipient(), e);
        }
    }
}
