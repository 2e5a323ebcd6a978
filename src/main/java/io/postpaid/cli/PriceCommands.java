package io.postpaid.cli;

import io.postpaid.platform.money.Amounts;
import io.postpaid.pricing.pricebook.Price;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.pricebook.Tier;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "prices", description = "What usage costs.")
final class PriceCommands {
    @Autowired
    private PriceBooks books;

    private record Imported(String file, int added, int updated, int unchanged, int daysToRate) {}

    private record Listed(
            String product,
            @Nullable String account,
            String currency,
            LocalDate effectiveFrom,
            String model,
            String per,
            String unit,
            List<ListedTier> tiers) {}

    private record ListedTier(@Nullable String upTo, String amount) {}

    @Command(name = "import", description = "Adds products and prices from a YAML file: all of it or nothing.")
    Answer importFile(@Parameters(paramLabel = "FILE", description = "The price book, YAML.") Path file) {
        var counts = books.importFile(file);
        return Answer.of(
                new Imported(
                        file.toString(), counts.added(), counts.updated(), counts.unchanged(), counts.daysToRate()),
                file + ": " + counts.added() + " added, " + counts.updated() + " updated, " + counts.unchanged()
                        + " unchanged"
                        + (counts.daysToRate() == 0
                                ? ""
                                : "; the next nightly run rates " + counts.daysToRate() + " days of usage again"));
    }

    @Command(name = "list", description = "Lists all versions of all prices.")
    Answer list() {
        var book = books.load();
        var table = new Table("PRODUCT", "ACCOUNT", "FROM", "MODEL", "UP TO", "AMOUNT", "PER");
        for (var price : book.prices()) {
            for (var tier : price.tiers()) {
                table.row(
                        price.product(),
                        price.account() == null ? "all" : price.account(),
                        price.effectiveFrom(),
                        price.model(),
                        tier.upTo() == null ? "" : tier.upTo().toPlainString(),
                        Amounts.exact(tier.amount(), price.currency()) + " " + price.currency(),
                        price.per().toPlainString() + " "
                                + book.product(price.product()).unit());
            }
        }
        return Answer.of(
                book.prices().stream()
                        .map(price ->
                                listed(price, book.product(price.product()).unit()))
                        .toList(),
                table.orElse("There are no prices: ./postpaid prices import FILE adds some"));
    }

    private static Listed listed(Price price, String unit) {
        return new Listed(
                price.product(),
                price.account(),
                price.currency(),
                price.effectiveFrom(),
                price.model().toString(),
                price.per().toPlainString(),
                unit,
                price.tiers().stream()
                        .map(tier -> listed(tier, price.currency()))
                        .toList());
    }

    private static ListedTier listed(Tier tier, String currency) {
        var upTo = tier.upTo();
        return new ListedTier(upTo == null ? null : upTo.toPlainString(), Amounts.exact(tier.amount(), currency));
    }
}
