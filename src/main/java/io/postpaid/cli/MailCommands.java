package io.postpaid.cli;

import io.postpaid.mail.NoticeStatus;
import io.postpaid.mail.Outbox;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "mail", description = "Notices to accounts, and what became of them.")
final class MailCommands {
    private static final int LISTED_MAX = 1_000;

    @Autowired
    private Outbox outbox;

    private record Listed(
            long id,
            String account,
            String kind,
            String key,
            String recipient,
            String status,
            String messageId,
            Instant queuedAt,
            @Nullable Instant sentAt,
            int tries,
            @Nullable String reply,
            @Nullable String error) {}

    @Command(name = "list", description = "Lists notices, the newest first.")
    Answer list(
            @Option(names = "--status", description = "QUEUED, SENDING, SENT, UNKNOWN or FAILED.") @Nullable
                    NoticeStatus status,
            @Option(names = "--account", paramLabel = "ID", description = "Those of one account.") @Nullable
                    String account) {
        var entries = outbox.list(status, account, LISTED_MAX);
        var table = new Table("ID", "QUEUED", "ACCOUNT", "KIND", "TO", "STATUS", "SENT", "ERROR");
        entries.forEach(entry -> table.row(
                entry.id(),
                entry.queuedAt(),
                entry.account(),
                entry.kind(),
                entry.recipient(),
                entry.status(),
                entry.sentAt() == null ? "" : entry.sentAt(),
                entry.error() == null ? "" : entry.error()));
        return Answer.of(entries.stream().map(MailCommands::listed).toList(), table.orElse("There are no notices"));
    }

    private static Listed listed(Outbox.Entry entry) {
        return new Listed(
                entry.id(),
                entry.account(),
                entry.kind(),
                entry.key(),
                entry.recipient(),
                entry.status(),
                entry.messageId(),
                entry.queuedAt(),
                entry.sentAt(),
                entry.tries(),
                entry.reply(),
                entry.error());
    }

    @Command(name = "resend", description = "Queues a notice once more; the next run sends it.")
    Answer resend(@Parameters(paramLabel = "ID", description = "As mail list tells it.") Long id) {
        var entry = outbox.resend(id);
        return Answer.of(
                listed(entry),
                "Queued as " + entry.id() + " to " + entry.recipient() + ": the next nightly or monthly run sends it");
    }
}
