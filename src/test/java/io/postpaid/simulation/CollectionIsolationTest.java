package io.postpaid.simulation;

import static io.postpaid.simulation.PoisonedMonth.healthyAnd;
import static io.postpaid.simulation.PoisonedMonth.items;
import static io.postpaid.simulation.PoisonedMonth.strings;
import static io.postpaid.simulation.PoisonedMonth.without;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.gate.Gate;
import io.postpaid.payments.settlement.Adjustments;
import io.postpaid.payments.settlement.Freely;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.support.TestApplication;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One poisoned item in each step that collects, corrects or reports what was billed, beside healthy ones. */
class CollectionIsolationTest {
    private static final BillingPeriod OCTOBER = BillingPeriod.parse("2026-10");
    /** Their cards have no money. */
    private static final List<String> UNPAID = List.of("balanced", "reminded", "retried", "u1", "u2", "u3");

    private static final List<Poison> POISONS = List.of(
            new Poison("topped", "credit_grant", "insert", "new.account = 'topped' and new.kind = 'TOP_UP'"),
            new Poison("gated", "gate_authorization", "update", "new.account = 'gated' and new.status = 'EXPIRED'"),
            new Poison("swept", "stripe_event", "insert", "new.id = 'evt_of_swept'"),
            new Poison("carded", "account", "update", "new.id = 'carded' and new.payment_method_wanted is null"),
            new Poison(
                    "retried",
                    "payment_attempt",
                    "insert",
                    "exists (select from invoice i where i.id = new.invoice and i.account = 'retried')"),
            new Poison(
                    "balanced",
                    "settlement",
                    "insert",
                    "exists (select from invoice i where i.id = new.invoice and i.account = 'balanced')"),
            new Poison(
                    "reminded",
                    "dunning_step",
                    "insert",
                    "new.step = 'REMINDER' and exists (select from invoice i where i.id = new.invoice and i.account = 'reminded')"),
            new Poison(
                    "noted",
                    "credit_note_document",
                    "insert",
                    "exists (select from credit_note c join invoice i on i.id = c.invoice where c.id = new.credit_note and i.account = 'noted')"),
            new Poison(
                    "papered",
                    "top_up_document_file",
                    "insert",
                    "exists (select from top_up_document d where d.id = new.document and d.account = 'papered')"),
            new Poison(
                    "mailed",
                    "notice",
                    "update",
                    "new.account = 'mailed' and new.kind = 'credit-note' and new.status = 'SENT'"));

    @TempDir
    private Path folder;

    @Test
    void whatOneItemBreaksIsHeldAndTheOthersAreCollectedCorrectedAndReported() throws Exception {
        var poisoned = POISONS.stream().map(Poison::name).toList();
        var accounts = healthyAnd(Stream.of(List.of("u1", "u2", "u3"), poisoned)
                .flatMap(List::stream)
                .toArray(String[]::new));
        try (var application = new TestApplication(folder.resolve("home"), Instant.parse("2026-11-01T08:00:00Z"))) {
            PoisonedMonth.of(application, folder, accounts);
            var jdbc = application.jdbc();
            jdbc.sql("""
                            update account set payment_method_wanted = 'pm_card_visa_chargeDeclinedInsufficientFunds'
                             where id = any(:unpaid)""").param("unpaid", UNPAID.toArray(String[]::new)).update();
            var runs = application.get(Runs.class);
            assertThat(runs.nightly(LocalDate.of(2026, 11, 1)).held()).isZero();
            // The report cannot be written where a file is in its place.
            Files.createDirectories(application.home.resolve("reports"));
            var inItsPlace = Files.writeString(application.home.resolve("reports/2026-10"), "");
            var month = runs.monthly(OCTOBER);
            assertThat(month.completed()).isTrue();
            assertThat(month.held()).isEqualTo(1);
            assertThat(items(application)).singleElement().asString().startsWith("finance-report report 2026-10: ");
            Files.delete(inItsPlace);
            assertThat(runs.monthly(OCTOBER).held()).isZero();
            assertThat(items(application)).isEmpty();
            assertThat(application.home.resolve("reports/2026-10/summary.html")).exists();
            var paid = without(accounts, "").stream()
                    .filter(id -> !UNPAID.contains(id))
                    .toList();
            assertThat(strings(jdbc, "select account from invoice where status = 'PAID' order by account"))
                    .isEqualTo(paid);

            application.moveTo(Instant.parse("2026-11-05T12:00:00Z"));
            plant(application, paid);
            POISONS.forEach(poison -> poison.plant(jdbc));
            application.moveTo(Instant.parse("2026-11-06T08:00:00Z"));
            var night = runs.nightly(LocalDate.of(2026, 11, 6));
            assertThat(night.completed()).isTrue();
            assertThat(items(application).stream()
                            .map(item -> item.replaceAll(" (\\d+|\\S*2026-\\d+|evt_.*|\\S+@\\S+):", " N:")))
                    .containsExactlyInAnyOrder(
                            "resolve-top-ups top-up N: poison of topped",
                            "expire-holds account gated: poison of gated",
                            "sweep-events event N: it does not say what it is about",
                            "sweep-events event N: poison of swept",
                            // Stripe's event of that top-up.
                            "sweep-events event N: poison of topped",
                            "attach-cards account carded: poison of carded",
                            "charge-invoices account balanced: poison of balanced",
                            "retry-payments invoice N: poison of retried",
                            "advance-dunning unpaid invoice N: poison of reminded",
                            "render-credit-notes credit note N: poison of noted",
                            "render-top-up-documents document N: poison of papered",
                            "send-mail mail N: poison of mailed");
            assertThat(night.held()).isEqualTo(12);
            done(accounts, paid).forEach(done -> done.atFirst(jdbc));

            POISONS.forEach(poison -> poison.mend(jdbc));
            jdbc.sql("update stripe_event_due set object = 'pi_gone'").update();
            application.moveTo(Instant.parse("2026-11-07T08:00:00Z"));
            var mended = runs.nightly(LocalDate.of(2026, 11, 7));
            assertThat(mended.held()).isZero();
            assertThat(items(application)).isEmpty();
            done(accounts, paid).forEach(done -> done.atLast(jdbc));
        }
    }

