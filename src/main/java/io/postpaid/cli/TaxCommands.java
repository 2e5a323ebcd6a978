package io.postpaid.cli;

import io.postpaid.pricing.tax.Exemption;
import io.postpaid.pricing.tax.TaxRate;
import io.postpaid.pricing.tax.Taxes;
import java.nio.file.Path;
import java.util.List;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "taxes", description = "Which tax invoices charge.")
final class TaxCommands {
    private static final Fields<TaxRate> RATES = new Fields<TaxRate>()
            .both("country", "COUNTRY", TaxRate::country)
            .both("region", "REGION", TaxRate::region)
            .both("category", "CATEGORY", TaxRate::category)
            .both("customer", "CUSTOMER", TaxRate::customer)
            .both("effective_from", "FROM", TaxRate::effectiveFrom)
            .both("percent", "PERCENT", rate -> rate.percent().toPlainString())
            .both("name", "NAME", TaxRate::name)
            .both("registration", "REGISTRATION", TaxRate::registration);

    private static final Fields<Exemption> EXEMPT = new Fields<Exemption>()
            .both("account", "EXEMPT", Exemption::account)
            .both("reason", "REASON", Exemption::reason)
            .field("until", Exemption::until)
            .column("UNTIL", exemption -> exemption.until() == null ? "for ever" : exemption.until());

    @Autowired
    private Taxes taxes;

    @Command(
            name = "import",
            description = "Adds tax rates, reverse charge and exemptions from a YAML file: all of it or nothing.")
    Answer importFile(@Parameters(paramLabel = "FILE", description = "The tax file, YAML.") Path file) {
        var counts = taxes.importFile(file);
        return Answer.of(
                new Json()
                        .with("file", file.toString())
                        .with("added", counts.added())
                        .with("updated", counts.updated())
                        .with("unchanged", counts.unchanged()),
                file + ": " + counts.added() + " added, " + counts.updated() + " updated, " + counts.unchanged()
                        + " unchanged");
    }

    @Command(name = "list", description = "Lists all versions of all tax rates, reverse charge and exemptions.")
    Answer list() {
        var table = taxes.table();
        var reverse = table.reverseCharge();
        var json = new Json()
                .with("rates", RATES.json(table.rates()))
                .with(
                        "reverse_charge",
                        reverse == null
                                ? null
                                : new Json()
                                        .with("regions", reverse.regions())
                                        .with("seller", reverse.seller())
                                        .with("note", reverse.note()))
                .with("exempt", EXEMPT.json(table.exemptions()));
        var rates = RATES.table(table.rates())
                .orElse("There are no tax rates: the percentages of templates/seller.yaml hold until"
                        + " ./postpaid taxes import FILE adds some");
        return Answer.of(
                json,
                String.join(
                        "\n",
                        List.of(
                                rates,
                                reverse == null
                                        ? "No reverse charge"
                                        : "Reverse charge in " + String.join(", ", reverse.regions()) + " by "
                                                + reverse.seller() + ": " + reverse.note(),
                                EXEMPT.table(table.exemptions()).orElse("Nobody is exempt"))));
    }
}
