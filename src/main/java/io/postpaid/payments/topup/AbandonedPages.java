package io.postpaid.payments.topup;

import io.postpaid.payments.charging.PagePayments;
import io.postpaid.payments.charging.UnneededIntents;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Ends the payments of customers who have left a page, or their bank's, so that runs may go on with what they left. */
@Component
@ConditionalOnWebApplication
class AbandonedPages {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonedPages.class);

    private final PagePayments payments;
    private final TopUps topUps;
    private final UnneededIntents unneeded;

    AbandonedPages(PagePayments payments, TopUps topUps, UnneededIntents unneeded) {
        this.payments = payments;
        this.topUps = topUps;
        this.unneeded = unneeded;
    }

    /** A database or a Stripe that is out of reach for a while ends nothing. */
    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.MINUTES)
    void resolve() {
        try {
            payments.resolveAbandoned();
            topUps.resolveAbandoned();
            unneeded.cancelAll();
        } catch (RuntimeException e) {
            LOG.warn("Payments that customers have left wait: {}", e.getMessage());
        }
    }
}
