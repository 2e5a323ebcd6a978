package io.postpaid.simulation;

import static io.postpaid.simulation.PoisonedMonth.PRICES;
import static io.postpaid.simulation.PoisonedMonth.items;
import static io.postpaid.simulation.PoisonedMonth.strings;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.books.report.Verification;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.TestApplication;
import io.postpaid.support.TestDatabase;
import io.postpaid.usage.intake.Ingestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Accounts of which several months are held, for either cause, and which one night bills once it is mended. */
class HeldMonthsTest {
    private static final List<BillingPeriod> MONTHS =
            List.of(BillingPeriod.parse("2026-10"), BillingPeriod.parse("2026-11"), BillingPeriod.parse("2026-12"));
    private static final LocalDate FIRST = LocalDate.of(2027, 1, 1);

    @TempDir
    private Path folder;

    @Test
    void aNightOfTheFirstBillsRendersChargesAndMailsEachMonthThatWasHeld() throws IOException {
        var database = TestDatabase.create();
        var low = Files.createDirectories(folder.resolve("low"));
        Files.writeString(low.resolve("currencies.yaml"), """
                monthly_limit: {USD: "100.00"}
                free_credit: {USD: "0.00"}
                minimum_charge: {}
                ceiling: {USD: "50.00"}
                """);
        try (var application = application(database, "2026-11-01T08:00:00Z", low)) {
            application.get(PriceBooks.class).importFile(Files.writeString(folder.resolve("prices.yaml"), PRICES));
            application.get(Accounts.class).importFile(Files.writeString(folder.resolve("accounts.csv"), """
                    id,name,email,country,free_credit,payment_method,created_on
                    card,Card,card@books.test,US,0,pm_card_visa,2026-01-01
                    covered,Covered,covered@books.test,US,1000,pm_card_visa,2026-01-01
                    healthy,Healthy,healthy@books.test,US,0,pm_card_visa,2026-01-01
                    huge,Huge,huge@books.test,US,0,pm_card_visa,2026-01-01
                    nocard,No Card,nocard@books.test,US,0,,2026-01-01
                    """));
            for (var month : MONTHS) {
                application.moveTo(Instant.parse(month.issuedOn() + "T08:00:00Z"));
                var usage = Files.writeString(folder.resolve(month + ".ndjson"), """
                        {"id":"1-%1$s","account":"card","product":"video","quantity":"100","occurred_at":"%1$s-05T00:00:00Z"}
                        {"id":"2-%1$s","account":"covered","product":"video","quantity":"100","occurred_at":"%1$s-05T00:00:00Z"}
                        {"id":"3-%1$s","account":"healthy","product":"calls","quantity":"100","occurred_at":"%1$s-05T00:00:00Z"}
                        {"id":"4-%1$s","account":"huge","product":"calls","quantity":"1000","occurred_at":"%1$s-05T00:00:00Z"}
                        {"id":"5-%1$s","account":"nocard","product":"video","quantity":"100","occurred_at":"%1$s-05T00:00:00Z"}
                        """.formatted(month));
                application.get(Ingestion.class).ingest(usage, null, _ -> {});
                var runs = application.get(Runs.class);
                assertThat(runs.nightly(month.issuedOn()).completed()).isTrue();
                assertThat(runs.monthly(month).completed()).isTrue();
            }
            assertThat(items(application)).hasSize(12).allMatch(item -> item.startsWith("draft-invoices account "));
        }
        // The ceiling is raised, and the price comes.
        try (var application = application(database, "2027-01-01T12:00:00Z", folder.resolve("none"))) {
            application.get(PriceBooks.class).importFile(Files.writeString(folder.resolve("video.yaml"), PRICES + """
                      - {product: video, effective_from: 2020-01-01, amount: "0.20"}
                    """));
            assertThat(application.get(Runs.class).nightly(FIRST).completed()).isTrue();

            assertThat(items(application)).isEmpty();
            assertThat(strings(application.jdbc(), """
                            select i.account || ' ' || i.period || ' ' || i.status
                                   || case when d.file is null then ' without a document' else '' end
                                   || coalesce(' ' || n.kind || ' ' || n.status, '')
                              from invoice i
                              left join invoice_document d on d.invoice = i.id
                              left join notice n on n.account = i.account and split_part(n.key, '/', 1) = i.number
                             where i.account <> 'healthy'
                             order by i.account, i.period"""))
                    .containsExactly(
                            "card 2026-10-01 PAID payment-succeeded SENT",
                            "card 2026-11-01 PAID payment-succeeded SENT",
                            "card 2026-12-01 PAID payment-succeeded SENT",
                            "covered 2026-10-01 PAID invoice-covered SENT",
                            "covered 2026-11-01 PAID invoice-covered SENT",
                            "covered 2026-12-01 PAID invoice-covered SENT",
                            "huge 2026-10-01 PAID payment-succeeded SENT",
                            "huge 2026-11-01 PAID payment-succeeded SENT",
                            "huge 2026-12-01 PAID payment-succeeded SENT",
                            "nocard 2026-10-01 OPEN no-card SENT",
                            "nocard 2026-11-01 OPEN no-card SENT",
                            "nocard 2026-12-01 OPEN no-card SENT");
            assertThat(application.get(Verification.class).run())
                    .filteredOn(check -> !check.holds())
                    .isEmpty();
        }
    }

    /** A day whose usage is taken back needs no price, also when a night has had it wait for one. */
    @Test
    void usageWithoutAPriceThatIsTakenBackHoldsNothing() throws IOException {
        try (var application = new TestApplication(folder.resolve("home"), Instant.parse("2026-11-01T08:00:00Z"))) {
            PoisonedMonth.of(application, folder, List.of("h01", "unpriced"));
            var runs = application.get(Runs.class);
            assertThat(runs.nightly(MONTHS.getFirst().issuedOn()).completed()).isTrue();
            assertThat(strings(application.jdbc(), "select account from unrated_day"))
                    .containsExactly("unpriced");
            var correction = Files.writeString(folder.resolve("void.ndjson"), """
                    {"id":"v","type":"void","voids":"unpriced","account":"unpriced","occurred_at":"2026-10-05T00:00:00Z"}
                    """);
            application.get(Ingestion.class).ingest(correction, null, _ -> {});
            assertThat(runs.nightly(MONTHS.getFirst().issuedOn()).completed()).isTrue();
            var month = runs.monthly(MONTHS.getFirst());

            assertThat(month.held()).isZero();
            assertThat(strings(application.jdbc(), "select account from invoice"))
                    .containsExactly("h01");
            assertThat(strings(application.jdbc(), "select account from unrated_day"))
                    .isEmpty();
            assertThat(application.get(Verification.class).run())
                    .filteredOn(check -> !check.holds())
                    .isEmpty();
        }
    }

    private TestApplication application(String database, String now, Path templates) {
        return new TestApplication(
                folder.resolve("home"),
                Instant.parse(now),
                Map.of("spring.datasource.url", database, "POSTPAID_TEMPLATES", templates.toString()),
                new BeanPostProcessor() {});
    }
}
