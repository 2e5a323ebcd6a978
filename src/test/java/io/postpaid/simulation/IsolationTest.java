package io.postpaid.simulation;

import static io.postpaid.simulation.PoisonedMonth.PRICES;
import static io.postpaid.simulation.PoisonedMonth.healthy;
import static io.postpaid.simulation.PoisonedMonth.healthyAnd;
import static io.postpaid.simulation.PoisonedMonth.items;
import static io.postpaid.simulation.PoisonedMonth.strings;
import static io.postpaid.simulation.PoisonedMonth.without;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.GrantKind;
import io.postpaid.platform.batch.HeldItems;
import io.postpaid.platform.batch.HeldItems.HeldItem;
import io.postpaid.platform.batch.RunFailedException;
import io.postpaid.platform.batch.RunHistory;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.TestApplication;
import io.postpaid.usage.intake.Ingestion;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** One poisoned item in each step, beside 20 healthy accounts. */
class IsolationTest {
    private static final BillingPeriod OCTOBER = BillingPeriod.parse("2026-10");

    @TempDir
    private Path folder;

    private static final List<Poison> POISONS = List.of(
            new Poison("rated", "usage_journal", "insert", "new.account = 'rated'"),
            new Poison("drafted", "invoice", "insert", "new.account = 'drafted'"),
            new Poison("issued", "invoice", "update", "new.account = 'issued' and new.status <> 'DRAFT'"),
            new Poison(
                    "rendered",
                    "invoice_document",
                    "insert",
                    "exists (select from invoice i where i.id = new.invoice and i.account = 'rendered')"),
            new Poison(
                    "charged",
                    "payment_attempt",
                    "insert",
                    "exists (select from invoice i where i.id = new.invoice and i.account = 'charged')"),
            new Poison("mailed", "notice", "update", "new.account = 'mailed' and new.status = 'SENT'"));

    @Test
    void whatOneAccountBreaksIsHeldAndTheOthersAreBilledChargedAndMailed() throws IOException {
        try (var application = new TestApplication(folder.resolve("home"), Instant.parse("2026-11-01T08:00:00Z"))) {
            var accounts = Stream.concat(
                            healthy().stream(),
                            Stream.concat(POISONS.stream().map(Poison::name), Stream.of("unpriced")))
                    .toList();
            PoisonedMonth.of(application, folder, accounts);
            var jdbc = application.jdbc();
            POISONS.forEach(poison -> poison.plant(jdbc));
            var runs = application.get(Runs.class);

            var night = runs.nightly(LocalDate.of(2026, 11, 1));
            assertThat(night.completed()).isTrue();
            assertThat(night.held()).isEqualTo(1);
            assertThat(items(application)).containsExactly("meter-and-rate account rated: poison of rated");

            var month = runs.monthly(OCTOBER);
            assertThat(month.completed()).isTrue();
            assertThat(month.held()).isEqualTo(6);
            assertThat(items(application).stream().map(item -> item.replaceAll("payment-\\S+:|2026-\\d{6}:", "N:")))
                    .containsExactlyInAnyOrder(
                            "meter-and-rate account rated: poison of rated",
                            "draft-invoices account drafted: poison of drafted",
                            "draft-invoices account unpriced: no price in force for video on 2026-10-05 (1 days)",
                            "draft-invoices account issued: poison of issued",
                            "render-documents invoice N: poison of rendered",
                            "charge-invoices invoice N: poison of charged",
                            "send-mail mail N: poison of mailed");
            assertThat(strings(jdbc, """
                            select account from invoice i
                             where status = 'PAID' and issued_on = '2026-11-01' and due_on = '2026-11-08'
                               and exists (select from invoice_document d where d.invoice = i.id)
                               and exists (select from notice n where n.key = i.number || '/1' and n.status = 'SENT')
                             order by account"""))
                    .containsExactlyElementsOf(
                            accounts.stream().filter(id -> id.startsWith("h")).toList());

            POISONS.forEach(poison -> poison.mend(jdbc));
            application.get(PriceBooks.class).importFile(Files.writeString(folder.resolve("video.yaml"), PRICES + """
                      - {product: video, effective_from: 2026-01-01, amount: "0.20"}
                    """));
            application.moveTo(Instant.parse("2026-11-15T08:00:00Z"));
            var mended = runs.nightly(LocalDate.of(2026, 11, 15));
            assertThat(mended.completed()).isTrue();
            assertThat(strings(jdbc, """
                            select account || ' ' || status || ' ' || issued_on || ' ' || due_on
                              from invoice where issued_on > '2026-11-01' order by account"""))
                    .containsExactly(
                            "drafted PAID 2026-11-15 2026-11-22",
                            "issued PAID 2026-11-15 2026-11-22",
                            "unpriced PAID 2026-11-15 2026-11-22");
            assertThat(strings(jdbc, "select item from held where resolved_at is null and step = 'draft-invoices'"))
                    .isEmpty();
            // The night after, nobody is suspended for what was issued a day ago, and the books hold.
            application.moveTo(Instant.parse("2026-11-16T08:00:00Z"));
            assertThat(runs.nightly(LocalDate.of(2026, 11, 16)).held()).isZero();
            assertThat(items(application)).isEmpty();
            assertThat(strings(jdbc, "select id from account where status = 'SUSPENDED'"))
                    .isEmpty();
            assertThat(strings(jdbc, """
                            select 'not ascending' from (select number, issued_on, lag(issued_on) over (order by number) as before
                                                           from invoice where number is not null) n
                             where issued_on < before""")).isEmpty();
        }
    }

