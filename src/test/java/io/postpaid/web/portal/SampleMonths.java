package io.postpaid.web.portal;

import io.postpaid.account.AccountStatus;
import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.credit.CreditLedger;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.TestApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A few months of usage, billed month by month, of customers as a seller has them. */
public final class SampleMonths implements AutoCloseable {
    /** Pays each month, and has credit left. */
    public static final String STEADY = "harbor";
    /** The card was declined: the last invoice is open, and the access is paused. */
    public static final String OWING = "quarry";
    /** Has used most of the limit. */
    public static final String NEAR_LIMIT = "summit";
    /** Came today. */
    public static final String NEWCOMER = "meadow";

    private static final Instant NOW = Instant.parse("2026-11-18T14:25:00Z");
    private static final YearMonth FIRST = YearMonth.of(2026, 9);
    private static final YearMonth LAST = YearMonth.of(2026, 11);
    /** The access is paused on the seventh day, and the last usage is not rated yet. */
    private static final int[] NIGHTS = {8, 18};

    private static final Pattern TO_SIGN_IN = Pattern.compile("http\\S+/billing/sign-in/link\\?token=[A-Za-z0-9_-]+");
    private static final Pattern TO_PAY = Pattern.compile("http\\S+/billing/invoices/[0-9-]+/pay");
    private static final Duration MAILED = Duration.ofSeconds(30);

    private final TestApplication application;
    private final Random random = new Random(7);
    private int records;

    public SampleMonths(Path home) throws IOException {
        this(home, Map.of());
    }

