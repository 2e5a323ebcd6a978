package io.postpaid.web.console;

import io.postpaid.platform.batch.RunFailedException;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.file.RefusedFileException;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.web.console.PriceList.Show;
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

/** What usage costs: in force, to come, and before; and the import of a price book, which is shown before it is done. */
@ConsolePages
class PricesPages {
    private static final String ROOT = "/console/prices";
    private static final int PAGE = 50;
    private static final int OPERATIONS = 100;
    private static final int PROBLEMS = 100;
    /** Longer ones are imported by the command. */
    private static final int TEXT_MAX = 1_000_000;

    private final Console console;
    private final PriceList list;
    private final PriceBooks books;
    private final BillingClock clock;

    PricesPages(Console console, PriceList list, PriceBooks books, BillingClock clock) {
        this.console = console;
        this.list = list;
        this.books = books;
        this.clock = clock;
    }

    @GetMapping(ROOT)
    ResponseEntity<String> prices(
            HttpServletRequest request,
            @RequestParam(defaultValue = "NOW") Show show,
            @RequestParam(defaultValue = "") String product,
            @RequestParam(defaultValue = "") String account,
            @RequestParam(defaultValue = "0") long after) {
        var today = clock.today();
        var found = list.prices(show, product, account, today, after, PAGE + 1);
        var view = new HashMap<String, @Nullable Object>();
        view.put(
                "prices",
                found.stream()
                        .limit(PAGE)
                        .map(listed -> PriceRows.row(listed, today))
                        .toList());
        view.put("product", product);
        view.put("account", account);
        view.put("filter", "&product=" + Hrefs.parameter(product) + "&account=" + Hrefs.parameter(account));
        view.put("show", show.name());
        view.put("now", show == Show.NOW);
        view.put("coming", show == Show.COMING);
        view.put("all", show == Show.ALL);
        view.put("next", found.size() > PAGE ? found.get(PAGE - 1).price().id() : null);
        return console.page(request, "prices", "prices", view);
    }

    @GetMapping(ROOT + "/products")
    ResponseEntity<String> products(HttpServletRequest request, @RequestParam(defaultValue = "") String after) {
        var found = list.products(after, PAGE + 1);
        var shown = found.stream().limit(PAGE).toList();
        var view = new HashMap<String, @Nullable Object>();
        view.put("products", shown.stream().map(PricesPages::product).toList());
        view.put("free", String.join(", ", list.freeOperations(OPERATIONS)));
        view.put("next", found.size() > PAGE ? Hrefs.parameter(shown.getLast().id()) : null);
        return console.page(request, "prices", "products", view);
    }

    private static Map<String, ?> product(PriceList.ProductRow product) {
        return Map.of(
                "id", product.id(),
                "in_url", Hrefs.parameter(product.id()),
                "unit", product.unit(),
                "listed", product.listedPer().stripTrailingZeros().toPlainString() + " as " + product.listedUnit(),
                "billable", product.billable());
    }

    @GetMapping(ROOT + "/import")
    ResponseEntity<String> form(HttpServletRequest request) {
        return form(request, HttpStatus.OK, "", List.of());
    }

    /** Shows what the import would do, and does nothing. */
    @PostMapping(ROOT + "/preview")
    ResponseEntity<String> preview(HttpServletRequest request, @RequestParam(defaultValue = "") String text) {
        return kept(request, text, () -> {
            var preview = books.preview(text);
            var products = preview.prices().stream()
                    .map(change -> change.after().product())
                    .distinct()
                    .toList();
            var view = new HashMap<String, @Nullable Object>(PriceRows.preview(preview, list.units(products)));
            view.put("text", text);
            return console.page(request, "prices", "prices-preview", view);
        });
    }

    @PostMapping(ROOT + "/import")
    ResponseEntity<String> importText(HttpServletRequest request, @RequestParam(defaultValue = "") String text) {
        return kept(request, text, () -> {
            var counts = books.importText(text);
            var told = String.format(
                    Locale.ROOT,
                    "%,d added, %,d updated, %,d unchanged.",
                    counts.added(),
                    counts.updated(),
                    counts.unchanged());
            var days = counts.daysToRate() == 0
                    ? ""
                    : String.format(
                            Locale.ROOT, " The next nightly run rates %,d days of usage again.", counts.daysToRate());
            return console.message(request, HttpStatus.OK, "The prices are imported", told + days, ROOT);
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
                    List.of("The text has more than 1,000,000 characters: import it by ./postpaid prices import"));
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
        return console.page(request, status, "prices", "prices-import", view);
    }
}
