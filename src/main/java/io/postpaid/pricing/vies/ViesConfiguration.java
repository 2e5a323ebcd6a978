package io.postpaid.pricing.vies;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ViesConfiguration {

    @Bean
    ViesSettings viesSettings(
            @Value("${POSTPAID_VIES_URL:}") String url, @Value("${POSTPAID_VIES_FRESH:P1D}") Duration fresh) {
        return ViesSettings.of(url, fresh);
    }

    @Bean
    VatIdService viesService(ViesSettings settings) {
        return new ViesClient(settings);
    }
}
