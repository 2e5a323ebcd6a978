package io.postpaid.web.portal;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.postpaid.account.Accounts;
import io.postpaid.platform.file.CsvText;
import io.postpaid.platform.money.Amounts;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The month of the account that is signed in, whose name is the principal's, as a page and as a file. */
@CustomerPages
class BillingPages {
    private final Pages pages;
    private final MonthPage months;
    private final MonthUsage usage;
    private final Accounts accounts;
    private final AskedTime asked;

    BillingPages(Pages pages, MonthPage months, MonthUsage usage, Accounts accounts, AskedTime asked) {
        this.pages = pages;
        this.months = months;
        this.usage = usage;
        this.accounts = accounts;
        this.asked = asked;
    }

    @GetMapping("/billing")
    ResponseEntity<String> month(
            HttpServletRequest request, Principal customer, @RequestParam(required = false) @Nullable String month) {
        return pages.page(request, "month", months.view(customer.getName(), asked.month(month)));
    }

    /** What was used, by day and product, as it costs. */
    @GetMapping("/billing/usage.csv")
    ResponseEntity<byte[]> csv(Principal customer, @RequestParam(required = false) @Nullable String month)
            throws IOException {
        var period = asked.month(month);
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
        return Pages.file(
                new MediaType("text", "csv", StandardCharsets.UTF_8),
                ContentDisposition.attachment()
                        .filename("usage-" + period + ".csv")
                        .build(),
                csv.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** What no page is at is said by a page. */
    @GetMapping("/billing/{*path}")
    ResponseEntity<String> nothing(@PathVariable String path) {
        throw new PageNotFound();
    }
}
