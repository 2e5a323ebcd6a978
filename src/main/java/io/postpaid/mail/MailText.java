package io.postpaid.mail;

import io.postpaid.platform.file.PlainText;

/** One e-mail in words: the subject, and the same message as plain text and as HTML. */
public record MailText(String subject, String text, String html) {
    public MailText {
        if (subject.isBlank() || PlainText.hasControl(subject)) {
            throw new IllegalArgumentException("a subject is one line of text");
        }
    }
}
