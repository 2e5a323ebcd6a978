package io.postpaid.mail;

import io.postpaid.platform.batch.Alone;
import io.postpaid.platform.batch.Run;
import io.postpaid.support.TestApplication;

/** The mails of a run, without the run around them. */
public final class Mails {
    private Mails() {}

    public static void send(TestApplication application, Run run) {
        var mail = application.get(SendMail.class);
        Alone.hold(application, run, mail::begun, mail::due);
    }
}
