package io.postpaid.web.usage;

import io.postpaid.billing.document.LineWords;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceLine;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.books.explain.ExplanationJson;
import io.postpaid.books.explain.Explanations;
import io.postpaid.mail.Wording;
import io.postpaid.platform.money.Amounts;
import io.postpaid.web.UsageFiles;
import io.postpaid.web.portal.CustomerPages;
import io.postpaid.web.portal.Figures;
import io.postpaid.web.portal.OwnInvoices;
import io.postpaid.web.portal.PageFiles;
import io.postpaid.web.portal.PageNotFound;
import io.postpaid.web.portal.Pages;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** An invoice opened: a line down to its days, and the whole of it as files. */
@CustomerPages
class LinePages {
    private final Pages pages;
    private final OwnInvoices own;
    private final Invoices invoices;
    private final Explanations explanations;
    private final LineWords words;
    private final UsageFiles files;
    private final PageFiles downloads;

    LinePages(
            Pages pages,
            OwnInvoices own,
            Invoices invoices,
            Explanations explanations,
            LineWords words,
            UsageFiles files,
            PageFiles downloads) {
        this.pages = pages;
        this.own = own;
        this.invoices = invoices;
        this.explanations = explanations;
        this.words = words;
        this.files = files;
        this.downloads = downloads;
    }

    @GetMapping("/billing/invoices/{number}/lines/{position}")
    ResponseEntity<String> line(
            HttpServletRequest request,
            Principal customer,
            @PathVariable String number,
            @PathVariable String position) {
        var invoice = own.get(customer, number);
        var lines = invoices.lines(invoice.id());
        var line = lines.stream()
                .filter(of -> Integer.toString(of.position()).equals(position))
                .findFirst()
                .orElseThrow(PageNotFound::new);
        var said = words.of(invoice, lines).get(lines.indexOf(line));
        return pages.page(request, "line", view(invoice, line, said, explanations.line(invoice, line)));
    }

    private static Map<String, @Nullable Object> view(
            Invoice invoice, InvoiceLine line, LineWords.Words said, Explanations.LineTrace trace) {
        var currency = invoice.currency();
        var traced = trace.line();
        var upTo = traced.tierUpTo();
        var view = new HashMap<String, @Nullable Object>();
        view.put("at_invoices", true);
        view.put("number", invoice.issuedNumber());
        view.put("currency", currency);
        view.put("product", said.name());
        view.put("note", said.note());
        view.put("id", line.product());
        view.put("month", Wording.month(line.usagePeriod()));
        view.put("quantity", Figures.quantity(line.quantity()) + " " + line.unit());
        view.put("price", line.unitPrice().toPlainString() + " / " + line.listedUnit());
        view.put("since", Wording.day(traced.effectiveFrom()));
        view.put("own_price", traced.priceScope().equals("account"));
        view.put(
                "tier",
                traced.tier() == 1 && upTo == null
                        ? ""
                        : "Tier " + traced.tier() + ": above " + Figures.quantity(traced.tierFrom())
                                + (upTo == null ? "" : " up to " + Figures.quantity(upTo)) + " " + line.unit()
                                + " in the month");
        view.put("amount", Amounts.plain(line.amount(), currency));
        view.put("exact", Amounts.exact(traced.exact(), currency));
        view.put("sum_quantity", Figures.quantity(trace.quantity()) + " " + line.unit());
        view.put("sum", Amounts.exact(traced.accrued(), currency));
        view.put("again", Amounts.plain(trace.again(), currency));
        view.put("ties", trace.ties());
        view.put(
                "days",
                trace.days().stream()
                        .map(day -> Map.of(
                                "day", Wording.day(day.day()),
                                "date", day.day().toString(),
                                "quantity", Figures.quantity(day.quantity()) + " " + line.unit(),
                                "records", day.records(),
                                "amount", Amounts.exact(day.amount(), currency)))
                        .toList());
        return view;
    }

    /** Lines, days, records and sums in one document, by which the invoice can be computed again elsewhere. */
    @GetMapping("/billing/invoices/{number}/explained.json")
    void explained(HttpServletResponse response, Principal customer, @PathVariable String number) throws IOException {
        var invoice = own.get(customer, number);
        var name = invoice.issuedNumber() + "-explained.json";
        downloads.send(response, customer, MediaType.APPLICATION_JSON, name, out -> {
            try (var json = new ExplanationJson(out, invoice, false)) {
                json.end(explanations.explain(invoice, Long.MAX_VALUE, json));
            }
        });
    }

    /** The records behind the invoice. */
    @GetMapping("/billing/invoices/{number}/usage.csv")
    void usage(HttpServletResponse response, Principal customer, @PathVariable String number) throws IOException {
        var invoice = own.get(customer, number);
        downloads.send(
                response,
                customer,
                new MediaType("text", "csv", StandardCharsets.UTF_8),
                invoice.issuedNumber() + "-usage.csv",
                out -> files.behind(invoice, out));
    }
}
