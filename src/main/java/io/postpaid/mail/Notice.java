package io.postpaid.mail;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An e-mail to an account, to be queued in the transaction that causes it.
 *
 * @param key what happened, so that it is told once: one notice per kind, key and recipient, ever
 * @param view what the mail prints, as strings; the seller is added to it. A null is an absent part
 * @param recipient empty where the account's address is not known yet
 * @param attachment a file relative to the folder of documents
 */
public record Notice(
        String account,
        NoticeKind kind,
        String key,
        String recipient,
        Map<String, ? extends @Nullable Object> view,
        @Nullable String attachment) {
    public Notice {
        if (key.isBlank()) throw new IllegalArgumentException("a notice without a key");
        if (!recipient.isEmpty() && !recipient.matches("[^\\s@]+@[^\\s@]+")) {
            throw new IllegalArgumentException("not an e-mail address: " + recipient);
        }
    }
}
