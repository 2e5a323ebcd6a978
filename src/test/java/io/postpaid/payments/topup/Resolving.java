package io.postpaid.payments.topup;

import io.postpaid.platform.batch.Alone;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Run;
import io.postpaid.support.TestApplication;

/** The step that resolves top-ups, without the night around it. */
public final class Resolving {
    private Resolving() {}

    public static Done topUps(TestApplication application, Run run) {
        return Alone.run(application, run, application.get(TopUps.class)::unresolved);
    }
}
