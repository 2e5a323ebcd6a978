package io.postpaid.payments;

import io.postpaid.platform.batch.Steps;
import io.postpaid.platform.calendar.BillingClock;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.step.Step;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class PaymentConfiguration {

    @Bean
    Step resolveTopUps(Steps steps, TopUps topUps) {
        return steps.items("resolve-top-ups", topUps::unresolved);
    }

    @Bean
    Step attachCards(Steps steps, Payments payments) {
        return steps.items("attach-cards", payments::cardsWanted);
    }

    @Bean
    Step chargeInvoices(Steps steps, Payments payments, BillingClock clock) {
        return steps.items("charge-invoices", run -> payments.unresolved(clock.today()), payments::untried);
    }

    @Bean
    Step retryPayments(Steps steps, Payments payments) {
        return steps.items(
                "retry-payments", run -> payments.unresolved(run.date()), payments::balances, payments::retryable);
    }

    @Bean
    Step sweepEvents(Steps steps, Webhooks webhooks) {
        return steps.items(Webhooks.SWEEP, webhooks::delivered, webhooks::refunds, webhooks::listed);
    }

    @Bean
    StripeBooks stripeBooks(StripeSettings settings, StripeRate rate) {
        return new StripeBooks(new StripeGateway(settings, rate));
    }

    @Bean
    CollectionPolicy collectionPolicy() {
        return CollectionPolicy.read();
    }

    @Bean
    StripeSettings stripeSettings(
            @Value("${STRIPE_API_KEY:}") String key,
            @Value("${STRIPE_API_BASE:https://api.stripe.com}") String base,
            @Value("${POSTPAID_STRIPE_RATE:#{null}}") @Nullable Integer rate) {
        return StripeSettings.of(key, base, rate);
    }

    @Bean
    StripeRate stripeRate(StripeSettings settings) {
        return new StripeRate(settings.rate());
    }

    @Bean
    PaymentGateway paymentGateway(StripeSettings settings, StripeRate rate) {
        return new StripeGateway(settings, rate);
    }

    @Bean
    StripeLine stripeLine(StripeSettings settings, PaymentGateway gateway) {
        return new StripeLine(gateway.name(), settings.width());
    }
}
