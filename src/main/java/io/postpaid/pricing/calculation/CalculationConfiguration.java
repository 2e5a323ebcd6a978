package io.postpaid.pricing.calculation;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CalculationConfiguration {

    @Bean
    StripeTaxSettings stripeTaxSettings(
            @Value("${POSTPAID_TAX:table}") String source,
            @Value("${POSTPAID_STRIPE_TAX_COUNTRIES:}") String countries,
            @Value("${POSTPAID_STRIPE_TAX_CODES:" + StripeTaxSettings.DEFAULT_CODES + "}") String codes) {
        return StripeTaxSettings.of(source, countries, codes);
    }
}
