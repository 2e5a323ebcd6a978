package io.postpaid.payments.dunning;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.billing.invoicing.SettlementKind;
import io.postpaid.platform.batch.Alone;
import io.postpaid.platform.batch.Run;
import io.postpaid.support.TestApplication;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** What follows an invoice that stays unpaid, night by night. */
class DunningStoryTest {
    private static final LocalDate ISSUED = LocalDate.of(2026, 11, 1);
    private static final Instant PAID = ISSUED.plusDays(9).atStartOfDay().toInstant(ZoneOffset.UTC);

    @Test
    void remindedOnDayFiveSuspendedOnDaySevenLetInWhenPaid(@TempDir Path home) {
        try (var application = new TestApplication(
                home, Instant.parse("2026-11-01T08:00:00Z"), Map.of(), new BeanPostProcessor() {})) {
            var jdbc = application.jdbc();
            jdbc.sql("""
                    insert into account (id, name, email, currency, monthly_limit, free_credit, created_on)
                    values ('acme', 'Acme', 'pay@acme.example', 'USD', 100, 0, date '2026-01-01')""").update();
            for (int n : List.of(1, 2)) {
                jdbc.sql("""
                        insert into invoice (account, period, currency, status, year, number, customer, issued_on, due_on,
                                             subtotal, credits, tax, total, amount_due)
                        values ('acme', :period, 'USD', 'OPEN', 2026, '2026-00000' || :n,
                                '{"name":"Acme","email":"billing@acme.example","taxId":"","card":"","address":{"line1":"","line2":"","city":"",
                                  "state":"","postalCode":"","country":""}}', :issued, :issued, 9, 0, 0, 9, 9)""")
                        .param("period", LocalDate.of(2026, 8 + n, 1))
                        .param("n", Integer.toString(n))
                        .param("issued", ISSUED)
                        .update();
            }
            // An invoice that was never mailed suspends nobody.
            jdbc.sql("""
                    insert into notice (account, kind, key, recipient, view, status, message_id, queued_at, next_try_at, sent_at)
                    select account, 'no-card', number, 'pay@acme.example', '{}', 'SENT', number, now(), now(), now()
                      from invoice""").update();
            for (int night = 0; night <= 9; night++) {
                advance(application, ISSUED.plusDays(night));
                advance(application, ISSUED.plusDays(night));
                assertThat(application.get(Accounts.class).get("acme").suspended())
                        .isEqualTo(night >= 7);
            }
            for (var number : List.of("2026-000001", "2026-000002")) {
                var invoice = application.get(Invoices.class).find(number).orElseThrow();
                application
                        .get(Invoices.class)
                        .settle(invoice, SettlementKind.TRANSFER, new BigDecimal(9), number, PAID);
                advance(application, ISSUED.plusDays(10));
                assertThat(application.get(Accounts.class).get("acme").suspended())
                        .isEqualTo(number.endsWith("1"));
            }
            assertThat(jdbc.sql("select kind || ' ' || key from notice where kind <> 'no-card' order by id")
                            .query(String.class)
                            .list())
                    .containsExactly(
                            "payment-reminder 2026-000001",
                            "payment-reminder 2026-000002",
                            "account-suspended 2026-000001",
                            "account-reactivated 2026-000002");
        }
    }

    private static void advance(TestApplication application, LocalDate night) {
        var dunning = application.get(Dunning.class);
        Alone.run(application, new Run("nightly", night, 1), dunning::unpaid, dunning::settled);
    }
}
