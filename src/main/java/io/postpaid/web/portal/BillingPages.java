package io.postpaid.web.portal;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.postpaid.account.Accounts;
import io.postpaid.billing.document.Documents;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.mail.Wording;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.file.CsvText;
import io.postpaid.platform.money.Amounts;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.Principal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages of the account that is signed in, whose name is the principal's. */
@CustomerPages
class BillingPages {
    private static final int PAGE = 25;

    private final Pages pages;
    private final MonthPage months;
    private final MonthUsage usage;
    private final InvoiceFigures figures;
    private final Accounts accounts;
    private final Invoices invoices;
    private final OwnInvoices own;
    private final Documents documents;
    private final BillingClock clock;

    BillingPages(
            Pages pages,
            MonthPage months,
            MonthUsage usage,
            InvoiceFigures figures,
            Accounts accounts,
            Invoices invoices,
            OwnInvoices own,
            Documents documents,
            BillingClock clock) {
        this.pages = pages;
        this.months = months;
        this.usage = usage;
        this.figures = figures;
        this.accounts = accounts;
        this.invoices = invoices;
        this.own = own;
        this.documents = documents;
        this.clock = clock;
    }

    @GetMapping("/billing")
    ResponseEntity<String> month(
            HttpServletRequest request, Principal customer, @RequestParam(required = false) @Nullable String month) {
        return pages.page(request, "month", months.view(customer.getName(), period(month)));
    }

    /** What was used, by day and product, as it costs. */
    @GetMapping("/billing/usage.csv")
    ResponseEntity<byte[]> csv(Principal customer, @RequestParam(required = false) @Nullable String month)
            throws IOException {
        var period = period(month);
        var account = accounts.get(customer.getName());
        var csv = new StringWriter();
        try (var rows = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(csv)) {
            rows.writeRecord("day", "product", "quantity", "cost", "currency");
            for (var day : usage.days(account, period)) {
                rows.writeRecord(
                        day.day().toString(),
                        CsvText.cell(day.product()),
                        day.quantity().stripTrailingZeros().toPlainString(),
                        Amounts.exact(day.cost(), account.currency()),
                        account.currency());
            }
        }
        return file(
                new MediaType("text", "csv", StandardCharsets.UTF_8),
                ContentDisposition.attachment()
                        .filename("usage-" + period + ".csv")
                        .build(),
                csv.toString().getBytes(StandardCharsets.UTF_8));
    }

    private BillingPeriod period(@Nullable String month) {
        var now = BillingPeriod.of(clock.today());
        if (month == null || !month.matches("2[0-9]{3}-(0[1-9]|1[0-2])")) return now;
        var period = BillingPeriod.parse(month);
        return period.compareTo(now) > 0 ? now : period;
    }

    @GetMapping("/billing/invoices")
    ResponseEntity<String> invoices(
            HttpServletRequest request, Principal customer, @RequestParam(required = false) @Nullable String before) {
        var behind = before == null ? Long.MAX_VALUE : own.get(customer, before).id();
        var found = invoices.ofAccount(customer.getName(), behind, PAGE + 1);
        var view = new HashMap<String, @Nullable Object>();
        view.put("invoices", found.stream().limit(PAGE).map(figures::row).toList());
        view.put("older", found.size() > PAGE ? found.get(PAGE - 1).issuedNumber() : null);
        return pages.page(request, "invoices", view);
    }

    @GetMapping("/billing/invoices/{number}")
    ResponseEntity<String> invoice(HttpServletRequest request, Principal customer, @PathVariable String number) {
        var invoice = own.get(customer, number);
        var view = new HashMap<String, Object>(figures.row(invoice));
        view.putAll(figures.sums(invoice));
        view.put("currency", invoice.currency());
        view.put("at_invoices", true);
        view.put("lines", figures.lines(invoice, invoices.lines(invoice.id())));
        view.put(
                "settlements",
                invoices.settlements(invoice.id()).stream()
                        .map(paid -> Map.of(
                                "on", Wording.day(LocalDate.ofInstant(paid.at(), ZoneOffset.UTC)),
                                "kind", words(paid.kind().name()),
                                "amount", Amounts.plain(paid.amount(), invoice.currency())))
                        .toList());
        return pages.page(request, "invoice", view);
    }

    private static String words(String name) {
        var words = name.toLowerCase(Locale.ROOT).replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    @GetMapping("/billing/invoices/{number}/pdf")
    ResponseEntity<byte[]> pdf(Principal customer, @PathVariable String number) throws IOException {
        var invoice = own.get(customer, number);
        return file(
                MediaType.APPLICATION_PDF,
                ContentDisposition.inline()
                        .filename(invoice.issuedNumber() + ".pdf")
                        .build(),
                Files.readAllBytes(documents.pdf(invoice)));
    }

    /** What no page is at is said by a page. */
    @GetMapping("/billing/{*path}")
    ResponseEntity<String> nothing(@PathVariable String path) {
        throw new PageNotFound();
    }

    private static ResponseEntity<byte[]> file(MediaType type, ContentDisposition name, byte[] bytes) {
        return ResponseEntity.ok()
                .contentType(type)
                .cacheControl(CacheControl.noStore())
                .header(HttpHeaders.CONTENT_DISPOSITION, name.toString())
                .body(bytes);
    }
}
