package io.postpaid.web.console;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.postpaid.platform.file.CsvText;
import io.postpaid.platform.money.Amounts;
import io.postpaid.web.Downloads;
import io.postpaid.web.console.AccountSearch.Found;
import io.postpaid.web.console.AccountSearch.Which;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The accounts, and one from all sides. */
@ConsolePages
class AccountPages {
    private static final int PAGE = 50;
    private static final int TIMELINE = 100;

    private final Console console;
    private final AccountSearch search;
    private final AccountView accounts;
    private final AccountTimeline timeline;
    private final Downloads downloads;

    AccountPages(
            Console console,
            AccountSearch search,
            AccountView accounts,
            AccountTimeline timeline,
            Downloads downloads) {
        this.console = console;
        this.search = search;
        this.accounts = accounts;
        this.timeline = timeline;
        this.downloads = downloads;
    }

    /** @param begins how the id, name or address begins; where it is given, what is found is one page */
    @GetMapping("/console/accounts")
    ResponseEntity<String> list(
            HttpServletRequest request,
            @RequestParam(defaultValue = "") String begins,
            @RequestParam(defaultValue = "ALL") Which which,
            @RequestParam(defaultValue = "") String after) {
        var found = begins.isBlank()
                ? search.behind(Typed.text(after), which, PAGE + 1)
                : search.beginning(Typed.text(begins.strip()), PAGE + 1);
        var view = new HashMap<String, @Nullable Object>();
        view.put("accounts", found.stream().limit(PAGE).map(AccountPages::row).toList());
        view.put("begins", begins);
        view.put("which", which.name());
        for (var each : Which.values()) view.put("at_" + each.name().toLowerCase(Locale.ROOT), each == which);
        view.put(
                "next",
                begins.isBlank() && found.size() > PAGE
                        ? Hrefs.parameter(found.get(PAGE - 1).id())
                        : null);
        view.put("more", !begins.isBlank() && found.size() > PAGE);
        return console.page(request, "accounts", "accounts", view);
    }

    static Map<String, ?> row(Found found) {
        return Map.ofEntries(
                Map.entry("id", found.id()),
                Map.entry("href", Hrefs.account(found.id())),
                Map.entry("name", found.name()),
                Map.entry("email", found.email()),
                Map.entry("status", found.paused() ? "paused" : found.status().toLowerCase(Locale.ROOT)),
                Map.entry("class", found.status().equals("ACTIVE") && !found.paused() ? "good" : "bad"),
                Map.entry("accrued", Amounts.plain(found.accrued(), found.currency())),
                Map.entry("limit", Amounts.plain(found.monthlyLimit(), found.currency())),
                Map.entry("currency", found.currency()),
                Map.entry("card", found.cardBrand() == null ? "" : found.cardBrand() + " " + found.cardLast4()));
    }

    @GetMapping("/console/accounts.csv")
    void csv(HttpServletResponse response, @RequestParam(defaultValue = "ALL") Which which) throws IOException {
        downloads.send(response, new MediaType("text", "csv", StandardCharsets.UTF_8), "accounts.csv", out -> {
            try (var csv = CsvWriter.builder()
                    .lineDelimiter(LineDelimiter.LF)
                    .build(new OutputStreamWriter(out, StandardCharsets.UTF_8))) {
                csv.writeRecord(
                        "id", "name", "email", "status", "paused", "currency", "monthly_limit", "accrued", "card");
                search.each(which, found -> csv.writeRecord(cells(found)));
            }
        });
    }

    private static List<String> cells(Found found) {
        return List.of(
                CsvText.cell(found.id()),
                CsvText.cell(found.name()),
                CsvText.cell(found.email()),
                found.status(),
                found.paused() ? "yes" : "no",
                found.currency(),
                Amounts.exact(found.monthlyLimit(), found.currency()),
                Amounts.exact(found.accrued(), found.currency()),
                found.cardBrand() == null ? "" : found.cardBrand() + " " + found.cardLast4());
    }

    /** @param before from when on its timeline is shown */
    @GetMapping("/console/accounts/{id}")
    ResponseEntity<String> account(
            HttpServletRequest request,
            @PathVariable String id,
            @RequestParam(required = false) @Nullable Instant before) {
        var view = new HashMap<>(accounts.of(id));
        var moments =
                timeline.before(id, before == null ? Instant.parse("9999-01-01T00:00:00Z") : before, TIMELINE + 1);
        var currency = String.valueOf(view.get("currency"));
        view.put(
                "timeline",
                moments.stream()
                        .limit(TIMELINE)
                        .map(moment -> row(moment, currency))
                        .toList());
        view.put(
                "older",
                moments.size() > TIMELINE ? moments.get(TIMELINE - 1).at().toString() : null);
        return console.page(request, "accounts", "account", view);
    }

    private static Map<String, ?> row(AccountTimeline.Moment moment, String currency) {
        var amount = moment.amount();
        return Map.of(
                "at", Moments.text(moment.at()),
                "kind", moment.kind(),
                "text", moment.text(),
                "amount", amount == null ? "" : Amounts.plain(amount, currency));
    }
}
