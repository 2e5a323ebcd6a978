package io.postpaid.simulation;

import static io.postpaid.simulation.PlainTaxes.OCTOBER;
import static io.postpaid.simulation.PlainTaxes.SEPTEMBER;
import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.payments.settlement.Adjustments;
import io.postpaid.payments.settlement.Freely;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.exchange.ExchangeRates;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.tax.Taxes;
import io.postpaid.simulation.PlainTaxes.Allowance;
import io.postpaid.simulation.PlainTaxes.Customer;
import io.postpaid.simulation.PlainTaxes.Tax;
import io.postpaid.simulation.PlainTaxes.Taxed;
import io.postpaid.simulation.PlainTaxes.Use;
import io.postpaid.support.TestApplication;
import io.postpaid.usage.intake.Ingestion;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Months of seeded customers in seven countries, billed and credited by the program, and what should be declared of them. */
final class TaxedMonths {
    private static final int ACCOUNTS = 147;
    private static final List<String> COUNTRIES = List.of("SE", "FI", "DE", "FR", "GR", "CH", "US");
    private static final Map<String, String> TAX_IDS =
            Map.of("SE", "SE556677889901", "FI", "FI20774740", "DE", "DE129273398", "CH", "CHE-116.281.710");
    private static final List<String> PRODUCTS = List.of("image", "novel", "text");

    private static final String TAXES = """
            rates:
              - {country: SE, percent: "25", name: Moms, effective_from: 2020-01-01}
              - {country: SE, category: books, percent: "6", name: Moms, effective_from: 2020-01-01}
              - {country: FI, percent: "25.5", name: ALV, effective_from: 2024-09-01, registration: OSS}
              - {country: FI, percent: "24", name: ALV, effective_from: 2026-10-01, registration: OSS}
              - {country: FI, category: books, percent: "13.5", name: ALV, effective_from: 2026-01-01, registration: OSS}
              - {country: DE, percent: "19", name: USt, effective_from: 2020-01-01, registration: OSS}
              - {country: DE, category: books, percent: "7", name: USt, effective_from: 2020-01-01, registration: OSS}
              - {country: FR, percent: "20", name: TVA, effective_from: 2020-01-01, registration: OSS}
              - {country: FR, category: books, percent: "5.5", name: TVA, effective_from: 2020-01-01, registration: OSS}
              - {country: GR, percent: "24", name: FPA, effective_from: 2020-01-01, registration: OSS}
              - {country: GR, category: books, percent: "6", name: FPA, effective_from: 2020-01-01, registration: OSS}
            reverse_charge: {regions: [EU], seller: SE556677889901, note: "Reverse charge"}
            exempt: [%s]
            """;

    private static final String PRICES = """
            currency: %s
            products: {image: {unit: image}, novel: {unit: word, tax_category: books}, text: {unit: word}}
            prices:
              - {product: image, effective_from: 2026-01-01, amount: "0.7777"}
              - {product: novel, effective_from: 2026-01-01, amount: "0.0371"}
              - {product: text, effective_from: 2026-01-01, amount: "0.0123"}
            """;

    /** For a euro. */
    static final String DOLLARS = "1.1712";

    private static final Comparator<Use> ORDER = comparing(Use::product).thenComparing(Use::month);

    /** A tax of a document, as it should be declared. */
    record Declared(
            YearMonth period, boolean credit, YearMonth supplied, Customer customer, Tax tax, long base, long amount) {
        Declared(YearMonth period, boolean credit, YearMonth supplied, Customer customer, Taxed taxed) {
            this(period, credit, supplied, customer, taxed.tax(), taxed.base(), taxed.amount());
        }
    }

    private record Billed(Customer customer, YearMonth month) {}

    final Random random = new Random(20261130);
    final List<Customer> customers =
            IntStream.range(0, ACCOUNTS).mapToObj(this::customer).toList();
    private final Map<Billed, TreeMap<Use, Long>> used = new LinkedHashMap<>();
    private final Map<Billed, List<Taxed>> invoices = new LinkedHashMap<>();
    private final Map<Customer, Allowance> allowances = new HashMap<>();
    private final Map<Billed, Long> credited = new HashMap<>();
    final List<Declared> declared = new ArrayList<>();
    int notes;
    private final TestApplication postpaid;
    private final Path folder;

    TaxedMonths(TestApplication postpaid, Path folder) throws IOException {
        this.postpaid = postpaid;
        this.folder = folder;
        begin();
    }

    private Customer customer(int n) {
        var country = COUNTRIES.get(n % COUNTRIES.size());
        boolean business = n % 3 == 0;
        return new Customer(
                "a%04d".formatted(n),
                country,
                country.equals("US") ? " ca" : "",
                business,
                business ? TAX_IDS.getOrDefault(country, "") : "",
                country.equals("US") || country.equals("FI") && n % 4 == 0 ? "USD" : "EUR",
                n % 2 == 0 ? 0 : 400 + n);
    }

    private void begin() throws IOException {
        var exempt = customers.stream()
                .filter(Customer::exempt)
                .map(customer -> "{account: %s, reason: Certificate}".formatted(customer.id()))
                .collect(joining(", "));
        postpaid.get(Taxes.class).importFile(file("taxes.yaml", TAXES.formatted(exempt)));
        for (var currency : List.of("EUR", "USD")) {
            postpaid.get(PriceBooks.class).importFile(file("prices.yaml", PRICES.formatted(currency)));
        }
        postpaid.get(Accounts.class)
                .importFile(file(
                        "accounts.csv",
                        "id,name,email,country,state,business,tax_id,currency,free_credit,monthly_limit,payment_method\n"
                                + customers.stream().map(TaxedMonths::row).collect(joining("\n"))));
    }

