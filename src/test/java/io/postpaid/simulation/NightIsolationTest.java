package io.postpaid.simulation;

import static io.postpaid.simulation.PoisonedMonth.healthyAnd;
import static io.postpaid.simulation.PoisonedMonth.items;
import static io.postpaid.simulation.PoisonedMonth.strings;
import static io.postpaid.simulation.PoisonedMonth.without;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.platform.batch.HeldItems;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.support.TestApplication;
import io.postpaid.usage.archive.Archive;
import io.postpaid.usage.intake.SentUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One poisoned item in each step of a night that moves money or waits for Stripe, beside 20 healthy accounts. */
class NightIsolationTest {
    @TempDir
    private Path folder;

    @Test
    void aLineThatCameTooEarlyStopsNoOther() throws Exception {
        var accounts = healthyAnd("early");
        try (var application = new TestApplication(folder.resolve("home"), Instant.parse("2026-10-20T08:00:00Z"))) {
            PoisonedMonth.of(application, folder, accounts);
            var ahead = accounts.stream().map(id -> """
                            {"id":"ahead-%1$s","account":"%1$s","product":"calls","quantity":"5","occurred_at":"2026-10-20T08:30:00Z"}
                            """.formatted(id)).collect(Collectors.joining());
            application.get(SentUsage.class).take(ahead.getBytes(UTF_8), "api/1", null);
            var poison = new Poison("early", "usage_record", "insert", "new.id = 'ahead-early'");
            poison.plant(application.jdbc());
            var taken = "select account from usage_record where id like 'ahead-%' order by account";

            application.moveTo(Instant.parse("2026-10-21T08:00:00Z"));
            var night = application.get(Runs.class).nightly(LocalDate.of(2026, 10, 21));
            assertThat(night.completed()).isTrue();
            assertThat(night.held()).isEqualTo(1);
            assertThat(application.get(HeldItems.class).ofAccount("early"))
                    .singleElement()
                    .satisfies(held -> assertThat(held.step() + ": " + held.detail())
                            .isEqualTo("retry-early-usage: poison of early"));
            assertThat(strings(application.jdbc(), taken)).isEqualTo(without(accounts, "early"));

            poison.mend(application.jdbc());
            application.moveTo(Instant.parse("2026-10-22T08:00:00Z"));
            assertThat(application
                            .get(Runs.class)
                            .nightly(LocalDate.of(2026, 10, 22))
                            .held())
                    .isZero();
            assertThat(items(application)).isEmpty();
            assertThat(strings(application.jdbc(), taken)).isEqualTo(without(accounts, ""));
        }
    }

    @Test
    void aCardThatStripeRefusesIsHeldAndTriedAgain() throws Exception {
        var accounts = healthyAnd("refused");
        try (var application = new TestApplication(folder.resolve("home"), Instant.parse("2026-11-01T08:00:00Z"))) {
            PoisonedMonth.of(application, folder, accounts);
            var jdbc = application.jdbc();
            jdbc.sql("update account set payment_method_wanted = 'pm_nonsense' where id = 'refused'")
                    .update();
            var runs = application.get(Runs.class);
            var refused = "attach-cards account refused: Stripe refuses the payment method pm_nonsense of account"
                    + " refused: 400 No such PaymentMethod: 'pm_nonsense'";

            assertThat(runs.nightly(LocalDate.of(2026, 11, 1)).held()).isEqualTo(1);
            assertThat(items(application)).singleElement().asString().startsWith(refused);
            var month = runs.monthly(BillingPeriod.parse("2026-10"));
            assertThat(month.completed()).isTrue();
            assertThat(month.held()).isEqualTo(1);
            assertThat(strings(jdbc, "select account from invoice where status = 'PAID' order by account"))
                    .isEqualTo(without(accounts, "refused"));

            jdbc.sql("update account set payment_method_wanted = 'pm_card_visa' where id = 'refused'")
                    .update();
            application.moveTo(Instant.parse("2026-11-02T08:00:00Z"));
            assertThat(runs.nightly(LocalDate.of(2026, 11, 2)).held()).isZero();
            assertThat(items(application)).isEmpty();
            assertThat(strings(jdbc, "select account from invoice where status = 'OPEN'"))
                    .isEmpty();
        }
    }

    @Test
    void aCorrectionOfAnArchivedRecordStopsNoOther() throws Exception {
        var accounts = healthyAnd("archived");
        try (var application = new TestApplication(folder.resolve("home"), Instant.parse("2026-11-01T08:00:00Z"))) {
            PoisonedMonth.of(application, folder, accounts);
            var jdbc = application.jdbc();
            var runs = application.get(Runs.class);
            runs.nightly(LocalDate.of(2026, 11, 1));
            runs.monthly(BillingPeriod.parse("2026-10"));
            application.moveTo(Instant.parse("2027-02-15T08:00:00Z"));
            application.get(Archive.class).before(BillingPeriod.parse("2026-11"), step -> {});
            var voids = accounts.stream().map(id -> """
                            {"id":"void-%1$s","type":"void","voids":"%1$s","account":"%1$s","occurred_at":"2027-02-14T00:00:00Z"}
                            """.formatted(id)).collect(Collectors.joining());
            application.get(SentUsage.class).take(voids.getBytes(UTF_8), "api/1", null);
            var poison = new Poison("archived", "usage_arrival", "insert", "new.account = 'archived'");
            poison.plant(jdbc);
            var applied = "select account from usage_void where applied_at is not null order by account";

            assertThat(runs.nightly(LocalDate.of(2027, 2, 15)).held()).isEqualTo(1);
            assertThat(items(application))
                    .singleElement()
                    .asString()
                    .startsWith("apply-archived-corrections correction ")
                    .endsWith(": poison of archived");
            assertThat(strings(jdbc, applied)).isEqualTo(without(accounts, "archived"));

            // The file of the month is away.
            poison.mend(jdbc);
            var file = application.home.resolve("archive/usage_record_2026_10.ndjson.gz");
            var away = Files.move(file, folder.resolve("away"));
            application.moveTo(Instant.parse("2027-02-16T08:00:00Z"));
            assertThat(runs.nightly(LocalDate.of(2027, 2, 16)).held()).isEqualTo(1);
            assertThat(items(application))
                    .singleElement()
                    .asString()
                    .startsWith("apply-archived-corrections archive 2026-10-01: ");

            Files.move(away, file);
            application.moveTo(Instant.parse("2027-02-17T08:00:00Z"));
            assertThat(runs.nightly(LocalDate.of(2027, 2, 17)).held()).isZero();
            assertThat(items(application)).isEmpty();
            assertThat(strings(jdbc, applied)).isEqualTo(without(accounts, ""));
        }
    }
}
