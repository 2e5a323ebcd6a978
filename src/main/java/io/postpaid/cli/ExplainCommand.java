package io.postpaid.cli;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.books.explain.ExplanationJson;
import io.postpaid.books.explain.Explanations;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "explain",
        description = "Traces every line of an invoice to days, prices and raw records, and adds all of it up again;"
                + " exit 1 if a sum is not as printed.")
final class ExplainCommand implements Callable<Answer> {
    @ParentCommand
    private @Nullable PostpaidCommand postpaid;

    @Parameters(paramLabel = "NUMBER", description = "An invoice such as 2026-000042.")
    private String number = "";

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "5",
            description = "Raw records shown of each day. Default: ${DEFAULT-VALUE}.")
    private int records;

    @Option(names = "--all", description = "Shows all raw records.")
    private boolean all;

    @Autowired
    private Explanations explanations;

    @Autowired
    private Invoices invoices;

    @Autowired
    private Terminal terminal;

    @Override
    public Answer call() {
        var invoice = invoices.find(number)
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no invoice '" + number + "': ./postpaid invoices list --period P lists them"));
        long shown = all ? Long.MAX_VALUE : records;
        boolean ties = postpaid != null && postpaid.json() ? json(invoice, shown) : text(invoice, shown);
        return Answer.given(ties ? 0 : 1);
    }

    private boolean text(Invoice invoice, long shown) {
        var text = new ExplainText(terminal.out(), invoice);
        boolean ties = explanations.explain(invoice, shown, text);
        text.end(ties);
        return ties;
    }

    private boolean json(Invoice invoice, long shown) {
        return Listing.whole(terminal.out(), file -> {
            try (var json = new ExplanationJson(Files.newOutputStream(file), invoice, true)) {
                boolean ties = explanations.explain(invoice, shown, json);
                json.end(ties);
                return ties;
            }
        });
    }
}