    /** What is due in the night, for many accounts each. */
    private static void plant(TestApplication application, List<String> paid) {
        var jdbc = application.jdbc();
        jdbc.sql("""
                        insert into top_up (account, reference, amount, currency, payment_method, status, claimed_at)
                        select id, 'night', 5, 'USD', payment_method, 'CLAIMED', '2026-11-05 12:00:00Z'
                          from account where id = any(:paid)""").param("paid", paid.toArray(String[]::new)).update();
        paid.forEach(id -> application.get(Gate.class).authorize(id, "k", "calls", BigDecimal.TEN));
        jdbc.sql("""
                        insert into stripe_event_due (id, type, object, made_at, received_at, due_at)
                        select 'evt_of_' || id, 'payment_intent.succeeded', case id when 'unreadable' then '' else 'pi_of_' || id end, at, at, at
                          from (select id from account union all select 'unreadable') a
                         cross join (values (timestamptz '2026-11-05 12:00:00Z')) t (at)""").update();
        jdbc.sql(
                        "update account set payment_method_wanted = 'pm_card_mastercard' where id ~ '^h[0-9]' or id = 'carded'")
                .update();
        jdbc.sql("""
                        insert into account_balance (account, currency, amount)
                        values ('u1', 'USD', 3), ('balanced', 'USD', 3)""").update();
        for (var number : strings(jdbc, "select number from invoice where status = 'PAID' order by account")) {
            application.get(Adjustments.class).credit(number, BigDecimal.ONE, "A day without service", Freely.GIVEN);
        }
    }

    /** For whom something is done, by a query, and for whom alone the poison keeps it from being done. */
    private record Done(String sql, List<String> all, List<String> poisoned) {
        void atFirst(JdbcClient jdbc) {
            assertThat(strings(jdbc, sql))
                    .as(sql)
                    .isEqualTo(all.stream().filter(id -> !poisoned.contains(id)).toList());
        }

        void atLast(JdbcClient jdbc) {
            assertThat(strings(jdbc, sql)).as(sql).isEqualTo(all);
        }
    }

    private static List<Done> done(List<String> accounts, List<String> paid) {
        var all = without(accounts, "");
        return List.of(
                new Done(
                        "select account from top_up where status = 'SUCCEEDED' order by account",
                        paid,
                        List.of("topped")),
                new Done(
                        "select account from gate_authorization where status = 'EXPIRED' order by account",
                        paid,
                        List.of("gated")),
                new Done(
                        "select substr(id, 8) from stripe_event where id like 'evt\\_of\\_%' and id not like '%unreadable' order by 1",
                        all, List.of("swept")),
                new Done(
                        "select id from account where card_brand = 'mastercard' order by id",
                        without(healthyAnd("carded"), ""),
                        List.of("carded")),
                new Done("""
                        select account from payment_attempt p join invoice i on i.id = p.invoice
                         where p.claimed_at > '2026-11-06' order by account""", UNPAID, List.of("retried")),
                new Done(
                        "select account from settlement s join invoice i on i.id = s.invoice where s.kind = 'BALANCE' order by account",
                        List.of("balanced", "u1"),
                        List.of("balanced")),
                new Done(
                        "select account from dunning_step s join invoice i on i.id = s.invoice where s.step = 'REMINDER' order by account",
                        UNPAID,
                        List.of("reminded")),
                new Done("""
                        select account from credit_note_document d join credit_note c on c.id = d.credit_note
                          join invoice i on i.id = c.invoice order by account""", paid, List.of("noted")),
                new Done("""
                        select account from top_up_document_file f join top_up_document d on d.id = f.document order by account""", paid, List.of("papered", "topped")),
                new Done(
                        "select account from notice where kind = 'credit-note' and status = 'SENT' order by account",
                        paid,
                        // A mail waits for its document.
                        List.of("mailed", "noted")));
    }
}
