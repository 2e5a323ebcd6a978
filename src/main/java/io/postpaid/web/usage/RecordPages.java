package io.postpaid.web.usage;

import io.postpaid.books.usage.AccountUsage;
import io.postpaid.books.usage.UsedRecord;
import io.postpaid.mail.Wording;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.usage.archive.AccountRecords.Position;
import io.postpaid.web.Cursors;
import io.postpaid.web.UsageFiles;
import io.postpaid.web.portal.AskedTime;
import io.postpaid.web.portal.CustomerPages;
import io.postpaid.web.portal.Figures;
import io.postpaid.web.portal.PageFiles;
import io.postpaid.web.portal.PageNotFound;
import io.postpaid.web.portal.PageRate;
import io.postpaid.web.portal.Pages;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The single records of a day, and those of a month as a file. */
@CustomerPages
class RecordPages {
    private static final int PAGE = 100;

    private final Pages pages;
    private final AccountUsage usage;
    private final ProductNames products;
    private final UsageFiles files;
    private final PageFiles downloads;
    private final AskedTime asked;
    private final PageRate rate;

    RecordPages(
            Pages pages,
            AccountUsage usage,
            ProductNames products,
            UsageFiles files,
            PageFiles downloads,
            AskedTime asked,
            PageRate rate) {
        this.pages = pages;
        this.usage = usage;
        this.products = products;
        this.files = files;
        this.downloads = downloads;
        this.asked = asked;
        this.rate = rate;
    }

    @GetMapping(AskedTime.DAY + "/records")
    ResponseEntity<String> records(
            HttpServletRequest request,
            Principal customer,
            @PathVariable String day,
            @RequestParam(required = false) @Nullable String product,
            @RequestParam(required = false) @Nullable String cursor) {
        var date = AskedTime.day(day);
        rate.readsRecords(customer.getName());
        var names = products.now();
        var of = product == null || product.isEmpty() ? null : names.known(product);
        var behind = cursor == null ? null : Cursors.read(cursor).orElseThrow(PageNotFound::new);
        var view = new HashMap<String, @Nullable Object>();
        view.put("at_month", true);
        view.put("day", Map.of("title", Wording.day(date), "date", date.toString()));
        view.put("month", BillingPeriod.of(date).toString());
        view.put("product", of == null ? null : Map.of("id", of, "name", names.name(of)));
        view.put("first", behind == null);
        try {
            var page = usage.page(
                    customer.getName(),
                    of,
                    date.atStartOfDay(ZoneOffset.UTC).toInstant(),
                    date.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant(),
                    behind,
                    PAGE);
            view.put("archived", false);
            view.put(
                    "records",
                    page.records().stream().map(used -> row(used, names)).toList());
            view.put("next", next(page.next()));
        } catch (AccountUsage.ArchivedException archived) {
            view.put("archived", true);
            view.put("records", List.of());
            view.put("next", null);
        }
        return pages.page(request, "records", view);
    }

    private static @Nullable String next(@Nullable Position position) {
        return position == null ? null : Cursors.write(position);
    }

    private static Map<String, ?> row(UsedRecord used, ProductNames.Names names) {
        var record = used.record();
        var operation = record.operation();
        return Map.of(
                "at", Figures.time(record.occurredAt()),
                "product", names.name(record.product()),
                "quantity", Figures.quantity(record.quantity()) + " " + names.unit(record.product()),
                "operation", operation == null ? "" : operation,
                "id", record.id(),
                "source", record.source(),
                "status", status(used),
                "class", used.status() == UsedRecord.Status.BILLABLE ? "paid" : "");
    }

    private static String status(UsedRecord used) {
        return switch (used.status()) {
            case BILLABLE ->
                used.late()
                        ? "Late, billed with " + Wording.month(used.billedIn().getFirst())
                        : used.billedIn().size() > 1
                                ? "Billed with "
                                        + used.billedIn().stream()
                                                .map(Wording::month)
                                                .collect(Collectors.joining(" or "))
                                : "Billable";
            case FREE -> used.record().failed() ? "Failed, free" : "Free";
            case VOIDED -> "Taken back";
        };
    }

    /** All records of a month of use. */
    @GetMapping("/billing/records.csv")
    void csv(HttpServletResponse response, Principal customer, @RequestParam(required = false) @Nullable String month)
            throws IOException {
        var period = asked.month(month);
        downloads.send(
                response,
                customer,
                new MediaType("text", "csv", StandardCharsets.UTF_8),
                "records-" + period + ".csv",
                out -> files.ofMonth(customer.getName(), period, out));
    }
}
