package io.postpaid.payments.stripe;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class StripeConfiguration {

    @Bean
    StripeSettings stripeSettings(
            @Value("${STRIPE_API_KEY:}") String key,
            @Value("${STRIPE_API_BASE:https://api.stripe.com}") String base,
            @Value("${POSTPAID_STRIPE_RATE:#{null}}") @Nullable Integer rate) {
        return StripeSettings.of(key, base, rate);
    }

    @Bean
    StripeCalls stripeCalls(StripeSettings settings, ObjectProvider<JdbcClient> jdbc) {
        return new StripeCalls(
                settings,
                () -> jdbc.getObject()
                        .sql("select is_restored()")
                        .query(Boolean.class)
                        .single());
    }

    @Bean
    StripeLine stripeLine(StripeSettings settings, PaymentGateway gateway) {
        return new StripeLine(gateway.name(), settings.width());
    }
}
