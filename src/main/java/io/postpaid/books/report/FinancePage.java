package io.postpaid.books.report;

import io.postpaid.platform.template.TemplateFiles;
import io.postpaid.platform.template.TextTemplate;

/** The summary as a page to read and to print: {@code templates/report/finance.html}. */
public final class FinancePage {
    private final TextTemplate template;

    public FinancePage(TemplateFiles files) {
        this.template = TextTemplate.html(files, "report/finance.html");
    }

    public String render(FinanceSummary summary) {
        return template.render(summary);
    }
}