    private static String row(Customer customer) {
        return "%1$s,%1$s,%1$s@a.example,%2$s,%3$s,%4$s,%5$s,%6$s,%7$s,100000,%8$s"
                .formatted(
                        customer.id(),
                        customer.country(),
                        customer.state(),
                        customer.business() ? "yes" : "no",
                        customer.taxId(),
                        customer.currency(),
                        cents(customer.free()),
                        customer.card().isEmpty()
                                ? ""
                                : "pm_card_"
                                        + customer.card()
                                                .toLowerCase(Locale.ROOT)
                                                .replace("us", "visa"));
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    String usage(YearMonth month) {
        var lines = new StringBuilder();
        for (var customer : customers) {
            for (var product : PRODUCTS) {
                if (random.nextInt(3) == 0) continue;
                lines.append(line(customer, month, new Use(product, month), random.nextInt(1, 900), ""));
            }
        }
        return lines.toString();
    }

    /** September's usage that comes, or is taken back, once it is billed, of those whom no credit covers. */
    String late() {
        var lines = new StringBuilder();
        for (var customer : customers) {
            if (customer.free() > 0 || isCredited(customer)) continue;
            var product = PRODUCTS.get(random.nextInt(PRODUCTS.size()));
            var use = new Use(product, SEPTEMBER);
            var before = used.getOrDefault(new Billed(customer, SEPTEMBER), new TreeMap<>(ORDER))
                    .get(use);
            boolean takenBack = before != null && random.nextBoolean();
            lines.append(line(customer, OCTOBER, use, takenBack ? -before : random.nextInt(1, 500), "late"));
        }
        return lines.toString();
    }

    private String line(Customer customer, YearMonth billed, Use use, long quantity, String which) {
        used.computeIfAbsent(new Billed(customer, billed), key -> new TreeMap<>(ORDER))
                .merge(use, quantity, Long::sum);
        var id = "%s-%s-%s".formatted(customer.id(), use.product(), use.month());
        return quantity < 0
                ? """
                {"id":"v-%1$s","type":"void","voids":"%1$s","account":"%2$s","occurred_at":"%3$s-12T12:00:00Z"}
                """.formatted(id, customer.id(), use.month())
                : """
                {"id":"%s%s","account":"%s","product":"%s","quantity":"%d","occurred_at":"%s-12T12:00:00Z"}
                """.formatted(id, which, customer.id(), use.product(), quantity, use.month());
    }

    void rates(LocalDate day, String dollars) throws IOException {
        postpaid.get(ExchangeRates.class)
                .importFile(file("rates.csv", "Date,USD,SEK\n%s,%s,10.9540\n".formatted(day, dollars)));
    }

    void bill(YearMonth month, String lines) throws IOException {
        var period = BillingPeriod.parse(month.toString());
        postpaid.moveTo(Instant.parse(period.issuedOn() + "T08:30:00Z"));
        postpaid.get(Ingestion.class).ingest(file(month + ".ndjson", lines), null, _ -> {});
        rates(month.atEndOfMonth(), DOLLARS);
        assertThat(postpaid.nightly(period.issuedOn()).completed()).isTrue();
        var run = postpaid.monthly(period);
        assertThat(run.held()).isZero();
        for (var customer : customers) {
            var billed = new Billed(customer, month);
            var uses = used.get(billed);
            if (uses == null) continue;
            var allowance = allowances.computeIfAbsent(customer, Allowance::new);
            var taxes = PlainTaxes.invoice(customer, uses, allowance);
            invoices.put(billed, taxes);
            taxes.forEach(taxed -> declared.add(new Declared(month, false, month, customer, taxed)));
        }
    }

    private boolean isCredited(Customer customer) {
        return credited.containsKey(new Billed(customer, SEPTEMBER));
    }

    /** Credits parts of invoices, in any order, some of them to the last cent. */
    void credit(String at, int most) {
        postpaid.moveTo(Instant.parse(at));
        var all = new ArrayList<>(invoices.keySet());
        for (int n = 0; n < most; n++) {
            var billed = all.get(random.nextInt(all.size()));
            var taxes = invoices.get(billed);
            long before = credited.getOrDefault(billed, 0L);
            long left = taxes.stream().mapToLong(Taxed::gross).sum() - before;
            // What is too little to be charged is carried to the next invoice; what was taken back is credited already.
            boolean takenBack =
                    used.getOrDefault(new Billed(billed.customer(), OCTOBER), new TreeMap<>(ORDER)).values().stream()
                            .anyMatch(quantity -> quantity < 0);
            if (left + before < 100 || left == 0 || takenBack) continue;
            long amount = random.nextInt(4) == 0 ? left : random.nextLong(1, left + 1);
            postpaid.get(Adjustments.class)
                    .credit(number(billed), new BigDecimal(cents(amount)), "an outage", Freely.GIVEN);
            credited.put(billed, before + amount);
            notes++;
            var already = PlainTaxes.returned(taxes, before);
            var now = PlainTaxes.returned(taxes, before + amount);
            for (int i = 0; i < now.size(); i++) {
                declared.add(new Declared(
                        YearMonth.from(Instant.parse(at).atOffset(ZoneOffset.UTC)),
                        true,
                        billed.month(),
                        billed.customer(),
                        now.get(i).tax(),
                        now.get(i).base() - already.get(i).base(),
                        now.get(i).amount() - already.get(i).amount()));
            }
        }
    }

    private String number(Billed billed) {
        return postpaid.jdbc()
                .sql("select number from invoice where account = :account and period = :period")
                .param("account", billed.customer().id())
                .param("period", billed.month().atDay(1))
                .query(String.class)
                .single();
    }

    static String cents(long amount) {
        return BigDecimal.valueOf(amount, 2).toPlainString();
    }
}