    public SampleMonths(Path home, Map<String, String> more) throws IOException {
        var settings = new HashMap<>(more);
        settings.put("POSTPAID_BASE_URL", Chromium.BASE);
        settings.put("POSTPAID_APPROVE_ABOVE", "100");
        application = TestApplication.serving(home, Instant.parse("2026-09-01T07:00:00Z"), settings);
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), """
                currency: USD
                products:
                  speech-to-text: {unit: second, listed_per: 60, listed_unit: minute}
                  text-to-speech: {unit: character, listed_per: 1000, listed_unit: 1k characters}
                  translation: {unit: word}
                  voice-cloning: {unit: voice}
                prices:
                  - {product: speech-to-text, effective_from: 2025-01-01, amount: "0.0639", per: 60}
                  - {product: speech-to-text, effective_from: 2026-06-01, amount: "0.0595", per: 60}
                  - {product: text-to-speech, effective_from: 2025-01-01, amount: "0.021", per: 1000}
                  - {product: voice-cloning, effective_from: 2025-01-01, amount: "1.25"}
                  - product: translation
                    effective_from: 2025-01-01
                    model: graduated
                    tiers: [{up_to: 100000, amount: "0.00024"}, {amount: "0.00018"}]
                """));
        accounts("pm_card_visa");
        application.get(CreditLedger.class).grantAllowances();
        for (var month = FIRST; month.isBefore(LAST); month = month.plusMonths(1)) {
            use(month.atDay(1), month.atEndOfMonth());
            var next = month.plusMonths(1).atDay(1);
            if (next.equals(LAST.atDay(1))) accounts("pm_card_chargeCustomerFail");
            night(next);
            application.monthly(new BillingPeriod(month));
        }
        int used = 0;
        for (int day : NIGHTS) {
            use(LAST.atDay(used + 1), LAST.atDay(day));
            night(LAST.atDay(day));
            used = day;
        }
        application.moveTo(NOW);
    }

    private void accounts(String cardOfTheOwing) throws IOException {
        application
                .get(Accounts.class)
                .importFile(Files.writeString(application.home.resolve("accounts.csv"), """
                id,name,email,line1,city,postal_code,country,monthly_limit,free_credit,payment_method,created_on
                harbor,"Harbor Language Tools, Inc.",billing@harbor.test,548 Pier Road,Portland,04101,US,900.00,250.00,pm_card_visa,2026-09-01
                quarry,Gesellschaft für angewandte Sprachtechnologie und Übersetzung mbH,rechnung@quarry.test,Am Steinbruch 12,Linz,4020,AT,500.00,10.00,%s,2026-09-01
                summit,Summit Media,ap@summit.test,7 Ridge Way,Denver,80202,US,250.00,0,pm_card_mastercard,2026-11-01
                meadow,Meadow Studio,hello@meadow.test,,,,,,5.00,,2026-11-18
                """.formatted(cardOfTheOwing)));
    }

    private void use(LocalDate first, LocalDate last) throws IOException {
        var lines = new StringBuilder();
        for (var day = first; !day.isAfter(last); day = day.plusDays(1)) {
            int calls = day.getDayOfWeek().getValue() > 5 ? 25 : 100;
            record(lines, STEADY, "speech-to-text", calls * (60 + random.nextInt(40)), day);
            record(lines, STEADY, "text-to-speech", calls * (1500 + random.nextInt(900)), day);
            record(lines, STEADY, "translation", calls * (180 + random.nextInt(120)), day);
            if (day.getDayOfMonth() % 9 == 0) record(lines, STEADY, "voice-cloning", 1 + random.nextInt(3), day);
            record(lines, OWING, "speech-to-text", calls * (30 + random.nextInt(20)), day);
            if (!day.isBefore(LAST.atDay(1))) {
                record(lines, NEAR_LIMIT, "speech-to-text", 12500 + random.nextInt(500), day);
            }
        }
        Files.writeString(application.get(Home.class).inbox().resolve(first + ".ndjson"), lines);
    }

    private void record(StringBuilder lines, String account, String product, int quantity, LocalDate day) {
        lines.append("""
                {"id":"r%d","account":"%s","product":"%s","quantity":"%d","occurred_at":"%sT07:00:00Z"}
                """.formatted(++records, account, product, quantity, day));
    }

    /** Usage of one day, rated by the night behind it. */
    public void used(String account, String product, int quantity, LocalDate day) throws IOException {
        var lines = new StringBuilder();
        record(lines, account, product, quantity, day);
        Files.writeString(application.get(Home.class).inbox().resolve(account + "-" + day + ".ndjson"), lines);
        night(day.plusDays(1));
    }

    /** The first of the month behind the last one: what was used in the last one is invoiced and charged. */
    public void endOfMonth() {
        night(LAST.plusMonths(1).atDay(1));
        application.monthly(new BillingPeriod(LAST));
    }

    public AccountStatus status(String account) {
        return application.get(Accounts.class).get(account).status();
    }

    private void night(LocalDate date) {
        application.moveTo(date.atTime(10, 0).toInstant(ZoneOffset.UTC));
        application.nightly(date);
    }

    public TestApplication application() {
        return application;
    }

    public int port() {
        return application.http(null).port();
    }

    /** A link that signs in to the account's pages. */
    public String link(String account) {
        return application
                .get(PortalLinks.class)
                .make(account, Duration.ofHours(1), "https://seller.test/app")
                .url();
    }

    public List<Invoice> invoices(String account) {
        return application.get(Invoices.class).ofAccount(account, Long.MAX_VALUE, 100);
    }

    public String mailedLinkToSignIn(String address) throws IOException {
        return mailed(address, TO_SIGN_IN);
    }

    public String mailedLinkToPay(String address) throws IOException {
        return mailed(address, TO_PAY);
    }

    /** The link that was mailed to an address; the mail has its name only once it is whole. */
    private String mailed(String address, Pattern wanted) throws IOException {
        for (var until = System.nanoTime() + MAILED.toNanos(); System.nanoTime() < until; Thread.onSpinWait()) {
            try (Stream<Path> mails = Files.list(application.mails())) {
                for (var mail :
                        mails.filter(file -> file.toString().endsWith(".eml")).toList()) {
                    var text = Files.readString(mail).replaceAll("=\r?\n", "").replace("=3D", "=");
                    var link = wanted.matcher(text);
                    if (text.contains(address) && link.find()) return link.group();
                }
            }
        }
        throw new AssertionError("no link was mailed to " + address);
    }

    @Override
    public void close() {
        application.close();
    }
}
