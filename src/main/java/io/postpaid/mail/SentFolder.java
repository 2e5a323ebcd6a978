package io.postpaid.mail;

import java.nio.file.Files;
import java.nio.file.Path;

/** The folder that mails end in, where it can be looked at: it tells whether one was taken before a process died. */
record SentFolder(Path path) {

    boolean holds(String messageId) {
        return Files.exists(path.resolve(messageId.replaceAll("[^A-Za-z0-9._@-]", "_") + ".eml"));
    }
}
