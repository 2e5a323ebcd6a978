package io.postpaid.books.rehearse;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.GrantKind;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.pricing.tax.Taxes;
import io.postpaid.support.TestApplication;
import io.postpaid.usage.intake.Ingestion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Months of seeded accounts, with all that makes the order of nights matter; another of the same seed has the same. */
final class SeededBooks implements AutoCloseable {
    static final BillingPeriod OCTOBER = BillingPeriod.parse("2026-10");
    static final BillingPeriod NOVEMBER = BillingPeriod.parse("2026-11");
    private static final int ACCOUNTS = 30;
    private static final List<String> PRODUCTS = List.of("audio", "image", "text", "packs", "mass", "feed");
    private static final List<String> COUNTRIES = List.of("SE", "FI", "DE", "CH", "US");

    /** The last price of audio comes when half of the month is rated. */
    private static final String PRICES = """
            currency: EUR
            products:
              audio: {unit: second, listed_per: 60, listed_unit: minute}
              image: {unit: image, tax_category: books}
              text:  {unit: word}
              packs: {unit: call}
              mass:  {unit: call}
              feed:  {unit: call, billable: false}
            prices:
              - {product: audio, effective_from: 2026-01-01, amount: "%1$s", per: 60}
              - {product: image, effective_from: 2026-01-01, amount: "%2$s"}
              - {product: image, account: a03, effective_from: 2026-10-10, amount: "%3$s"}
              - product: text
                effective_from: 2026-01-01
                model: graduated
                tiers: [{up_to: 300, amount: "%4$s"}, {up_to: 900, amount: "%5$s"}, {amount: "%6$s"}]
              - {product: packs, effective_from: 2026-01-01, model: package, amount: "%7$s", per: 250}
              - product: mass
                effective_from: 2026-01-01
                model: volume
                tiers: [{up_to: 400, amount: "%8$s"}, {up_to: 1200, amount: "%9$s"}, {amount: "%10$s"}]
            """;

    private static final String NEW_PRICE = """
              - {product: audio, effective_from: 2026-10-09, amount: "%s", per: 60}
            """;
    private static final String[] AMOUNTS = {
        "0.639", "0.0204", "0.0137", "0.024", "0.021", "0.018", "2.50", "0.0311", "0.027", "0.0199"
    };

    static final String TAXES = """
            rates:
              - {country: SE, percent: "25", name: Moms, effective_from: 2020-01-01}
              - {country: SE, category: books, percent: "6", name: Moms, effective_from: 2020-01-01}
              - {country: FI, percent: "25.5", name: ALV, effective_from: 2024-09-01}
              - {country: FI, category: books, percent: "13.5", name: ALV, effective_from: 2024-09-01}
              - {country: DE, percent: "19", name: USt, effective_from: 2020-01-01}
              - {country: DE, category: books, percent: "7", name: USt, effective_from: 2020-01-01}
            reverse_charge: {regions: [EU], seller: SE556677889901, note: "Reverse charge"}
            exempt: [{account: a05, reason: Certificate}]
            """;

    final TestApplication postpaid;
    private final Path folder;
    private final Random random;
    private final List<String> sent = new ArrayList<>();
    private int ids;

