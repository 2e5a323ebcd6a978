package io.postpaid.web.portal;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.books.explain.Explanations;
import io.postpaid.credit.CreditLedger;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.Http;
import io.postpaid.support.TestApplication;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Why an amount is what it is: on two seeded months with tiers, a price change, free, failed, late, void and refused usage. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UsagePagesTest {
    private TestApplication application;
    private int files;

    @BeforeAll
    void bill(@TempDir Path home) throws IOException {
        application = TestApplication.serving(
                home, Instant.parse("2026-10-01T10:00:00Z"), Map.of("POSTPAID_PAGE_RATE", "1000"));
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), """
                currency: USD
                products:
                  audio: {unit: second, listed_per: 60, listed_unit: minute}
                  image: {unit: image}
                  text: {unit: word}
                  feed: {unit: call, billable: false}
                prices:
                  - {product: audio, effective_from: 2026-01-01, amount: "0.0639", per: 60}
                  - {product: audio, account: acme, effective_from: 2026-10-15, amount: "0.05", per: 60}
                  - {product: image, effective_from: 2026-01-01, amount: "0.02"}
                  - {product: image, effective_from: 2027-01-01, amount: "0.03"}
                  - product: text
                    effective_from: 2026-01-01
                    model: graduated
                    tiers: [{up_to: 1000, amount: "0.0024"}, {amount: "0.0018"}]
                """));
        application.get(Accounts.class).importFile(Files.writeString(home.resolve("accounts.csv"), """
                id,name,email,monthly_limit,free_credit,payment_method
                acme,Acme,billing@acme.test,100,2.00,pm_card_visa
                bolt,Bolt,billing@bolt.test,100,0,pm_card_visa
                zero,Zero,billing@zero.test,0,1.00,pm_card_visa
                """));
        application.get(CreditLedger.class).grantAllowances();
        usage("a1", "acme", "audio", "6100.5", "2026-10-03T12:00:00Z", "");
        usage("a2", "acme", "audio", "1000.25", "2026-10-03T12:30:00.5Z", ",\"operation\":\"=predict\"");
        usage("a3", "acme", "audio", "77", "2026-10-03T14:00:00Z", ",\"outcome\":\"failed\"");
        usage("a4", "acme", "audio", "6000", "2026-10-20T09:00:00Z", "");
        usage("t1", "acme", "text", "700", "2026-10-04T12:00:00Z", "");
        usage("t2", "acme", "text", "800.5", "2026-10-05T12:00:00Z", "");
        usage("f1", "acme", "feed", "12", "2026-10-05T13:00:00Z", "");
        usage("b1", "bolt", "image", "500", "2026-10-03T12:00:00Z", "");
        usage("z1", "zero", "image", "50", "2026-10-03T12:00:00Z", "");
        usage("q1", "acme", "nothing", "5", "2026-10-06T12:00:00Z", "");
        night("2026-11-01");
        application.monthly(BillingPeriod.parse("2026-10"));
        usage("l1", "acme", "image", "100", "2026-10-30T12:00:00Z", "");
        usage("i1", "acme", "image", "250", "2026-11-01T12:00:00Z", "");
        usage("i2", "acme", "image", "40", "2026-11-01T13:00:00Z", "");
        file("v1", """
                {"id":"v1","type":"void","voids":"i2","account":"acme","occurred_at":"2026-11-01T14:00:00Z"}
                """);
        night("2026-11-02");
        usage("i3", "acme", "image", "10", "2026-11-02T09:00:00Z", "");
        application.moveTo(Instant.parse("2026-11-04T12:00:00Z"));
        application.nightly(LocalDate.parse("2026-11-03"));
    }

    @AfterAll
    void stop() {
        application.close();
    }

    private void usage(String id, String account, String product, String quantity, String at, String more)
            throws IOException {
        file(id, """
                {"id":"%s","account":"%s","product":"%s","quantity":"%s","occurred_at":"%s"%s}
                """.formatted(id, account, product, quantity, at, more));
    }

    private void file(String name, String content) throws IOException {
        Files.writeString(application.get(Home.class).inbox().resolve(++files + name + ".ndjson"), content);
    }

    private void night(String date) {
        application.moveTo(Instant.parse(date + "T10:00:00Z"));
        application.nightly(LocalDate.parse(date));
    }

    private Browser signedIn(String account) {
        return Browser.signedIn(application, account);
    }

    private String number(String account) {
        return application.get(Invoices.class).ofAccount(account).getFirst().issuedNumber();
    }

    @Test
    void aMonthShowsEachProductWithItsFreePartTierAndTheMonthBefore() {
        var october = signedIn("acme").get("/billing?month=2026-10");
        assertThat(october.text())
                .contains(
                        "Audio 13,177.75 second 77 13,100.75 second 0.05 / minute",
                        "feed 12 call 12 0 call free of charge 0.00 0.00",
                        "Text 1,500.5 word 1,500.5 word 0.0018 / word tier 2 of 2");
        assertThat(signedIn("acme").get("/billing").text())
                .contains("Price in force Amount October 2026", "Images 260 image 260 image 0.02 / image 5.20 2.00");
    }

    @Test
    void aLimitOfNothingIsNotShownAsUsedUp() {
        var page = signedIn("zero").get("/billing");
        assertThat(page.text())
                .contains("The monthly limit is USD 0.00: only credit pays for usage", "Your monthly limit is USD 0.00")
                .doesNotContain("100 %");
    }

    @Test
    void theUpcomingChargeIsLessWhatTheAccountBalancePays() {
        var open = application.get(Invoices.class).ofAccount("bolt").getFirst();
        assertThat(open.total()).isEqualByComparingTo("10.00");
        application
                .jdbc()
                .sql("insert into account_balance (account, currency, amount) values ('acme', 'USD', 1.505)")
                .update();
        try {
            assertThat(signedIn("acme").get("/billing").text())
                    .contains(
                            "Upcoming charge USD 5.70",
                            "if the month ended now: usage 7.20, account balance -1.50",
                            "On 1 December 2026 to Visa ending 4242",
                            "Images Usage of October 2026, received after its invoice");
        } finally {
            application
                    .jdbc()
                    .sql("delete from account_balance where account = 'acme'")
                    .update();
        }
    }

    private Http key(String account) {
        return application.http(
                application.get(ApiKeys.class).ofAccount(account, "").secret());
    }

    @Test
    void anAccountReadsItsRecordsPageByPage() {
        var acme = key("acme");
        var all = acme.get("/v1/usage?from=2026-10-01&to=2026-10-31").json();
        assertThat(all.at("/records").findValuesAsString("id"))
                .containsExactly("a1", "a2", "a3", "t1", "t2", "f1", "a4", "l1");
        assertThat(all.at("/next").isNull()).isTrue();
        assertThat(all.at("/records/0").toString()).isEqualTo("""
                {"status":"billable","occurred_at":"2026-10-03T12:00:00Z","product":"audio","quantity":"6100.5",\
                "source":"default","id":"a1","outcome":"succeeded","operation":null,"late":false,"billed_in":["2026-10"]}""");
        assertThat(all.at("/records").findValuesAsString("status"))
                .containsExactly(
                        "billable", "billable", "free", "billable", "billable", "free", "billable", "billable");
        assertThat(all.at("/records/7/late").asBoolean()).isTrue();
        assertThat(all.at("/records/7/billed_in/0").asString()).isEqualTo("2026-11");

        var seen = new ArrayList<String>();
        for (var next = ""; next != null; ) {
            var page = acme.get("/v1/usage?from=2026-10-01&to=2026-10-31&limit=1" + next)
                    .json();
            seen.addAll(page.at("/records").findValuesAsString("id"));
            next = page.at("/next").isNull()
                    ? null
                    : "&cursor=" + page.at("/next").asString();
        }
        assertThat(seen).isEqualTo(all.at("/records").findValuesAsString("id"));
        assertThat(acme.get("/v1/usage?product=image").json().at("/records").findValuesAsString("status"))
                .containsExactly("billable", "voided", "billable");

        assertThat(key("bolt").get("/v1/usage?from=2026-10-01&to=2026-10-31").text())
                .contains("b1")
                .doesNotContain("a1");
        key("bolt").get("/v1/usage?account=acme").is(403, "FORBIDDEN");
        var operator = application.http(
                application.get(ApiKeys.class).ofOperator("", Role.VIEWER).secret());
        assertThat(operator.get("/v1/usage?from=2026-10-01&to=2026-10-31&account=acme")
                        .json())
                .isEqualTo(all);
        for (var query : List.of(
                "from=2026-02-30",
                "to=2025-01-01",
                "from=2020-01-01&to=2026-01-01",
                "limit=0",
                "cursor=zz",
                "cursor=fwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")) {
            acme.get("/v1/usage?" + query).is(400, "INVALID_REQUEST");
        }
    }

    @Test
    void whatIsInQuarantineIsShownWithoutItsText() {
        var refused = key("acme").get("/v1/usage/quarantine").json();
        assertThat(refused.toString()).isEqualTo("""
                {"records":[{"received_at":"2026-11-01T10:00:00Z","reason":"UNKNOWN_PRODUCT",\
                "message":"Not billed, because it names a product that is not known"}],"next":null}""");
        assertThat(key("bolt").get("/v1/usage/quarantine").json().at("/records"))
                .isEmpty();
        key("acme").get("/v1/usage/quarantine?before=-1").is(400, "INVALID_REQUEST");
    }

    @Test
    void aMonthsRecordsAreAFile() {
        var file = key("acme").get("/v1/usage.csv?period=2026-11");
        assertThat(file.header("Content-Type")).isEqualTo("text/csv;charset=UTF-8");
        assertThat(file.text()).isEqualTo("""
                status,occurred_at,product,quantity,source,id,outcome,operation,late,billed_in,received_at,reason
                billable,2026-11-01T12:00:00Z,image,250,default,i1,succeeded,,no,2026-11,,
                voided,2026-11-01T13:00:00Z,image,40,default,i2,succeeded,,no,2026-11,,
                billable,2026-11-02T09:00:00Z,image,10,default,i3,succeeded,,no,2026-11,,
                quarantined,,,,,,,,,,2026-11-01T10:00:00Z,UNKNOWN_PRODUCT
                """);
        assertThat(key("acme").get("/v1/usage.csv?period=2026-10").text())
                .contains("2026-10-03T12:30:00.500Z,audio,1000.25,default,a2,succeeded,'=predict,no,2026-10");
        key("acme").get("/v1/usage.csv?period=2026-13").is(400, "INVALID_REQUEST");
    }

    @Test
    void theRecordsBehindAnInvoiceAddUpToItsLines() {
        var acme = key("acme");
        var number = number("acme");
        var file = acme.get("/v1/invoices/" + number + "/usage.csv").text();
        var billed = new TreeMap<String, BigDecimal>();
        file.lines()
                .skip(1)
                .map(row -> row.split(",", -1))
                .filter(row -> row[0].equals("billable"))
                .forEach(row -> billed.merge(row[2], new BigDecimal(row[3]), BigDecimal::add));
        var lines = new TreeMap<String, BigDecimal>();
        acme.get("/v1/invoices/" + number)
                .json()
                .at("/lines")
                .forEach(line -> lines.merge(
                        line.at("/product").asString(),
                        new BigDecimal(line.at("/quantity").asString()),
                        BigDecimal::add));
        assertThat(billed).isEqualTo(lines).hasSize(2);
        assertThat(file).contains("a3", "f1").doesNotContain("l1");
        key("bolt").get("/v1/invoices/" + number + "/usage.csv").is(404, "NOT_FOUND");
    }

    @Test
    void aDayIsOpenedToItsHoursAndItsRecords() {
        var browser = signedIn("acme");
        assertThat(browser.get("/billing?month=2026-10").body()).contains("<a href=\"/billing/usage/2026-10-03\">");
        var day = browser.get("/billing/usage/2026-10-03");
        assertThat(day.body()).contains("<td class=\"n\" title=\"7.56229875\">7.56</td>");
        assertThat(day.text())
                .contains(
                        "Audio 7,100.75 second 77 second 3 7.56",
                        "12:00 Audio 7,100.75 second 2",
                        "14:00 Audio 0 second 77 1",
                        "By operation",
                        "=predict Audio 1,000.25 second 1",
                        "No call was refused on this day.")
                .doesNotContain("By API key");
        assertThat(browser.get("/billing/usage/2026-10-03/records?product=audio")
                        .text())
                .contains(
                        "only Audio",
                        "12:30:00.5 Audio 1,000.25 second =predict a2 default Billable",
                        "a3 default Failed, free")
                .doesNotContain("t1");
        assertThat(browser.get("/billing/usage/2026-11-01/records").text()).contains("i2 default Taken back");
        assertThat(signedIn("bolt").get("/billing/usage/2026-10-03/records").text())
                .contains("b1")
                .doesNotContain("a1", "a2");
        for (var nothing : List.of(
                "/billing/usage/2026-02-30",
                "/billing/usage/2026-10-03/records?product=none",
                "/billing/usage/2026-10-03/records?cursor=zz")) {
            assertThat(browser.get(nothing).status()).as(nothing).isEqualTo(404);
        }
    }

    @Test
    void whatAnAccountSendsWithAKeyIsShownByTheKey() {
        var keys = application.get(ApiKeys.class);
        var made = keys.ofAccount("bolt", "production", Role.USAGE);
        application.http(made.secret()).post("/v1/usage", """
                {"id":"k1","account":"bolt","product":"image","quantity":"3","occurred_at":"2026-11-04T11:00:00Z"}""").is(200);
        application
                .http(keys.ofOperator("the seller's", Role.SERVICE).secret())
                .post("/v1/usage", """
                {"id":"k2","account":"bolt","product":"image","quantity":"4","occurred_at":"2026-11-04T11:00:00Z"}""")
                .is(200);
        assertThat(signedIn("bolt").get("/billing/usage/2026-11-04").text())
                .contains("By API key", "production Images 3 image 1", "11:00 Images 7 image 2", "0.14")
                .doesNotContain("the seller's");
    }

    @Test
    void whatWasLateRefusedOrNotBilledIsShown() {
        var page = signedIn("acme").get("/billing/usage/exceptions").text();
        assertThat(page)
                .contains(
                        "30 October 2026 Images 100 image Came after its month was invoiced 2.00",
                        "1 November 2026, 10:00:00 UTC Not billed: it names a product that is not known",
                        "No call was refused.");
        var gate = application.http(
                application.get(ApiKeys.class).ofOperator("", Role.SERVICE).secret());
        for (int n = 0; n < 3; n++) {
            gate.post(
                            "/v1/authorizations?account=zero",
                            "{\"product\":\"image\",\"quantity\":\"1\"}",
                            Map.of("Idempotency-Key", "r" + n))
                    .is(402, "MONTHLY_LIMIT_REACHED");
        }
        var browser = signedIn("zero");
        var until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!browser.get("/billing/usage/exceptions").text().contains("The monthly limit was reached")) {
            assertThat(System.nanoTime()).as("the counts are written").isLessThan(until);
            Thread.onSpinWait();
        }
        assertThat(browser.get("/billing/usage/exceptions").text())
                .contains("4 November 2026 The monthly limit was reached MONTHLY_LIMIT_REACHED 3");
        assertThat(browser.get("/billing/usage/2026-11-04").text())
                .contains("12:00 The monthly limit was reached MONTHLY_LIMIT_REACHED 3");
        assertThat(signedIn("bolt").get("/billing/usage/exceptions").text()).contains("No call was refused.");
    }

    @Test
    void aMonthsRecordsAreDownloadedFromThePage() {
        var file = signedIn("acme").get("/billing/records.csv?month=2026-11");
        assertThat(file.header("Content-Disposition")).contains("attachment", "records-2026-11.csv");
        assertThat(file.body()).contains(",i1,").doesNotContain("b1");
    }

    @Test
    void eachLineOfAnInvoiceIsOpenedToDaysThatAddUpToIt() {
        var browser = signedIn("acme");
        var number = number("acme");
        assertThat(browser.get("/billing/invoices/" + number).body())
                .contains("<a href=\"/billing/invoices/" + number + "/lines/1\">Audio</a>");
        assertThat(browser.get("/billing/invoices/" + number + "/lines/1").text())
                .contains(
                        "Audio Price from 1 January 2026 · usage of October 2026",
                        "Exact, USD 7.56229875 Rounded once, half up, USD 7.56",
                        "3 October 2026 7,100.75 second 7.56229875 3",
                        "The days add up to the line: 7,100.75 second at this price cost 7.56229875, which is 7.56 when rounded");
        assertThat(browser.get("/billing/invoices/" + number + "/lines/4").text())
                .contains(
                        "Text Tier 2",
                        "Tier 2: above 1,000 word in the month",
                        "5 October 2026 500.5 word 0.9009",
                        "Sum 500.5 word 0.9009");
        int lines = 0;
        for (var invoice : application.get(Invoices.class).ofAccount("acme")) {
            for (var line : application.get(Invoices.class).lines(invoice.id())) {
                var trace = application.get(Explanations.class).line(invoice, line);
                var sum = trace.days().stream()
                        .map(Explanations.LineDay::amount)
                        .reduce(BigDecimal.ZERO, BigDecimal::add);
                assertThat(sum.setScale(2, RoundingMode.HALF_UP)).isEqualByComparingTo(line.amount());
                assertThat(trace.ties()).isTrue();
                lines++;
            }
        }
        assertThat(lines).isEqualTo(4);
        for (var nothing : List.of("/lines/5", "/lines/0", "/lines/x", "/lines/01")) {
            assertThat(browser.get("/billing/invoices/" + number + nothing).status())
                    .as(nothing)
                    .isEqualTo(404);
        }
        for (var path : List.of("/lines/1", "/explained.json", "/usage.csv")) {
            assertThat(signedIn("bolt")
                            .get("/billing/invoices/" + number + path)
                            .status())
                    .as(path)
                    .isEqualTo(404);
        }
    }

    @Test
    void anInvoiceIsOneFileByWhichItCanBeComputedAgain() {
        var file = signedIn("acme").get("/billing/invoices/" + number("acme") + "/explained.json");
        assertThat(file.header("Content-Disposition")).contains("attachment", "-explained.json");
        var json = JsonMapper.shared().readTree(file.body());
        assertThat(json.at("/ties").asBoolean()).isTrue();
        assertThat(json.at("/differences")).isEmpty();
        // Its lines once more, from nothing but its records.
        var used = new TreeMap<String, BigDecimal>();
        for (var day : json.at("/days")) {
            for (var record : day.at("/records")) {
                if (record.at("/billable").asBoolean() && !record.at("/voided").asBoolean()) {
                    used.merge(
                            record.at("/product").asString(),
                            new BigDecimal(record.at("/quantity").asString()),
                            BigDecimal::add);
                }
            }
        }
        assertThat(used).containsOnlyKeys("audio", "text");
        assertThat(used.get("audio")).isEqualByComparingTo("13100.75");
        var amounts = new ArrayList<BigDecimal>();
        json.at("/lines")
                .forEach(line -> amounts.add(new BigDecimal(line.at("/quantity").asString())
                        .multiply(new BigDecimal(line.at("/price").asString()))
                        .divide(new BigDecimal(line.at("/per").asString()), 2, RoundingMode.HALF_UP)));
        assertThat(amounts.stream().reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo(json.at("/sums/subtotal").asString());
        assertThat(file.body()).doesNotContain("file_name", ".ndjson");
    }

    @Test
    void pricesAreShownWithTheirDatesAndWhatIsToCome() {
        var page = signedIn("acme").get("/billing/prices");
        assertThat(page.text())
                .contains(
                        "Audio 0.05 / minute 15 October 2026 your own price",
                        "Images 0.02 / image 1 January 2026",
                        "1 January 2027 Images 0.03 / image",
                        "Text up to 1,000 word in the month 0.0024 / word above 1,000 word in the month 0.0018 / word 1 January 2026",
                        "feed free of charge");
        assertThat(signedIn("bolt").get("/billing/prices").text())
                .contains("Audio 0.0639 / minute 1 January 2026")
                .doesNotContain("your own price", "0.05 / minute");
    }

    @Test
    void lastMonthsUsageIsPricedAgainAndCanBeChanged() {
        var browser = signedIn("acme");
        var page = browser.get("/billing/prices");
        // 13,100.75 seconds at 0.05, and 100 images that came late; 1,000 words at 0.0024 and 500.5 at 0.0018.
        assertThat(page.body()).contains("value=\"13100.75\"", "value=\"1500.5\"");
        assertThat(page.text()).contains("Audio", "10.92", "3.30", "Total before tax, USD 16.22");
        assertThat(browser.get("/billing/prices?q_audio=120&q_image=1%2C000&q_text=&on=2027-01-01")
                        .text())
                .contains("0.10", "30.00", "Total before tax, USD 30.10");
        var wrong = browser.get("/billing/prices?q_audio=12x&q_image=5");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.body()).contains("value=\"12x\"", "A quantity is a number", "value=\"5\"");
        assertThat(browser.get("/billing/prices?on=zz").status()).isEqualTo(200);
    }
}
