package io.postpaid.billing.invoicing;

import static java.math.BigDecimal.ONE;
import static java.math.BigDecimal.ZERO;

import io.postpaid.account.Account;
import io.postpaid.account.AccountStatus;
import io.postpaid.account.Address;
import io.postpaid.account.Buyer;
import io.postpaid.account.Card;
import io.postpaid.billing.invoicing.Draft.Drafted;
import io.postpaid.billing.receipt.TopUpDocument;
import io.postpaid.credit.MonthlyCost;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Rounding;
import io.postpaid.platform.template.CurrencySettings;
import io.postpaid.pricing.pricebook.Price;
import io.postpaid.pricing.pricebook.PriceModel;
import io.postpaid.pricing.pricebook.Product;
import io.postpaid.pricing.pricebook.Tier;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Issued invoices of all shapes, drawn by chance and drafted as the product drafts them, with their credit notes. */
public final class SeededInvoices {
    private static final BillingPeriod OCTOBER = BillingPeriod.parse("2026-10");
    private static final CurrencySettings SETTINGS = new CurrencySettings(Map.of(), Map.of(), Map.of(), Map.of());
    private static final Printability PRINTABLE = new Printability() {
        @Override
        public Optional<String> objection(BilledTo customer, Collection<String> words) {
            return Optional.empty();
        }
    };

    private static final List<String> TEXTS = List.of(
            "Acme Podcasts",
            "Müller & Söhne <GmbH>",
            "]]> <!-- \" ' &amp; %s ${x}",
            "😀 名前 שלום شركة",
            "a\u0007b\u0000c\uffff\ud83d",
            "  spaced\tand\nbroken\u2028 ",
            "#SKONTO#TAGE=14#PROZENT=2.00#",
            "much ".repeat(300));

    private static final List<String> CURRENCIES = List.of("EUR", "EUR", "EUR", "USD", "JPY", "KWD", "XCG", "CHF");
    private static final List<String> PRICES =
            List.of("0.00000123", "0.0639", "0.24", "2.00", "17", "0.000000001", "1234.5678");

    /** Country, tax id, whether a business, region, city and postal code. */
    private static final List<List<String>> CUSTOMERS = List.of(
            List.of("FI", "", "no", "", "Helsinki", "00100"),
            List.of("FI", "FI20774740", "yes", "", "Espoo", "02150"),
            List.of("DE", "DE136695976", "", "", "Berlin", "10115"),
            List.of("DE", "", "no", "", "Berlin", "10115"),
            List.of("FR", "FR 40 303 265 045", "yes", "", "Paris", "75001"),
            List.of("GR", "094259216", "yes", "", "Αθήνα", "10431"),
            List.of("IE", "IE1234567WA", "yes", "", "Dublin", "D02"),
            List.of("AT", "n/a", "no", "", "Wien", "1010"),
            List.of("BE", "BE0411905847", "yes", "", "", ""),
            List.of("NO", "NO 923 609 016 MVA", "yes", "", "Oslo", "0150"),
            List.of("CH", "CHE-116.281.710", "yes", "", "Zürich", "8001"),
            List.of("US", "00-7654321", "yes", "NY", "New York", "10012"),
            List.of("GB", "GB980780684", "yes", "", "London", "EC1A 1BB"),
            List.of("JP", "", "", "", "東京", ""));

    private final Random random;
    private final String home;
    private final Map<Long, Price> prices = new HashMap<>();

    private SeededInvoices(Random random, String home) {
        this.random = random;
        this.home = home;
    }

    /** @param prices by their ids */
    public record Seeded(
            Invoice invoice,
            List<InvoiceLine> lines,
            List<InvoiceTax> taxes,
            Map<Long, Price> prices,
            List<Noted> notes,
            List<TopUpDocument> topUps) {}

    public record Noted(CreditNote note, List<InvoiceTax> returned) {}

    /** @param home where the seller sells from */
    public static Seeded of(Random random, String home) {
        return new SeededInvoices(random, home).invoice();
    }

    public static String text(Random random) {
        return TEXTS.get(random.nextInt(TEXTS.size()));
    }

    private Seeded invoice() {
        var account = account();
        int lines = random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(6);
        var usage = IntStream.range(0, lines)
                .mapToObj(n -> usage(n, account.currency()))
                .toList();
        var carriedIn = random.nextInt(3) == 0 ? BigDecimal.valueOf(random.nextInt(50), 2) : ZERO;
        var facts = new Billable(
                account,
                OCTOBER,
                usage,
                cost(usage),
                Rounding.toMinorUnit(carriedIn, account.currency()),
                List.of(),
                "");
        var draft = new Drafting(SETTINGS, PRINTABLE).draft(facts, SeededTaxes.of(random, home, account.id()));
        // What is held, as it is above the ceiling or no rate fits, is no invoice.
        if (!(draft instanceof Drafted(var drafted, var billed, var taxes))) return invoice();
        var invoice = issued(drafted);
        var returns = new SeededReturns(random);
        return new Seeded(
                invoice,
                billed,
                taxes,
                prices,
                returns.notes(invoice, taxes),
                returns.topUps(invoice, taxes.getFirst()));
    }

