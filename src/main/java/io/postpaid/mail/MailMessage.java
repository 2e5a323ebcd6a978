package io.postpaid.mail;

import io.postpaid.mail.OutboxStore.Outgoing;
import io.postpaid.platform.template.Seller;
import jakarta.activation.DataHandler;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.UnsupportedEncodingException;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import org.jspecify.annotations.Nullable;

/** A notice as a message: the same notice is the same bytes, however often it is written. */
final class MailMessage extends MimeMessage {
    private final String messageId;

    private MailMessage(Session session, String messageId) {
        super(session);
        this.messageId = messageId;
    }

    /** @param pdf what is attached under the name */
    static MailMessage of(
            Session session,
            Seller seller,
            Outgoing notice,
            MailText text,
            @Nullable String name,
            byte @Nullable [] pdf)
            throws MessagingException {
        var message = new MailMessage(session, notice.messageId());
        try {
            message.setFrom(new InternetAddress(seller.email(), seller.name(), StandardCharsets.UTF_8.name()));
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException(e);
        }
        message.setRecipient(RecipientType.TO, new InternetAddress(ascii(notice.recipient())));
        message.setSubject(text.subject(), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(notice.queuedAt()));
        message.setHeader("Auto-Submitted", "auto-generated");
        var words = new MessageParts("alternative", "words-" + notice.messageId());
        words.addBodyPart(part(text.text(), "plain"));
        words.addBodyPart(part(text.html(), "html"));
        if (pdf == null) {
            message.setContent(words);
        } else {
            var body = new MimeBodyPart();
            body.setContent(words);
            var all = new MessageParts("mixed", "parts-" + notice.messageId());
            all.addBodyPart(body);
            all.addBodyPart(attachment(name, pdf));
            message.setContent(all);
        }
        message.saveChanges();
        return message;
    }

    /** The address with its domain as mail servers know it: {@code müller.example} is {@code xn--mller-kva.example}. */
    static String ascii(String address) {
        int at = address.lastIndexOf('@') + 1;
        return address.substring(0, at) + IDN.toASCII(address.substring(at));
    }

    private static MimeBodyPart part(String text, String subtype) throws MessagingException {
        var part = new MimeBodyPart();
        part.setText(text, StandardCharsets.UTF_8.name(), subtype);
        part.setHeader("Content-Transfer-Encoding", "quoted-printable");
        return part;
    }

    private static MimeBodyPart attachment(@Nullable String name, byte[] pdf) throws MessagingException {
        var part = new MimeBodyPart();
        part.setDataHandler(new DataHandler(new ByteArrayDataSource(pdf, "application/pdf")));
        part.setFileName(name);
        part.setHeader("Content-Transfer-Encoding", "base64");
        return part;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", "<" + messageId + ">");
    }

    /** Parts with a boundary that is always the same. */
    private static final class MessageParts extends MimeMultipart {
        MessageParts(String subtype, String boundary) {
            super(subtype);
            contentType =
                    "multipart/" + subtype + "; boundary=\"=_" + Integer.toHexString(boundary.hashCode()) + "_=" + "\"";
        }
    }
}
