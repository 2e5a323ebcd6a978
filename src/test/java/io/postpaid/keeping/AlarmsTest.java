package io.postpaid.keeping;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.TestApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Each silence is found, mailed once, and its end too. */
class AlarmsTest {
    private static final Instant BEGAN = Instant.parse("2026-11-10T09:00:00Z");

    private TestApplication application;
    private Alarms alarms;

    @BeforeEach
    void start(@TempDir Path home) {
        application = new TestApplication(
                home, BEGAN, Map.of("POSTPAID_ALARM_MAIL", "ops@seller.test"), new BeanPostProcessor() {});
        alarms = application.get(Alarms.class);
        sql("""
                insert into account (id, name, email, currency, monthly_limit, free_credit, created_on)
                values ('acme', 'Acme', 'a@acme.test', 'USD', 100, 0, '2026-01-01')""");
    }

    @AfterEach
    void stop() {
        application.close();
    }

    private void sql(String statement) {
        application.jdbc().sql(statement).update();
    }

    private List<String> mails() throws IOException {
        try (var files = Files.list(application.mails())) {
            return files.map(AlarmsTest::subject).sorted().toList();
        } catch (java.nio.file.NoSuchFileException none) {
            return List.of();
        }
    }

    private static String subject(Path mail) {
        try {
            return Files.readString(mail)
                    .lines()
                    .filter(line -> line.startsWith("Subject: "))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void silent(String expected) throws IOException {
        int before = mails().size();
        alarms.watch();
        alarms.watch();
        assertThat(alarms.open())
                .singleElement()
                .satisfies(one -> assertThat(one.detail()).contains(expected));
        assertThat(mails()).hasSize(before + 1);
    }

    private void over() throws IOException {
        int before = mails().size();
        alarms.watch();
        alarms.watch();
        assertThat(alarms.open()).isEmpty();
        assertThat(mails()).hasSize(before + 1).anyMatch(subject -> subject.startsWith("Subject: Over: "));
    }

    @Test
    void aFeedThatStops() throws IOException {
        sql(
                "insert into usage_feed select 'crm', d::date from generate_series(date '2026-11-02', '2026-11-08', '1 day') d");
        sql(
                "insert into usage_feed select 'now and then', d::date from generate_series(date '2026-11-02', '2026-11-08', '2 days') d");
        silent("usage from crm came every day up to 2026-11-08, and none since");
        sql("insert into usage_feed values ('crm', '2026-11-10')");
        over();
    }

    @Test
    void aNightThatIsLate() throws IOException {
        alarms.watch();
        assertThat(alarms.open()).as("nothing was ever run").isEmpty();
        application.nightly(java.time.LocalDate.of(2026, 11, 10));
        application.moveTo(Instant.parse("2026-11-11T10:59:00Z"));
        alarms.watch();
        assertThat(alarms.open()).as("not late enough").isEmpty();
        application.moveTo(Instant.parse("2026-11-11T11:01:00Z"));
        silent("the nightly run for 2026-11-11 was due at 2026-11-11T08:00:00Z");
        application.nightly(java.time.LocalDate.of(2026, 11, 11));
        over();
    }

    @Test
    void webhooksThatNoLongerCome() throws IOException {
        sql("insert into webhook_heard values ('2026-11-10T05:00:00Z')");
        sql("""
                insert into invoice (account, period, currency, status, year, number, customer, issued_on, due_on, subtotal, credits, tax, total, amount_due)
                values ('acme', '2026-10-01', 'USD', 'OPEN', 2026, '2026-000001', '{"name": "A", "email": "a@a.test"}', '2026-11-01', '2026-11-01', 1, 0, 0, 1, 1)""");
        sql("insert into payment_intent (invoice, n, amount_minor, stripe_id) select id, 1, 100, 'pi_1' from invoice");
        sql("""
                insert into payment_attempt (invoice, n, intent, status, payment_method, amount_minor, currency, charge, decline_code, claimed_at, resolved_at)
                select id, 1, 1, 'DECLINED_RETRYABLE', 'pm_1', 100, 'USD', 'ch_1', 'insufficient_funds', '2026-11-10T06:00:00Z', '2026-11-10T06:00:01Z' from invoice""");
        silent("cards were charged since 2026-11-10 05:00, and no event of it was delivered");
        sql(
                "insert into stripe_event_due values ('evt_1', 'charge.failed', 'ch_1', now(), '2026-11-10T09:00:00Z', now())");
        over();
    }

    @Test
    void aCardThatExpiresBeforeTheNextCharge() throws IOException {
        sql("""
                update account set stripe_customer = 'cus_1', payment_method = 'pm_1', card_brand = 'visa', card_last4 = '4242',
                       card_expires = '2026-11-30', card_country = 'US'""");
        silent("1 accounts have a card that expires before they are charged on 2026-12-01: acme");
        sql("update account set card_expires = '2027-11-30'");
        over();
    }

    @Test
    void aDisputeWhoseEvidenceIsDueSoon() throws IOException {
        sql("""
                insert into top_up (account, reference, amount, currency, payment_method, status, claimed_at)
                values ('acme', 'r', 8, 'USD', 'pm_1', 'CLAIMED', now())""");
        sql("""
                insert into dispute (id, top_up, amount, reason, status, opened_at, evidence_due)
                select 'dp_1', id, 5, 'fraudulent', 'UNDER_REVIEW', now(), timestamptz '2026-11-14T09:00Z' from top_up""");
        alarms.watch();
        assertThat(alarms.open()).as("it is not due within three days").isEmpty();
        application.moveTo(BEGAN.plus(Duration.ofDays(2)));
        silent("2026-11-14 09:00");
        sql("update dispute set status = 'WON', closed_at = now()");
        over();
    }
}
