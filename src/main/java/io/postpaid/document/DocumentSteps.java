package io.postpaid.document;

import io.postpaid.batch.Steps;
import io.postpaid.template.TemplateFiles;
import org.springframework.batch.core.step.Step;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DocumentSteps {

    @Bean
    PdfRenderer pdfRenderer(TemplateFiles templates) {
        return PdfRenderer.load(templates);
    }

    @Bean
    Step renderDocuments(Steps steps, Documents documents) {
        return steps.work("render-documents", documents::renderAll);
    }

    @Bean
    Step renderCreditNotes(Steps steps, Documents documents) {
        return steps.work("render-credit-notes", documents::renderCreditNotes);
    }
}
