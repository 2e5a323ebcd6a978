package io.postpaid.books.report;

import io.postpaid.platform.template.TemplateFiles;
import java.util.List;

/** The words of the month's reports: {@code templates/report/glossary.yaml}. */
public record Glossary(List<Term> terms) {
    public Glossary {
        terms = List.copyOf(terms);
    }

    /** A word, and what it means in these reports. */
    public record Term(String term, String meaning) {}

    static Glossary load(TemplateFiles templates) {
        return templates.yaml("report/glossary.yaml", Glossary.class);
    }
}