    private Account account() {
        var from = pick(CUSTOMERS);
        var address = new Address(text(random), maybe(), from.get(4), from.get(3), from.get(5), from.getFirst());
        var peppol =
                pick(List.of("", "9930:DE136695976", "0208:0411905847", "0088:7300010000001", "0216:003720774740"));
        var card = new Card("pm_1", pick(List.of("visa", "x & <y>")), "4242", null, null);
        return new Account(
                "acme",
                text(random),
                "ap@customer.example",
                address,
                from.get(1),
                pick(CURRENCIES),
                ONE,
                ZERO,
                AccountStatus.ACTIVE,
                null,
                "cus_1",
                random.nextBoolean() ? card : null,
                LocalDate.of(2026, 1, 1),
                maybe(),
                new Buyer(from.get(2), maybe(), peppol, ""),
                List.of(),
                null);
    }

    /** Usage of one tier, in this month or the one before, of so much that it costs about what was drawn. */
    private Billable.Usage usage(int n, String currency) {
        var price = price(n, currency);
        prices.put(price.id(), price);
        int tier = 1 + random.nextInt(price.tiers().size());
        var each = price.tiers().get(tier - 1).amount();
        long cents = random.nextInt(-3_000, 20_000) * (random.nextInt(20) == 0 ? 100L : 1L);
        var quantity = BigDecimal.valueOf(cents, 2)
                .multiply(price.per())
                .divide(each, random.nextInt(10), RoundingMode.HALF_EVEN);
        var amount = price.model() == PriceModel.PACKAGE
                ? quantity.divide(price.per(), 0, RoundingMode.UP).multiply(each)
                : quantity.multiply(each).divide(price.per(), 12, RoundingMode.HALF_EVEN);
        var category = pick(List.of(Product.STANDARD, Product.STANDARD, "books", "calls", "health"));
        var unit = pick(List.of("second", "call", "<unit> & \u0001"));
        var month = random.nextInt(4) == 0 ? OCTOBER.previous() : OCTOBER;
        return new Billable.Usage(
                new Product(price.product(), unit, price.per(), "lot", true, category),
                month,
                price,
                tier,
                quantity,
                amount,
                null);
    }

    private Price price(int n, String currency) {
        var model = pick(List.of(PriceModel.values()));
        int count = model.tiered() ? 1 + random.nextInt(3) : 1;
        var tiers = IntStream.rangeClosed(1, count)
                .mapToObj(tier -> new Tier(
                        tier, tier == count ? null : BigDecimal.valueOf(100L * tier), new BigDecimal(pick(PRICES))))
                .toList();
        var per = new BigDecimal(pick(List.of("1", "60", "1000", "1000000")));
        return new Price(n, "product-" + n, null, currency, LocalDate.of(2026, 1, 1), model, per, tiers);
    }

    /** Credit covers nothing, a part, or all of it; sometimes more comes back than was used. */
    private MonthlyCost cost(List<Billable.Usage> usage) {
        var cost = Taxing.sum(usage, Billable.Usage::amount);
        var credits = switch (random.nextInt(6)) {
            case 0, 1 -> ZERO;
            case 2 -> cost;
            case 3 -> new BigDecimal("-3.17");
            default -> cost.multiply(BigDecimal.valueOf(random.nextInt(100), 2));
        };
        // What accrues without usage is credit that expired in between.
        if (usage.isEmpty()) credits = new BigDecimal("-4.20");
        return new MonthlyCost(OCTOBER, cost, credits, cost.subtract(credits));
    }

    /** As issuing does it: with a number, and perhaps paid by the account balance in part. */
    private Invoice issued(Invoice draft) {
        var currency = draft.currency();
        var gross = draft.total().add(draft.carriedIn());
        var share = BigDecimal.valueOf(random.nextInt(1, 101), 2);
        boolean pays = gross.signum() > 0 && random.nextInt(4) == 0;
        var paid = Rounding.toMinorUnit(pays ? gross.multiply(share) : ZERO, currency);
        // A bank moves what no card is charged.
        if (pays && currency.equals("KWD")) paid = paid.add(new BigDecimal("0.005"));
        var left = draft.paidFromBalance(paid, SETTINGS.leastCharge(currency));
        return new Invoice(
                1,
                left.account(),
                left.period(),
                currency,
                InvoiceStatus.OPEN,
                "2026-000042",
                left.customer(),
                left.issuedOn(),
                left.dueOn(),
                left.taxPoint(),
                left.subtotal(),
                left.credits(),
                left.tax(),
                left.total(),
                left.carriedIn(),
                left.carriedForward(),
                left.fromBalance(),
                left.amountDue(),
                null);
    }

    private String maybe() {
        return random.nextBoolean() ? "" : text(random);
    }

    private <T> T pick(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}
