package io.postpaid.payments.dunning;

import io.postpaid.platform.batch.Alone;
import io.postpaid.platform.batch.Run;
import io.postpaid.support.TestApplication;

/** The dunning of a night, without the night around it. */
public final class Chasing {
    private Chasing() {}

    public static void advance(TestApplication application, Run run) {
        var dunning = application.get(Dunning.class);
        Alone.hold(application, run, dunning::unpaid, dunning::settled);
    }
}