    SeededBooks(Path folder, long seed) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.random = new Random(seed);
        postpaid = new TestApplication(
                folder.resolve("home"), LocalDate.of(2026, 10, 1).atTime(8, 0).toInstant(ZoneOffset.UTC));
    }

    /** @param raised by how many percent */
    static String prices(int raised, boolean whole) {
        Object[] amounts = IntStream.range(0, AMOUNTS.length)
                .mapToObj(n -> raised(AMOUNTS[n], raised))
                .toArray();
        return PRICES.formatted(amounts) + (whole ? NEW_PRICE.formatted(raised("0.7171", raised)) : "");
    }

    private static String raised(String amount, int percent) {
        return new BigDecimal(amount)
                .multiply(BigDecimal.valueOf(100L + percent, 2))
                .toPlainString();
    }

    Path file(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Accounts, prices and taxes. */
    void begin(String prices, String taxes) {
        postpaid.get(PriceBooks.class).importFile(file("prices.yaml", prices));
        postpaid.get(Taxes.class).importFile(file("taxes.yaml", taxes));
        postpaid.get(Accounts.class)
                .importFile(file(
                        "accounts.csv",
                        "id,name,email,country,business,tax_id,currency,free_credit,monthly_limit,created_on\n"
                                + IntStream.range(0, ACCOUNTS)
                                        .mapToObj(SeededBooks::row)
                                        .collect(joining("\n"))));
    }

    private static String row(int n) {
        var country = COUNTRIES.get(n % COUNTRIES.size());
        boolean german = country.equals("DE") && n % 2 == 0;
        return "%1$s,%1$s,%1$s@a.example,%2$s,%3$s,%4$s,EUR,%5$s,100000,2026-01-01"
                .formatted(
                        account(n),
                        country,
                        german ? "yes" : "no",
                        german ? "DE129273398" : "",
                        n % 3 == 0 ? 0 : 7 + n);
    }

    private static String account(int n) {
        return "a%02d".formatted(n);
    }

    /** October by eight nights, and the bills of it. */
    void october(boolean pricesChange) throws IOException {
        for (int night = 4; night <= 32; night += 4) {
            var date = LocalDate.of(2026, 10, 1).plusDays(night - 1L);
            at(date);
            usage(date.minusDays(night == 4 ? 3 : 4), night == 4 ? 3 : 4, 70);
            late(LocalDate.of(2026, 10, 1), night - 5, 12);
            if (night > 8) takeBack(4);
            grants(date);
            if (night == 16 && pricesChange) {
                postpaid.get(PriceBooks.class).importFile(file("prices.yaml", prices(0, true)));
            }
            assertThat(postpaid.nightly(date).completed()).isTrue();
        }
        assertThat(postpaid.monthly(OCTOBER).completed()).isTrue();
    }

    /** November, with what comes late for October and is taken back of it. */
    void november() throws IOException {
        for (var date : List.of(LocalDate.of(2026, 11, 9), LocalDate.of(2026, 11, 20), LocalDate.of(2026, 12, 1))) {
            at(date);
            usage(date.minusDays(6), 6, 60);
            late(LocalDate.of(2026, 10, 1), 31, 15);
            takeBack(12);
            grants(date);
            assertThat(postpaid.nightly(date).completed()).isTrue();
        }
        assertThat(postpaid.monthly(NOVEMBER).completed()).isTrue();
    }

    private void at(LocalDate day) {
        postpaid.moveTo(day.atTime(8, 0).toInstant(ZoneOffset.UTC));
    }

    private void usage(LocalDate from, int days, int records) throws IOException {
        ingest(IntStream.range(0, records)
                .mapToObj(_ -> record(from.plusDays(random.nextInt(days))))
                .toList());
    }

    /** Usage of days that other nights have rated. */
    private void late(LocalDate from, int days, int records) throws IOException {
        if (days > 0) usage(from, days, records);
    }

    private String record(LocalDate day) {
        var id = "u" + ids++;
        var account = account(random.nextInt(ACCOUNTS));
        sent.add("%s %s %s".formatted(id, account, day));
        return """
                {"id":"%s","account":"%s","product":"%s","quantity":"%d.%d","occurred_at":"%sT11:00:00Z"}""".formatted(
                        id,
                        account,
                        PRODUCTS.get(random.nextInt(PRODUCTS.size())),
                        random.nextInt(1, 420),
                        random.nextInt(10),
                        day);
    }

    private void takeBack(int records) throws IOException {
        var lines = new ArrayList<String>();
        for (int n = 0; n < records; n++) {
            var what = sent.remove(random.nextInt(sent.size())).split(" ");
            lines.add("""
                    {"id":"v%s","type":"void","voids":"%1$s","account":"%s","occurred_at":"%sT11:00:00Z"}""".formatted(what[0], what[1], what[2]));
        }
        ingest(lines);
    }

    private void ingest(List<String> lines) throws IOException {
        var outcome = postpaid.get(Ingestion.class)
                .ingest(file("usage-" + ids + "-" + sent.size() + ".ndjson", String.join("\n", lines)), null, _ -> {});
        assertThat(outcome.quarantined()).isZero();
    }

    /** Some of them expire before the month ends. */
    private void grants(LocalDate today) {
        for (int n = 0; n < 3; n++) {
            var kind = random.nextBoolean() ? GrantKind.GOODWILL : GrantKind.PROMO;
            var expires = random.nextBoolean() ? today.plusDays(random.nextInt(2, 12)) : null;
            postpaid.get(CreditLedger.class)
                    .grant(account(random.nextInt(ACCOUNTS)), new BigDecimal(random.nextInt(1, 9)), kind, expires);
        }
    }

    @Override
    public void close() {
        postpaid.close();
    }
}
