package io.postpaid.web.console;

import io.postpaid.platform.batch.RunFailedException;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.file.RefusedFileException;
import io.postpaid.pricing.tax.Taxes;
import io.postpaid.web.console.TaxList.Show;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Which tax invoices charge, what was taxed in a month, and the import of a tax file, which is shown before it is done. */
@ConsolePages
class TaxPages {
    private static final String ROOT = "/console/taxes";
    private static final int PAGE = 50;
    private static final int CHANGES = 200;
    private static final int PROBLEMS = 100;
    /** Longer ones are imported by the command. */
    private static final int TEXT_MAX = 1_000_000;

    private final Console console;
    private final TaxList list;
    private final Taxes taxes;
    private final BillingClock clock;

    TaxPages(Console console, TaxList list, Taxes taxes, BillingClock clock) {
        this.console = console;
        this.list = list;
        this.taxes = taxes;
        this.clock = clock;
    }

    @GetMapping(ROOT)
    ResponseEntity<String> rates(
            HttpServletRequest request,
            @RequestParam(defaultValue = "NOW") Show show,
            @RequestParam(defaultValue = "") String country,
            @RequestParam(defaultValue = "0") long after) {
        var today = clock.today();
        var wanted = Typed.text(country.strip()).toUpperCase(Locale.ROOT);
        var found = list.rates(show, wanted, today, after, PAGE + 1);
        var view = new HashMap<String, @Nullable Object>();
        view.put(
                "rates",
                found.stream().limit(PAGE).map(rate -> TaxRows.row(rate, today)).toList());
        view.put("country", wanted);
        view.put("filter", "&country=" + Hrefs.parameter(wanted));
        view.put("show", show.name());
        view.put("now", show == Show.NOW);
        view.put("coming", show == Show.COMING);
        view.put("all", show == Show.ALL);
        view.put("next", found.size() > PAGE ? found.get(PAGE - 1).id() : null);
        view.put("reverse", taxes.reverseCharge().map(TaxRows::row).orElse(null));
        view.put("none", !taxes.hasRates());
        return console.page(request, "taxes", "taxes", view);
    }

    @GetMapping(ROOT + "/exempt")
    ResponseEntity<String> exempt(HttpServletRequest request, @RequestParam(defaultValue = "") String after) {
        var today = clock.today();
        var found = list.exemptions(Typed.text(after), PAGE + 1);
        var shown = found.stream().limit(PAGE).toList();
        var view = new HashMap<String, @Nullable Object>();
        view.put("exempt", shown.stream().map(one -> TaxRows.row(one, today)).toList());
        view.put("next", found.size() > PAGE ? Hrefs.parameter(shown.getLast().account()) : null);
        return console.page(request, "taxes", "taxes-exempt", view);
    }

    @GetMapping(ROOT + "/figures")
    ResponseEntity<String> figures(HttpServletRequest request, @RequestParam(defaultValue = "") String period) {
        var month = period.isBlank() ? BillingPeriod.of(clock.today()).previous() : IssuedPages.month(period.strip());
        var view = new HashMap<String, @Nullable Object>();
        view.put("period", month.toString());
        view.put(
                "figures",
                list.figures(month.firstDay()).stream()
                        .map(figure -> TaxRows.row(figure, month))
                        .toList());
        return console.page(request, "taxes", "taxes-figures", view);
    }

    @GetMapping(ROOT + "/documents")
    ResponseEntity<String> documents(
            HttpServletRequest request,
            @RequestParam Map<String, String> asked,
            @RequestParam(defaultValue = "") String after) {
        var month = IssuedPages.month(asked.getOrDefault("period", ""));
        var group = TaxRows.group(asked, month);
        var found = list.documents(group, Typed.text(after), PAGE + 1);
        var shown = found.stream().limit(PAGE).toList();
        var view = new HashMap<String, @Nullable Object>(TaxRows.named(group));
        view.put("period", month.toString());
        view.put(
                "documents",
                shown.stream().map(one -> TaxRows.row(one, group.currency())).toList());
        view.put("filter", TaxRows.parameters(group));
        view.put("next", found.size() > PAGE ? Hrefs.parameter(shown.getLast().number()) : null);
        return console.page(request, "taxes", "taxes-documents", view);
    }

    @GetMapping(ROOT + "/import")
    ResponseEntity<String> form(HttpServletRequest request) {
        return form(request, HttpStatus.OK, "", List.of());
    }

    /** Shows what the import would do, and does nothing. */
    @PostMapping(ROOT + "/preview")
    ResponseEntity<String> preview(HttpServletRequest request, @RequestParam(defaultValue = "") String text) {
        return kept(request, text, () -> {
            var preview = taxes.preview(text);
            var changes = preview.changes();
            var view = new HashMap<String, @Nullable Object>();
            view.put("added", preview.counts().added());
            view.put("updated", preview.counts().updated());
            view.put("unchanged", preview.counts().unchanged());
            view.put("changes", changes.stream().limit(CHANGES).toList());
            view.put("more", changes.size() > CHANGES ? changes.size() - CHANGES : null);
            view.put("text", text);
            return console.page(request, "taxes", "taxes-preview", view);
        });
    }

    @PostMapping(ROOT + "/import")
    ResponseEntity<String> importText(HttpServletRequest request, @RequestParam(defaultValue = "") String text) {
        return kept(request, text, () -> {
            var counts = taxes.importText(text);
            return console.message(
                    request,
                    HttpStatus.OK,
                    "The taxes are imported",
                    String.format(
                            Locale.ROOT,
                            "%,d added, %,d updated, %,d unchanged. Whoever is held for want of a rate is billed by the next night.",
                            counts.added(),
                            counts.updated(),
                            counts.unchanged()),
                    ROOT);
        });
    }

    /** What is refused is told above the text, as it was typed. */
    private ResponseEntity<String> kept(
            HttpServletRequest request, String text, Supplier<ResponseEntity<String>> work) {
        if (text.length() > TEXT_MAX) {
            return form(
                    request,
                    HttpStatus.BAD_REQUEST,
                    text,
                    List.of("The text has more than 1,000,000 characters: import it by ./postpaid taxes import"));
        }
        try {
            return work.get();
        } catch (RefusedFileException refused) {
            return form(request, HttpStatus.BAD_REQUEST, text, refused.problems());
        } catch (RunFailedException busy) {
            return form(request, HttpStatus.CONFLICT, text, List.of(String.valueOf(busy.getMessage())));
        }
    }

    private ResponseEntity<String> form(
            HttpServletRequest request, HttpStatus status, String text, List<String> problems) {
        var view = new HashMap<String, @Nullable Object>();
        view.put("text", text);
        view.put("problems", problems.stream().limit(PROBLEMS).toList());
        view.put("more", problems.size() > PROBLEMS ? problems.size() - PROBLEMS : null);
        return console.page(request, status, "taxes", "taxes-import", view);
    }
}
