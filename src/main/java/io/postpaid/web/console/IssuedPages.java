package io.postpaid.web.console;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.postpaid.billing.document.Documents;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceStatus;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.file.CsvText;
import io.postpaid.platform.money.Amounts;
import io.postpaid.web.Downloads;
import io.postpaid.web.console.InvoiceSearch.Found;
import io.postpaid.web.console.InvoiceSearch.Which;
import io.postpaid.web.portal.Pages;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The issued invoices, and one with its lines, charges and what settled it. */
@ConsolePages
class IssuedPages {
    private static final int PAGE = 50;

    private final Console console;
    private final InvoiceSearch search;
    private final Invoices invoices;
    private final InvoiceView view;
    private final Documents documents;
    private final Downloads downloads;

    IssuedPages(
            Console console,
            InvoiceSearch search,
            Invoices invoices,
            InvoiceView view,
            Documents documents,
            Downloads downloads) {
        this.console = console;
        this.search = search;
        this.invoices = invoices;
        this.view = view;
        this.documents = documents;
        this.downloads = downloads;
    }

    @GetMapping("/console/invoices")
    ResponseEntity<String> list(
            HttpServletRequest request,
            @RequestParam(defaultValue = "") String account,
            @RequestParam(defaultValue = "") String period,
            @RequestParam(defaultValue = "") String status,
            @RequestParam(defaultValue = "" + Long.MAX_VALUE) long before) {
        var found = search.before(before, which(account, period, status), PAGE + 1);
        var shown = new HashMap<String, @Nullable Object>();
        shown.put("invoices", found.stream().limit(PAGE).map(IssuedPages::row).toList());
        shown.put("account", account);
        shown.put("period", period);
        shown.put(
                "statuses",
                Stream.of(InvoiceStatus.values())
                        .filter(each -> each != InvoiceStatus.DRAFT)
                        .map(each -> Map.of(
                                "name", each.name(),
                                "word", each.name().toLowerCase(Locale.ROOT),
                                "chosen", each.name().equals(status)))
                        .toList());
        shown.put(
                "filter",
                "account=" + Hrefs.parameter(account) + "&period=" + Hrefs.parameter(period) + "&status="
                        + Hrefs.parameter(status));
        shown.put("older", found.size() > PAGE ? found.get(PAGE - 1).id() : null);
        return console.page(request, "invoices", "invoices", shown);
    }

    private static Which which(String account, String period, String status) {
        return new Which(
                account.isBlank() ? null : Typed.text(account.strip()),
                period.isBlank() ? null : month(period.strip()),
                status.isBlank() ? null : Typed.one(InvoiceStatus.class, status).name());
    }

    static BillingPeriod month(String typed) {
        try {
            return BillingPeriod.parse(typed);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("'" + Typed.text(typed) + "' is no month: write one such as 2026-10", e);
        }
    }

    static Map<String, ?> row(Found found) {
        return Map.ofEntries(
                Map.entry("number", found.number()),
                Map.entry("href", Hrefs.invoice(found.number())),
                Map.entry("account", found.account()),
                Map.entry("account_href", Hrefs.account(found.account())),
                Map.entry("period", BillingPeriod.of(found.period()).toString()),
                Map.entry("status", found.status().toLowerCase(Locale.ROOT)),
                Map.entry("class", found.status().toLowerCase(Locale.ROOT)),
                Map.entry("total", Amounts.plain(found.total(), found.currency())),
                Map.entry("due", Amounts.plain(found.amountDue(), found.currency())),
                Map.entry("open", found.open().signum() == 0 ? "" : Amounts.plain(found.open(), found.currency())),
                Map.entry("currency", found.currency()),
                Map.entry("due_on", found.dueOn().toString()));
    }

    @GetMapping("/console/invoices.csv")
    void csv(
            HttpServletResponse response,
            @RequestParam(defaultValue = "") String account,
            @RequestParam(defaultValue = "") String period,
            @RequestParam(defaultValue = "") String status)
            throws IOException {
        var which = which(account, period, status);
        downloads.send(response, new MediaType("text", "csv", StandardCharsets.UTF_8), "invoices.csv", out -> {
            try (var csv = CsvWriter.builder()
                    .lineDelimiter(LineDelimiter.LF)
                    .build(new OutputStreamWriter(out, StandardCharsets.UTF_8))) {
                csv.writeRecord(
                        "number",
                        "account",
                        "period",
                        "status",
                        "currency",
                        "total",
                        "amount_due",
                        "open",
                        "issued_on",
                        "due_on");
                search.each(which, found -> csv.writeRecord(cells(found)));
            }
        });
    }

    private static List<String> cells(Found found) {
        return List.of(
                found.number(),
                CsvText.cell(found.account()),
                BillingPeriod.of(found.period()).toString(),
                found.status(),
                found.currency(),
                Amounts.exact(found.total(), found.currency()),
                Amounts.exact(found.amountDue(), found.currency()),
                Amounts.exact(found.open(), found.currency()),
                found.issuedOn().toString(),
                found.dueOn().toString());
    }

    @GetMapping("/console/invoices/{number}")
    ResponseEntity<String> invoice(HttpServletRequest request, @PathVariable String number) {
        return console.page(request, "invoices", "invoice", view.of(get(number)));
    }

    private Invoice get(String number) {
        if (number.indexOf('\0') >= 0) throw new ConsoleErrors.NotFoundException();
        return invoices.find(number).orElseThrow(ConsoleErrors.NotFoundException::new);
    }

    @GetMapping("/console/invoices/{number}/pdf")
    ResponseEntity<byte[]> pdf(@PathVariable String number) {
        var invoice = get(number);
        return Pages.file(
                MediaType.APPLICATION_PDF,
                ContentDisposition.inline()
                        .filename(invoice.issuedNumber() + ".pdf")
                        .build(),
                documents.pdf(invoice).bytes());
    }
}
