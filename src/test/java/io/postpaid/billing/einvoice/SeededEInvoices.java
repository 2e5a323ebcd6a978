package io.postpaid.billing.einvoice;

import io.postpaid.billing.invoicing.SeededInvoices;
import io.postpaid.billing.invoicing.SeededInvoices.Seeded;
import io.postpaid.platform.template.Seller;
import io.postpaid.platform.template.TemplateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;

/** E-invoices of all shapes, by seed: an invoice and its credit notes, a top-up and what of it went back, of one of four sellers. */
final class SeededEInvoices {
    private static final List<String> HOMES = List.of("FI", "DE", "US", "CH");
    private static final List<EInvoices> SELLERS = List.of(
            seller("FI", "FI20774740", "0216:003720774740", "1234567-8"),
            seller("DE", "DE136695976", "9930:DE136695976", ""),
            seller("US", "00-1234567", "", ""),
            seller("CH", "", "", ""));

    private SeededEInvoices() {}

    static List<EInvoice> of(long seed) {
        var random = new Random(seed);
        int n = (int) (seed % HOMES.size());
        var seeded = SeededInvoices.of(random, HOMES.get(n));
        var seller = SELLERS.get(n);
        var documents = new ArrayList<EInvoice>();
        documents.add(seller.of(seeded.invoice(), printed(seeded, random), seeded.taxes(), words(random)));
        for (var noted : seeded.notes()) {
            documents.add(seller.of(noted.note(), noted.returned(), seeded.invoice(), "Taken off the open amount."));
        }
        for (var topUp : seeded.topUps()) {
            documents.add(seller.of(topUp, SeededInvoices.text(random), "Reference 7", "Paid by card."));
        }
        return documents;
    }

    private static List<EInvoices.Printed> printed(Seeded seeded, Random random) {
        return seeded.lines().stream()
                .map(line -> new EInvoices.Printed(
                        line,
                        SeededInvoices.text(random),
                        random.nextBoolean() ? "" : SeededInvoices.text(random),
                        Objects.requireNonNull(seeded.prices().get(line.price()))))
                .toList();
    }

    private static EInvoices.Words words(Random random) {
        var notes = random.nextBoolean() ? List.<String>of() : List.of("Carried in: 0.31", SeededInvoices.text(random));
        return new EInvoices.Words("Credit used", notes, "Please pay by 8 November 2026");
    }

    /** One that receives by Peppol has told all that can be told of it, others nothing. */
    private static EInvoices seller(String country, String taxId, String peppolId, String legalId) {
        boolean known = !peppolId.isEmpty();
        var seller = new Seller(
                "Aurora & Voice <Oy>",
                List.of("Satamakatu 5", "00160 Helsinki", "3rd floor"),
                country,
                taxId,
                "billing@aurora.example",
                "https://aurora.example",
                "https://aurora.example/pay/{number}",
                List.of(),
                List.of());
        try {
            var folder = Files.createTempDirectory("seller");
            var file = Files.writeString(folder.resolve("e-invoice.yaml"), """
                    street: "%s"
                    city: "%s"
                    postal_code: "%s"
                    region: ""
                    legal_id: "%s"
                    peppol_id: "%s"
                    contact: "%s"
                    phone: "%s"
                    iban: "%s"
                    bic: ""
                    units: {second: SEC, call: H87}
                    """.formatted(
                            known ? "Satamakatu 5" : "",
                            known ? "Helsinki" : "",
                            known ? "00160" : "",
                            legalId,
                            peppolId,
                            known ? "Billing" : "",
                            known ? "+358 9 000000" : "",
                            known ? "DE75512108001245126199" : ""));
            var made = new EInvoices(seller, TemplateFiles.in(folder));
            Files.delete(file);
            Files.delete(folder);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
