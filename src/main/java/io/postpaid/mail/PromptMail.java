package io.postpaid.mail;

import io.postpaid.mail.OutboxStore.Outgoing;
import io.postpaid.platform.batch.OutOfReachException;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.template.Seller;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.util.HtmlUtils;

/** Mails that are of no use later: each is sent at once or not at all, and kept nowhere. */
public final class PromptMail {
    private static final Logger LOG = LoggerFactory.getLogger(PromptMail.class);

    private final MailTemplates templates;
    private final Seller seller;
    private final BillingClock clock;
    private final MailServer server;
    private final Session session;

    PromptMail(MailTemplates templates, Seller seller, BillingClock clock, MailServer server) {
        this.templates = templates;
        this.seller = seller;
        this.clock = clock;
        this.server = server;
        this.session = server.session();
    }

    /**
     * Sends a mail; what keeps it from being sent is logged.
     *
     * @param kind its folder under {@code templates/mail}
     * @return whether the mail server has taken it
     */
    public boolean send(String kind, String account, String recipient, Map<String, ?> view) {
        var all = new HashMap<String, Object>(view);
        all.put("seller", Map.of("name", seller.name(), "email", seller.email(), "web", seller.web()));
        return send(kind, account, recipient, templates.render(kind, all));
    }

    /** A mail to the operator, in plain words. */
    public boolean tell(String operator, String subject, String text) {
        var html = "<!DOCTYPE html>\n<html lang=\"en\"><body><p>" + HtmlUtils.htmlEscape(text) + "</p></body></html>\n";
        return send("operator", "", operator, new MailText(subject, text + "\n", html));
    }

    private boolean send(String kind, String account, String recipient, MailText text) {
        var id = "<" + UUID.randomUUID() + "@" + server.localName() + ">";
        var notice = new Outgoing(0, account, kind, recipient, "{}", null, id, clock.instant(), 0, null);
        try (var line = server.connect(session)) {
            var message = MailMessage.of(session, seller, notice, text, null, null);
            if (line.send(message, new InternetAddress(MailMessage.ascii(recipient))) instanceof Delivery.Taken)
                return true;
            LOG.warn("The mail {} for account {} was not taken by the mail server", kind, account);
        } catch (OutOfReachException | MessagingException e) {
            LOG.warn("The mail {} for account {} could not be sent: {}", kind, account, e.getMessage());
        }
        return false;
    }
}
