package io.postpaid.platform.template;

import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TemplateConfiguration {

    /** The operator's own folder wins, file by file; it need not exist. */
    @Bean
    TemplateFiles templateFiles(@Value("${POSTPAID_TEMPLATES:templates}") String folder) {
        return TemplateFiles.in(Path.of(folder));
    }

    @Bean
    CurrencySettings currencySettings(TemplateFiles files) {
        return CurrencySettings.load(files);
    }

    @Bean
    BaseUrl baseUrl(@Value("${POSTPAID_BASE_URL:}") String url) {
        return new BaseUrl(url);
    }

    @Bean
    Seller seller(TemplateFiles files, BaseUrl pages) {
        return Seller.load(files).paidOn(pages);
    }
}
