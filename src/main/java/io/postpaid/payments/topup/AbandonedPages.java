package io.postpaid.payments.topup;

import io.postpaid.payments.charging.PagePayments;
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

    AbandonedPages(PagePayments payments, TopUps topUps) {
        this.payments = payments;
        this.topUps = topUps;
    }

    /** A database or a Stripe that is out of reach for a while ends nothing. */
    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.MINUTES)
    void resolve() {
        try {
            payments.resolveAbandoned();
            topUps.resolveAbandoned();
        } catch (RuntimeException e) {
            LOG.warn("Payments that customers have left wait: {}", e.getMessage());
        }
    }
}
