package io.postpaid.cli;

import io.postpaid.mail.NoticeStatus;
import io.postpaid.mail.Outbox;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "mail", description = "Notices to accounts, and what became of them.")
final class MailCommands {
    private static final int LISTED_MAX = 1_000;

    private static final Fields<Outbox.Entry> NOTICES = new Fields<Outbox.Entry>()
            .both("id", "ID", Outbox.Entry::id)
            .column("QUEUED", Outbox.Entry::queuedAt)
            .both("account", "ACCOUNT", Outbox.Entry::account)
            .both("kind", "KIND", Outbox.Entry::kind)
            .field("key", Outbox.Entry::key)
            .both("recipient", "TO", Outbox.Entry::recipient)
            .both("status", "STATUS", Outbox.Entry::status)
            .field("message_id", Outbox.Entry::messageId)
            .field("queued_at", Outbox.Entry::queuedAt)
            .both("sent_at", "SENT", Outbox.Entry::sentAt)
            .field("tries", Outbox.Entry::tries)
            .field("reply", Outbox.Entry::reply)
            .both("error", "ERROR", Outbox.Entry::error);

    @Autowired
    private Outbox outbox;

    @Command(name = "list", description = "Lists notices, the newest first.")
    Answer list(
            @Option(names = "--status", description = "QUEUED, SENDING, SENT, UNKNOWN or FAILED.") @Nullable
                    NoticeStatus status,
            @Option(names = "--account", paramLabel = "ID", description = "Those of one account.") @Nullable
                    String account) {
        return NOTICES.list(outbox.list(status, account, LISTED_MAX), "There are no notices");
    }

    @Command(name = "resend", description = "Queues a notice once more; the next run sends it.")
    Answer resend(@Parameters(paramLabel = "ID", description = "As mail list tells it.") Long id) {
        var entry = outbox.resend(id);
        return Answer.of(
                NOTICES.json(entry),
                "Queued as " + entry.id() + " to " + entry.recipient() + ": the next nightly or monthly run sends it");
    }
}