    @Test
    void whatOneAccountBreaksByNightIsHeldAndTriedAgain() throws IOException {
        var nightly = List.of(
                new Poison("granted", "credit_grant", "insert", "new.account = 'granted' and new.kind = 'FREE'"),
                new Poison("corrected", "usage_arrival", "insert", "new.account = 'corrected' and new.records < 0"),
                new Poison("limited", "notice", "insert", "new.account = 'limited' and new.kind = 'limit-50'"));
        var expired = new Poison("expired", "posting", "insert", "new.account = 'expired' and new.kind = 'expired'");
        var accounts = healthyAnd("granted", "corrected", "limited", "expired");
        try (var application = new TestApplication(folder.resolve("home"), Instant.parse("2026-10-20T08:00:00Z"))) {
            PoisonedMonth.of(application, folder, accounts);
            var jdbc = application.jdbc();
            jdbc.sql("update account set free_credit = 1, monthly_limit = 15").update();
            var corrections = Files.writeString(
                    folder.resolve("corrections.ndjson"),
                    accounts.stream().map(id -> """
                                    {"id":"more-%1$s","account":"%1$s","product":"calls","quantity":"5","occurred_at":"2026-10-06T00:00:00Z"}
                                    {"id":"less-%1$s","type":"void","voids":"more-%1$s","account":"%1$s","occurred_at":"2026-10-06T00:00:00Z"}
                                    """.formatted(id)).collect(Collectors.joining()));
            application.get(Ingestion.class).ingest(corrections, null, _ -> {});
            nightly.forEach(poison -> poison.plant(jdbc));
            var runs = application.get(Runs.class);

            var night = runs.nightly(LocalDate.of(2026, 10, 20));
            assertThat(night.completed()).isTrue();
            assertThat(night.held()).isEqualTo(3);
            assertThat(items(application))
                    .containsExactly(
                            "apply-corrections account corrected: poison of corrected",
                            "grant-allowances account granted: poison of granted",
                            "check-limits notice 50 of account limited: poison of limited");
            assertThat(strings(jdbc, "select account from credit_grant where kind = 'FREE' order by account"))
                    .containsExactlyElementsOf(without(accounts, "granted"));
            assertThat(strings(jdbc, "select account from notice where kind = 'limit-50' order by account"))
                    .containsExactlyElementsOf(without(accounts, "limited"));
            assertThat(strings(jdbc, "select account from usage_void where applied_at is not null order by account"))
                    .containsExactlyElementsOf(without(accounts, "corrected"));

            nightly.forEach(poison -> poison.mend(jdbc));
            accounts.forEach(id -> application
                    .get(CreditLedger.class)
                    .grant(id, BigDecimal.ONE, GrantKind.PROMO, LocalDate.of(2026, 10, 21)));
            expired.plant(jdbc);
            application.moveTo(Instant.parse("2026-10-21T08:00:00Z"));
            assertThat(runs.nightly(LocalDate.of(2026, 10, 21)).held()).isEqualTo(1);
            assertThat(items(application)).containsExactly("expire-credits account expired: poison of expired");
            assertThat(strings(jdbc, "select account from posting where kind = 'expired' order by account"))
                    .containsExactlyElementsOf(without(accounts, "expired"));

            application.moveTo(Instant.parse("2026-10-23T08:00:00Z"));
            assertThat(runs.nightly(LocalDate.of(2026, 10, 23)).completed()).isTrue();
            expired.mend(jdbc);
            application.moveTo(Instant.parse("2026-10-24T08:00:00Z"));
            assertThat(runs.nightly(LocalDate.of(2026, 10, 24)).completed()).isTrue();
            assertThat(items(application)).isEmpty();
            assertThat(strings(jdbc, "select account from notice where kind = 'limit-50' order by account"))
                    .containsExactlyElementsOf(without(accounts, ""));
        }
    }

