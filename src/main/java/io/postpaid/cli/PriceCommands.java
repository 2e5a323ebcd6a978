package io.postpaid.cli;

import io.postpaid.platform.money.Amounts;
import io.postpaid.pricing.pricebook.Price;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.pricebook.Tier;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "prices", description = "What usage costs.")
final class PriceCommands {
    @Autowired
    private PriceBooks books;

    @Command(name = "import", description = "Adds products and prices from a YAML file: all of it or nothing.")
    Answer importFile(@Parameters(paramLabel = "FILE", description = "The price book, YAML.") Path file) {
        var counts = books.importFile(file);
        return Answer.of(
                new Json()
                        .with("file", file.toString())
                        .with("added", counts.added())
                        .with("updated", counts.updated())
                        .with("unchanged", counts.unchanged())
                        .with("days_to_rate", counts.daysToRate()),
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
        var prices = new Fields<Price>()
                .field("product", Price::product)
                .field("account", Price::account)
                .field("currency", Price::currency)
                .field("effective_from", Price::effectiveFrom)
                .field("model", price -> price.model().toString())
                .field("per", price -> price.per().toPlainString())
                .field("unit", price -> book.product(price.product()).unit())
                .field(
                        "tiers",
                        price -> price.tiers().stream()
                                .map(tier -> tier(tier, price.currency()))
                                .toList());
        return Answer.of(
                prices.json(book.prices()),
                table.orElse("There are no prices: ./postpaid prices import FILE adds some"));
    }

    private static Json tier(Tier tier, String currency) {
        var upTo = tier.upTo();
        return new Json()
                .with("up_to", upTo == null ? null : upTo.toPlainString())
                .with("amount", Amounts.exact(tier.amount(), currency));
    }
}
