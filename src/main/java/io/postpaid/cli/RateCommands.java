package io.postpaid.cli;

import io.postpaid.pricing.exchange.ExchangeRate;
import io.postpaid.pricing.exchange.ExchangeRates;
import java.nio.file.Path;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "rates", description = "Daily exchange rates of the European Central Bank.")
final class RateCommands {
    private static final Fields<ExchangeRate> RATES = new Fields<ExchangeRate>()
            .both("day", "DAY", ExchangeRate::day)
            .both("currency", "CURRENCY", ExchangeRate::currency)
            .both("per_euro", "PER EURO", rate -> rate.perEuro().toPlainString());

    @Autowired
    private ExchangeRates rates;

    @Command(
            name = "import",
            description =
                    "Adds the rates of a file such as eurofxref-hist.csv or eurofxref-daily.xml: all of it or nothing.")
    Answer importFile(@Parameters(paramLabel = "FILE", description = "The rates, CSV or XML.") Path file) {
        var counts = rates.importFile(file);
        return Answer.of(
                new Json()
                        .with("file", file.toString())
                        .with("added", counts.added())
                        .with("unchanged", counts.unchanged())
                        .with("first_day", counts.first())
                        .with("last_day", counts.last()),
                file + ": " + counts.added() + " added, " + counts.unchanged() + " unchanged, from " + counts.first()
                        + " to " + counts.last());
    }

    @Command(name = "list", description = "Lists the rates, the newest first.")
    Answer list(
            @Option(names = "--currency", paramLabel = "C", description = "Only those of a currency such as USD.")
                    @Nullable
                    String currency,
            @Option(names = "--day", paramLabel = "D", description = "Only those of a day such as 2026-10-30.")
                    @Nullable
                    LocalDate day) {
        return RATES.listing(
                each -> rates.each(currency, day, each),
                "There are no such rates: ./postpaid rates import FILE adds those of a file of the European Central Bank");
    }
}
