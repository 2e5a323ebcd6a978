package io.postpaid.payments.webhook;

import io.postpaid.payments.settlement.RefundCalls;
import io.postpaid.platform.batch.Alone;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Run;
import io.postpaid.support.TestApplication;

/** The events of Stripe, without a server or a night around them. */
public final class Events {
    public static final String SECRET = Webhooks.SANDBOX_SECRET;

    private Events() {}

    public static Done sweep(TestApplication application, Run run) {
        var events = application.get(EventProcessing.class);
        return Alone.run(
                application, run, events::delivered, application.get(RefundCalls.class)::unresolved, events::listed);
    }

    public static void processDue(TestApplication application) {
        application.get(EventProcessing.class).processDue(() -> true);
    }
}