    @Test
    void eachKindOfPoisonIsAnOutcomeOfItsOwnAccount() throws IOException {
        try (var application = new TestApplication(folder.resolve("home"), Instant.parse("2026-11-01T08:00:00Z"))) {
            PoisonedMonth.of(application, folder, healthyAnd("bounced", "glyph", "huge", "refused", "unpriced"));
            var jdbc = application.jdbc();
            jdbc.sql("update account set name = name || chr(7) where id = 'glyph'")
                    .update();
            jdbc.sql("update account set email = 'x@bounce.example' where id = 'bounced'")
                    .update();
            jdbc.sql("update account set payment_method_wanted = 'pm_nobody_knows' where id = 'refused'")
                    .update();
            var inbox = Files.createDirectories(application.home.resolve("inbox"));
            Files.writeString(inbox.resolve("broken.csv"), "x");
            Files.writeString(inbox.resolve("broken.csv.mapping.yaml"), "[");
            Files.writeString(inbox.resolve("good.ndjson"), """
                    {"id":"good","account":"h01","product":"calls","quantity":"1","occurred_at":"2026-10-05T00:00:00Z"}
                    """);
            var runs = application.get(Runs.class);
            var night = runs.nightly(LocalDate.of(2026, 11, 1));
            assertThat(night.completed()).isTrue();
            assertThat(application.get(HeldItems.class).open())
                    .extracting(HeldItem::item)
                    .containsExactly("file broken.csv", "account refused");
            assertThat(inbox.resolve("done/good.ndjson")).exists();

            var month = runs.monthly(OCTOBER);
            assertThat(month.completed()).isTrue();
            assertThat(month.held()).isEqualTo(4);
            assertThat(application.get(HeldItems.class).open().stream()
                            .filter(item -> item.step().equals("draft-invoices"))
                            .map(item -> item.account() + " " + item.reason()))
                    .containsExactlyInAnyOrder("glyph NOT_PRINTABLE", "huge ABOVE_CEILING", "unpriced NO_PRICE");
            assertThat(strings(jdbc, "select account || ' ' || status from notice where status <> 'SENT'"))
                    .containsExactly("bounced FAILED");
            assertThat(strings(jdbc, "select account from invoice where status = 'OPEN'"))
                    .containsExactly("refused");
            assertThat(strings(jdbc, "select account from invoice where status = 'PAID' order by account"))
                    .containsExactlyElementsOf(without(healthyAnd("bounced"), ""));

            // A lost file is made again; what waits for a person is held as before.
            var file = application
                    .home
                    .resolve("documents")
                    .resolve(strings(jdbc, "select file from invoice_document order by invoice limit 1")
                            .getFirst());
            Files.delete(file);
            assertThat(runs.monthly(OCTOBER).held()).isEqualTo(4);
            assertThat(file).exists();
        }
    }

    @ParameterizedTest
    @CsvSource({"spring.mail.port, 1, mail server", "STRIPE_API_BASE, http://127.0.0.1:1, Stripe"})
    void whatIsOutOfReachForEverybodyStopsTheRunAndHoldsNothing(String setting, String value, String message)
            throws IOException {
        try (var application = new TestApplication(
                folder.resolve("home"),
                Instant.parse("2026-11-01T08:00:00Z"),
                Map.of(setting, value),
                new BeanPostProcessor() {})) {
            PoisonedMonth.of(application, folder, List.of("h01", "h02"));
            var runs = application.get(Runs.class);
            assertThatThrownBy(() -> {
                        runs.nightly(LocalDate.of(2026, 11, 1));
                        runs.monthly(OCTOBER);
                    })
                    .isInstanceOf(RunFailedException.class)
                    .hasMessageContaining(message);
            assertThat(application.get(HeldItems.class).open()).isEmpty();
        }
    }

    @Test
    void moreThanOneInTwentyForOneReasonStopsTheRunAndARerunGoesOn() throws IOException {
        try (var application = new TestApplication(folder.resolve("home"), Instant.parse("2026-11-01T08:00:00Z"))) {
            PoisonedMonth.of(
                    application,
                    folder,
                    IntStream.rangeClosed(1, 25).mapToObj("h%02d"::formatted).toList());
            var broken = new Poison("all", "usage_journal", "insert", "new.account <> 'h01'");
            broken.plant(application.jdbc());
            var runs = application.get(Runs.class);
            assertThatThrownBy(() -> runs.nightly(LocalDate.of(2026, 11, 1)))
                    .isInstanceOf(RunFailedException.class)
                    .hasMessageContaining("24 of 25 items are held for the same reason");
            broken.mend(application.jdbc());
            var rerun = runs.rerun(
                    application.get(RunHistory.class).failed().getFirst().id());
            assertThat(rerun.completed()).isTrue();
            assertThat(rerun.held()).isZero();
            assertThat(application.get(HeldItems.class).open()).isEmpty();
        }
    }
}
