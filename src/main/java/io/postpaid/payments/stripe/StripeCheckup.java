package io.postpaid.payments.stripe;

import com.stripe.param.EventListParams;
import io.postpaid.platform.checkup.Checkup;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Whether Stripe lets us in, by asking for its newest event. */
@Component
@Order(3)
class StripeCheckup implements Checkup {
    private final ObjectProvider<StripeCalls> stripe;
    private final ObjectProvider<StripeSettings> settings;

    StripeCheckup(ObjectProvider<StripeCalls> stripe, ObjectProvider<StripeSettings> settings) {
        this.stripe = stripe;
        this.settings = settings;
    }

    @Override
    public String of() {
        return "Stripe";
    }

    @Override
    public String look() {
        var newest = EventListParams.builder().setLimit(1L).build();
        stripe.getObject().send("events/list", api -> api.events().list(newest));
        var live = settings.getObject().apiKey().matches("(sk|rk)_live_.*");
        return stripe.getObject().name() + " takes the key, which charges " + (live ? "real cards" : "no real card");
    }
}
