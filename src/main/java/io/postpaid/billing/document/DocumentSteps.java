package io.postpaid.billing.document;

import io.postpaid.platform.batch.Steps;
import io.postpaid.platform.template.TemplateFiles;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.batch.core.step.Step;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DocumentSteps {
    static final String RENDER_DOCUMENTS = "render-documents";
    static final String RENDER_CREDIT_NOTES = "render-credit-notes";
    static final String RENDER_TOP_UP_DOCUMENTS = "render-top-up-documents";

    private static final List<String> SYSTEM = List.of("/usr/share/fonts", "/usr/local/share/fonts");

    /** Fonts laid beside the layout come first, then those of POSTPAID_FONTS, then those of the system. */
    @Bean
    PdfRenderer pdfRenderer(
            TemplateFiles templates, @Value("${POSTPAID_FONTS:}") String more, @Value("${user.home}") String user) {
        return PdfRenderer.load(
                templates,
                Stream.of(
                                templates.folder("invoice/fonts").stream(),
                                Arrays.stream(more.split(File.pathSeparator))
                                        .filter(folder -> !folder.isBlank())
                                        .map(Path::of),
                                SYSTEM.stream().map(Path::of),
                                Stream.of(Path.of(user, ".fonts"), Path.of(user, ".local/share/fonts")))
                        .flatMap(Function.identity())
                        .toList());
    }

    @Bean
    Step renderDocuments(Steps steps, Documents documents) {
        return steps.items(RENDER_DOCUMENTS, documents::unrendered);
    }

    @Bean
    Step renderCreditNotes(Steps steps, Documents documents) {
        return steps.items(RENDER_CREDIT_NOTES, documents::unrenderedNotes);
    }

    @Bean
    Step renderTopUpDocuments(Steps steps, TopUpFiles documents) {
        return steps.items(RENDER_TOP_UP_DOCUMENTS, documents::unrendered);
    }
}
