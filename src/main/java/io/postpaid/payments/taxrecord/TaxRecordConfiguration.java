package io.postpaid.payments.taxrecord;

import io.postpaid.platform.batch.Steps;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TaxRecordConfiguration {

    @Bean
    Step recordTaxes(Steps steps, TaxRecording recording) {
        return steps.items("record-taxes", recording::invoices, recording::creditNotes);
    }
}
