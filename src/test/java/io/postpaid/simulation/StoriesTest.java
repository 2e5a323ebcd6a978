package io.postpaid.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postpaid.account.Accounts;
import io.postpaid.account.BillingHolds;
import io.postpaid.billing.einvoice.EInvoiceValidators;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceStatus;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.books.report.Verification;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.GrantKind;
import io.postpaid.payments.settlement.AccountTransfers;
import io.postpaid.payments.settlement.Adjustments;
import io.postpaid.payments.settlement.Freely;
import io.postpaid.payments.settlement.Refund;
import io.postpaid.payments.settlement.Refunds;
import io.postpaid.platform.batch.Runs;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.pricing.pricebook.PriceBooks;
import io.postpaid.support.Rehearsed;
import io.postpaid.support.TestApplication;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What happened, and the invoices that came of it. Every story ends with books that hold. */
class StoriesTest {
    private static final BillingPeriod OCTOBER = BillingPeriod.parse("2026-10");
    private static final BillingPeriod NOVEMBER = BillingPeriod.parse("2026-11");

    private static final String PRICES = """
            currency: USD
            products:
              audio: {unit: second, listed_per: 60, listed_unit: minute}
              calls: {unit: call}
              seats: {unit: seat}
              packs: {unit: call}
            prices:
              - {product: audio, effective_from: 2026-01-01, amount: "0.06", per: 60}
              - {product: audio, effective_from: 2026-11-01, amount: "0.12", per: 60}
              - product: calls
                effective_from: 2026-01-01
                model: graduated
                tiers: [{up_to: 100, amount: "0.10"}, {up_to: 1000, amount: "0.05"}, {amount: "0.005"}]
              - product: seats
                effective_from: 2026-01-01
                model: volume
                tiers: [{up_to: 10, amount: "2.00"}, {amount: "1.50"}]
              - {product: packs, effective_from: 2026-01-01, model: package, amount: "2.50", per: 1000}
            """;

    private Path home;
    private TestApplication application;
    private int records;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        home = folder;
        application = new TestApplication(home.resolve("home"), Instant.parse("2026-10-01T08:00:00Z"));
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("prices.yaml"), PRICES));
    }

    @AfterEach
    void proveAndStop() {
        try {
            assertThat(application.get(Verification.class).run())
                    .filteredOn(check -> !check.holds())
                    .isEmpty();
            Rehearsed.equalsTheBooks(application);
            assertThat(strings("select what || ' ' || item from audit_entry where who like 'SQL %'"))
                    .as("changes in no transaction of the program's")
                    .isEmpty();
            assertThat(EInvoiceValidators.embedded(application.get(Home.class).documents()))
                    .as("files that are no e-invoice")
                    .isEmpty();
        } finally {
            application.close();
        }
    }

    @Test
    void lateUsageLandsOnTheNextInvoiceWithItsOwnPeriodPriceAndTier() throws IOException {
        account("acme", "0", "pm_card_visa");
        usage("acme", "calls", "101", "2026-10-31T23:59:59Z");
        usage("acme", "audio", "600", "2026-10-31T12:00:00Z");
        bill(OCTOBER);
        at("2026-11-02T07:00:00Z");
        usage("acme", "calls", "1", "2026-10-31T23:59:59Z");
        usage("acme", "audio", "600", "2026-10-31T12:00:00Z");
        usage("acme", "audio", "600", "2026-11-02T06:00:00Z");
        bill(NOVEMBER);

        assertThat(lines(OCTOBER))
                .containsExactly(
                        "acme audio 2026-10 600 × 0.06 = 0.60",
                        "acme calls 2026-10 100 × 0.1 = 10.00",
                        "acme calls 2026-10 1 × 0.05 = 0.05");
        assertThat(lines(NOVEMBER))
                .containsExactly(
                        "acme audio 2026-10 600 × 0.06 = 0.60",
                        "acme audio 2026-11 600 × 0.12 = 1.20",
                        "acme calls 2026-10 1 × 0.05 = 0.05");
    }

    @Test
    void aCorrectionOfWhatWasInvoicedIsACreditLineOnTheNextInvoice() throws IOException {
        account("acme", "0", "pm_card_visa");
        usage("acme", "calls", "100", "2026-10-10T10:00:00Z");
        var wrong = usage("acme", "calls", "20", "2026-10-11T10:00:00Z");
        bill(OCTOBER);
        at("2026-11-05T07:00:00Z");
        usage("acme", "calls", "50", "2026-11-04T10:00:00Z");
        correct("acme", wrong);
        bill(NOVEMBER);

        assertThat(lines(NOVEMBER))
                .containsExactly("acme calls 2026-10 -20 × 0.05 = -1.00", "acme calls 2026-11 50 × 0.1 = 5.00");
        assertThat(invoice("acme", NOVEMBER).total()).isEqualByComparingTo("4.00");
    }

    @Test
    void aCorrectionBeforeTheInvoiceLeavesNoTraceOnIt() throws IOException {
        account("acme", "8.00", "pm_card_visa");
        var wrong = usage("acme", "calls", "90", "2026-10-10T10:00:00Z");
        usage("acme", "calls", "50", "2026-10-12T10:00:00Z");
        nightly("2026-10-13");
        correct("acme", wrong);
        bill(OCTOBER);

        assertThat(lines(OCTOBER)).containsExactly("acme calls 2026-10 50 × 0.1 = 5.00");
        assertThat(invoice("acme", OCTOBER).amountDue()).isEqualByComparingTo("0.00");
        assertThat(application.get(CreditLedger.class).balance("acme", LocalDate.of(2026, 11, 1)))
                .isEqualByComparingTo("3.00");
    }

    @Test
    void whatIsTakenBackBeyondTheCostPaysTheNextInvoice() throws IOException {
        account("acme", "0", "pm_card_visa");
        var wrong = usage("acme", "calls", "100", "2026-10-10T10:00:00Z");
        bill(OCTOBER);
        at("2026-11-05T07:00:00Z");
        correct("acme", wrong);
        usage("acme", "calls", "30", "2026-11-04T10:00:00Z");
        bill(NOVEMBER);
        at("2026-12-05T07:00:00Z");
        usage("acme", "calls", "90", "2026-12-04T10:00:00Z");
        bill(NOVEMBER.next());

        var credited = invoice("acme", NOVEMBER);
        assertThat(credited.total()).isEqualByComparingTo("-7.00");
        assertThat(credited.amountDue()).isEqualByComparingTo("0");
        assertThat(credited.fromBalance()).isEqualByComparingTo("-7.00");
        assertThat(strings("select view ->> 'invoice' from notice where kind = 'invoice-covered'"))
                .singleElement()
                .asString()
                .contains("\"to_balance\": \"USD 7.00\"");
        assertThat(invoice("acme", NOVEMBER.next()).fromBalance()).isEqualByComparingTo("7.00");
        assertThat(invoice("acme", NOVEMBER.next()).amountDue()).isEqualByComparingTo("2.00");
    }

    @Test
    void whatIsTakenBackPaysWhatIsOpenAndNobodyIsSuspendedForIt() throws IOException {
        account("acme", "0", "pm_card_visa_chargeDeclinedInsufficientFunds");
        var wrong = usage("acme", "calls", "100", "2026-10-10T10:00:00Z");
        var other = usage("acme", "audio", "600", "2026-10-10T10:00:00Z");
        bill(OCTOBER);
        at("2026-11-02T12:00:00Z");
        correct("acme", wrong);
        correct("acme", other);
        nightly("2026-11-03");
        nightly("2026-11-09");
        assertThat(application.get(Accounts.class).get("acme").suspended()).isFalse();
        bill(NOVEMBER);

        assertThat(invoice("acme", OCTOBER).status()).isEqualTo(InvoiceStatus.PAID);
        assertThat(invoice("acme", NOVEMBER).fromBalance()).isEqualByComparingTo("-10.60");
    }

    @Test
    void whoOwesTheRestOfWhatWasTakenBackStaysSuspended() throws IOException {
        account("acme", "0", "pm_card_visa_chargeDeclinedInsufficientFunds");
        var wrong = usage("acme", "calls", "60", "2026-10-10T10:00:00Z");
        usage("acme", "calls", "40", "2026-10-11T10:00:00Z");
        bill(OCTOBER);
        at("2026-11-02T12:00:00Z");
        correct("acme", wrong);
        nightly("2026-11-03");
        nightly("2026-11-08");
        assertThat(application.get(Accounts.class).get("acme").suspended()).isTrue();
        bill(NOVEMBER);

        assertThat(application.get(Invoices.class).openAmount(invoice("acme", OCTOBER)))
                .isEqualByComparingTo("4.00");
        nightly("2026-12-02");
        assertThat(application.get(Accounts.class).get("acme").suspended()).isTrue();
    }

    @Test
    void whatWasTakenBackAndUsedUpIsOwedFromThatInvoiceOn() throws IOException {
        account("acme", "0", "pm_card_visa_chargeDeclinedInsufficientFunds");
        var wrong = usage("acme", "calls", "100", "2026-10-10T10:00:00Z");
        bill(OCTOBER);
        nightly("2026-11-06");
        nightly("2026-11-08");
        assertThat(application.get(Accounts.class).get("acme").suspended()).isTrue();
        at("2026-11-08T12:00:00Z");
        correct("acme", wrong);
        usage("acme", "calls", "100", "2026-11-08T10:00:00Z");
        nightly("2026-11-09");
        assertThat(application.get(Accounts.class).get("acme").suspended()).isFalse();
        bill(NOVEMBER);

        assertThat(invoice("acme", NOVEMBER).amountDue()).isEqualByComparingTo("0");
        assertThat(invoice("acme", OCTOBER).status()).isEqualTo(InvoiceStatus.OPEN);
        nightly("2026-12-02");
        nightly("2026-12-07");
        assertThat(application.get(Accounts.class).get("acme").suspended()).isFalse();
        nightly("2026-12-08");
        assertThat(application.get(Accounts.class).get("acme").suspended()).isTrue();
        assertThat(strings(
                        "select kind from notice where kind in ('payment-reminder', 'account-suspended') order by id"))
                .containsExactly("payment-reminder", "account-suspended", "payment-reminder", "account-suspended");
    }

    @Test
    void roundedLinesThatWereTakenBackAreNotOwed() throws IOException {
        account("acme", "0", "pm_card_visa_chargeDeclinedInsufficientFunds");
        var calls = usage("acme", "calls", "100.05", "2026-10-10T10:00:00Z");
        var audio = usage("acme", "audio", "605", "2026-10-10T10:00:00Z");
        bill(OCTOBER);
        at("2026-11-02T12:00:00Z");
        correct("acme", calls);
        correct("acme", audio);
        nightly("2026-11-03");
        nightly("2026-11-08");
        assertThat(application.get(Accounts.class).get("acme").suspended()).isFalse();
    }

    @Test
    void whatIsTakenBackOfAPaidInvoiceCanBePaidOut() throws IOException {
        account("acme", "0", "pm_card_visa");
        var wrong = usage("acme", "calls", "100", "2026-10-10T10:00:00Z");
        bill(OCTOBER);
        at("2026-11-02T12:00:00Z");
        correct("acme", wrong);
        bill(NOVEMBER);

        var refunds = application.get(Refunds.class);
        var number = invoice("acme", OCTOBER).issuedNumber();
        assertThat(refunds.refund(number, new BigDecimal("4.00"), "closed", Freely.GIVEN)
                        .status())
                .isEqualTo(Refund.RefundStatus.SUCCEEDED);
        var transfers = application.get(AccountTransfers.class);
        assertThatThrownBy(() -> transfers.sendBack(
                        "acme", new BigDecimal("6.01"), "out-1", LocalDate.of(2026, 12, 1), "closed", Freely.GIVEN))
                .hasMessageContaining("USD 6.00");
        var sent = transfers.sendBack(
                "acme", new BigDecimal("6.00"), "out-1", LocalDate.of(2026, 12, 1), "closed", Freely.GIVEN);
        assertThat(sent.balance()).isZero();
    }

    @Test
    void tooLittleToChargeIsCarriedToTheNextInvoice() throws IOException {
        account("acme", "0", "pm_card_visa");
        usage("acme", "calls", "4", "2026-10-10T10:00:00Z");
        bill(OCTOBER);
        at("2026-11-05T07:00:00Z");
        usage("acme", "calls", "5", "2026-11-04T10:00:00Z");
        bill(NOVEMBER);

        var small = invoice("acme", OCTOBER);
        assertThat(small.total()).isEqualByComparingTo("0.40");
        assertThat(small.amountDue()).isEqualByComparingTo("0.00");
        assertThat(small.carriedForward()).isEqualByComparingTo("0.40");
        var next = invoice("acme", NOVEMBER);
        assertThat(next.total()).isEqualByComparingTo("0.50");
        assertThat(next.amountDue()).isEqualByComparingTo("0.90");
    }

    @Test
    void creditIsUsedSoonestExpiryFirstAndExpiresByAnEntry() throws IOException {
        account("acme", "1.00", "pm_card_visa");
        var ledger = application.get(CreditLedger.class);
        ledger.grant("acme", new BigDecimal("2.00"), GrantKind.PROMO, LocalDate.of(2026, 10, 12));
        usage("acme", "calls", "15", "2026-10-10T10:00:00Z");
        usage("acme", "calls", "15", "2026-10-12T10:00:00Z");
        bill(OCTOBER);

        // 1.50 from the promotion, whose other 0.50 expires; then 1.00 of the allowance; 0.50 is left to pay.
        assertThat(ledger.grants("acme").stream()
                        .map(grant -> grant.kind() + " " + grant.remaining().stripTrailingZeros()))
                .containsExactly("FREE 0", "PROMO 0");
        assertThat(posted("GRANT", "BREAKAGE")).isEqualByComparingTo("0.50");
        assertThat(invoice("acme", OCTOBER).credits()).isEqualByComparingTo("2.50");
        assertThat(invoice("acme", OCTOBER).amountDue()).isEqualByComparingTo("0.50");
    }

    @Test
    void anAccountWithoutAPriceIsHeldAndDoesNotStopTheOthers() throws IOException {
        account("acme", "0", "pm_card_visa");
        account("bert", "0", "pm_card_visa");
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("more.yaml"), """
                currency: USD
                products:
                  video: {unit: second}
                prices:
                  - {product: video, effective_from: 2026-10-20, amount: "0.01"}
                """));
        usage("acme", "video", "100", "2026-10-10T10:00:00Z");
        usage("bert", "calls", "100", "2026-10-10T10:00:00Z");
        bill(OCTOBER);
        assertThat(lines(OCTOBER)).containsExactly("bert calls 2026-10 100 × 0.1 = 10.00");
        assertThat(strings("select account || ': ' || reason || ', ' || detail from invoice_hold"))
                .containsExactly("acme: NO_PRICE, no price in force for video on 2026-10-10 (1 days)");

        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve("older.yaml"), """
                currency: USD
                prices:
                  - {product: video, effective_from: 2026-01-01, amount: "0.02"}
                """));
        bill(OCTOBER);
        assertThat(lines(OCTOBER))
                .containsExactly("bert calls 2026-10 100 × 0.1 = 10.00", "acme video 2026-10 100 × 0.02 = 2.00");
        assertThat(invoice("acme", OCTOBER).number()).isEqualTo("2026-000002");
    }

    @Test
    void anAccountOnHoldIsBilledByTheNightAfterItsRelease() throws IOException {
        account("acme", "0", "pm_card_visa");
        account("bert", "0", "pm_card_visa");
        for (var id : List.of("acme", "bert")) usage(id, "calls", "100", "2026-10-10T10:00:00Z");
        var holds = application.get(BillingHolds.class);
        holds.hold("acme", "It disputes its usage");
        bill(OCTOBER);
        assertThat(lines(OCTOBER)).containsExactly("bert calls 2026-10 100 × 0.1 = 10.00");
        assertThat(strings("select account || ': ' || reason || ', ' || detail from invoice_hold"))
                .containsExactly("acme: ON_HOLD, It disputes its usage");
        nightly("2026-11-02");
        assertThat(lines(OCTOBER)).hasSize(1);

        assertThat(holds.release("acme")).isEqualTo("It disputes its usage");
        nightly("2026-11-03");
        assertThat(lines(OCTOBER))
                .containsExactly("bert calls 2026-10 100 × 0.1 = 10.00", "acme calls 2026-10 100 × 0.1 = 10.00");
        assertThat(strings("select item from held where resolved_at is null")).isEmpty();
    }

    @Test
    void whatAVoidTookBackIsNotGivenBackOnceMore() throws IOException {
        account("acme", "0", "pm_card_visa");
        usage("acme", "calls", "50", "2026-10-10T10:00:00Z");
        var wrong = usage("acme", "calls", "50", "2026-10-11T10:00:00Z");
        bill(OCTOBER);
        var number = invoice("acme", OCTOBER).issuedNumber();
        at("2026-11-02T12:00:00Z");
        correct("acme", wrong);
        nightly("2026-11-03");

        var most = new BigDecimal("5.00");
        var more = new BigDecimal("5.01");
        assertThatThrownBy(() -> application.get(Adjustments.class).credit(number, more, "An outage", Freely.GIVEN))
                .hasMessageContaining("5.00");
        assertThatThrownBy(() -> application.get(Refunds.class).refund(number, more, "An outage", Freely.GIVEN))
                .hasMessageContaining("at most USD 5.00");
        assertThat(application
                        .get(Adjustments.class)
                        .credit(number, most, "An outage", Freely.GIVEN)
                        .freed())
                .isEqualByComparingTo(most);
        assertThatThrownBy(() ->
                        application.get(Adjustments.class).credit(number, new BigDecimal("0.01"), "More", Freely.GIVEN))
                .hasMessageContaining("0.00");
    }

    @Test
    void whatCreditHadCoveredIsCreditAgainAlsoAfterItsInvoice() throws IOException {
        account("acme", "5.00", "pm_card_visa");
        var wrong = usage("acme", "calls", "50", "2026-10-10T10:00:00Z");
        bill(OCTOBER);
        at("2026-11-02T12:00:00Z");
        correct("acme", wrong);
        usage("acme", "calls", "10", "2026-11-02T10:00:00Z");
        bill(NOVEMBER);

        assertThat(lines(NOVEMBER))
                .containsExactly("acme calls 2026-10 -50 × 0.1 = -5.00", "acme calls 2026-11 10 × 0.1 = 1.00");
        assertThat(sums(NOVEMBER)).isEqualTo("-4.00 less -4.00 = 0.00, from balance 0.00, forward 0.00, due 0.00");
        assertThat(application.get(CreditLedger.class).balance("acme", LocalDate.of(2026, 12, 1)))
                .isEqualByComparingTo("4.00");
    }

    @Test
    void creditThatHasExpiredIsNotGivenBackAsMoney() throws IOException {
        account("acme", "0", "pm_card_visa");
        application
                .get(CreditLedger.class)
                .grant("acme", new BigDecimal("2.00"), GrantKind.PROMO, LocalDate.of(2026, 10, 20));
        var wrong = usage("acme", "calls", "15", "2026-10-10T10:00:00Z");
        bill(OCTOBER);
        at("2026-11-02T12:00:00Z");
        correct("acme", wrong);
        usage("acme", "calls", "20", "2026-11-02T10:00:00Z");
        bill(NOVEMBER);

        assertThat(sums(NOVEMBER)).isEqualTo("0.50 less -1.50 = 2.00, from balance 0.00, forward 0.00, due 2.00");
        assertThat(posted("GRANT", "BREAKAGE")).isEqualByComparingTo("2.00");
    }

    @Test
    void moneyComesBackBeforeCredit() throws IOException {
        account("acme", "3.00", "pm_card_visa");
        var wrong = usage("acme", "calls", "50", "2026-10-10T10:00:00Z");
        bill(OCTOBER);
        at("2026-11-02T12:00:00Z");
        correct("acme", wrong);
        bill(NOVEMBER);

        assertThat(sums(NOVEMBER)).isEqualTo("-5.00 less -3.00 = -2.00, from balance -2.00, forward 0.00, due 0.00");
        assertThat(application.get(CreditLedger.class).balance("acme", LocalDate.of(2026, 12, 1)))
                .isEqualByComparingTo("3.00");
    }

    @Test
    void whatACreditNoteGaveBackIsNotTakenOffOnceMore() throws IOException {
        account("acme", "0", "pm_card_visa");
        var wrong = usage("acme", "calls", "50", "2026-10-10T10:00:00Z");
        bill(OCTOBER);
        at("2026-11-02T12:00:00Z");
        application
                .get(Adjustments.class)
                .credit(invoice("acme", OCTOBER).issuedNumber(), new BigDecimal("5.00"), "An outage", Freely.GIVEN);
        correct("acme", wrong);
        usage("acme", "calls", "30", "2026-11-02T10:00:00Z");
        bill(NOVEMBER);
        assertThat(strings("select reason || ' ' || detail from invoice_hold"))
                .containsExactly(
                        "GIVEN_BACK_TWICE usage of 2026-10 was taken back for 5.00 USD, which invoice 2026-000001 billed,"
                                + " after 5.00 of its 5.00 were given or taken back already: report that usage again under another id");

        at("2026-12-02T12:00:00Z");
        usage("acme", "calls", "50", "2026-10-10T10:00:00Z");
        nightly("2026-12-03");
        assertThat(lines(NOVEMBER)).containsExactly("acme calls 2026-11 30 × 0.1 = 3.00");
    }

    @Test
    void anInvoiceBelowZeroCannotBeCredited() throws IOException {
        account("acme", "0", "pm_card_visa");
        var wrong = usage("acme", "calls", "50", "2026-10-10T10:00:00Z");
        bill(OCTOBER);
        at("2026-11-02T12:00:00Z");
        correct("acme", wrong);
        bill(NOVEMBER);

        assertThat(sums(NOVEMBER)).isEqualTo("-5.00 less 0.00 = -5.00, from balance -5.00, forward 0.00, due 0.00");
        assertThatThrownBy(() -> application
                        .get(Adjustments.class)
                        .credit(invoice("acme", NOVEMBER).issuedNumber(), new BigDecimal("5.00"), "x", Freely.GIVEN))
                .hasMessageContaining("0.00");
    }

    @Test
    void whatIsTakenBackOfLateUsageIsGivenBackOnce() throws IOException {
        account("acme", "0", "pm_card_visa");
        var wrong = usage("acme", "calls", "100", "2026-10-10T10:00:00Z");
        bill(OCTOBER);
        at("2026-11-02T12:00:00Z");
        usage("acme", "calls", "100", "2026-10-11T10:00:00Z");
        bill(NOVEMBER);
        at("2026-12-02T12:00:00Z");
        correct("acme", wrong);
        nightly("2026-12-03");

        // 10.00 and 5.00 were billed, and 5.00 comes off: what is taken back is what was used last.
        var adjustments = application.get(Adjustments.class);
        var late = invoice("acme", NOVEMBER).issuedNumber();
        assertThatThrownBy(() -> adjustments.credit(late, new BigDecimal("0.01"), "x", Freely.GIVEN))
                .hasMessageContaining("0.00");
        adjustments.credit(invoice("acme", OCTOBER).issuedNumber(), new BigDecimal("10.00"), "x", Freely.GIVEN);
        assertThat(strings("select trim_scale(accrued) from late_cost where period = '2026-12-01'"))
                .containsExactly("-5");
    }

    @Test
    void aVolumePriceTakesBackWhatItBilled() throws IOException {
        account("acme", "0", "pm_card_visa");
        var wrong = usage("acme", "seats", "12", "2026-10-10T10:00:00Z");
        bill(OCTOBER);
        at("2026-11-02T12:00:00Z");
        correct("acme", wrong);
        bill(NOVEMBER);

        assertThat(invoice("acme", OCTOBER).total()).isEqualByComparingTo("18.00");
        assertThat(invoice("acme", NOVEMBER).total()).isEqualByComparingTo("-18.00");
    }

    @Test
    void usageThatCancelsOutIsBilledWhereItsCreditExpiredInBetween() throws IOException {
        account("acme", "0", "pm_card_visa");
        application
                .get(CreditLedger.class)
                .grant("acme", new BigDecimal("2.00"), GrantKind.PROMO, LocalDate.of(2026, 10, 20));
        var wrong = usage("acme", "calls", "20", "2026-10-10T10:00:00Z");
        bill(OCTOBER);
        at("2026-11-02T12:00:00Z");
        correct("acme", wrong);
        nightly("2026-11-03");
        usage("acme", "calls", "20", "2026-10-10T10:00:00Z");
        bill(NOVEMBER);

        assertThat(sums(NOVEMBER)).isEqualTo("0.00 less -2.00 = 2.00, from balance 0.00, forward 0.00, due 2.00");
    }

    @Test
    void usageThatWasTakenBackIsNotWrittenOffToo() throws IOException {
        account("acme", "0", "");
        var wrong = usage("acme", "calls", "50", "2026-10-10T10:00:00Z");
        bill(OCTOBER);
        at("2026-11-02T12:00:00Z");
        correct("acme", wrong);
        nightly("2026-11-03");

        assertThatThrownBy(() -> application
                        .get(Adjustments.class)
                        .writeOff(invoice("acme", OCTOBER).issuedNumber(), "x", Freely.GIVEN))
                .hasMessageContaining("at most USD 0.00 could be written off");
    }

    @Test
    void aCreditNotesFileThatIsGoneIsFound() throws IOException {
        account("acme", "0", "pm_card_visa");
        usage("acme", "calls", "50", "2026-10-10T10:00:00Z");
        bill(OCTOBER);
        at("2026-11-02T12:00:00Z");
        var note = application
                .get(Adjustments.class)
                .credit(invoice("acme", OCTOBER).issuedNumber(), new BigDecimal("1.00"), "An outage", Freely.GIVEN);
        nightly("2026-11-03");
        var pdf = application.get(Home.class).documents().resolve(note.pdfFile());
        var bytes = Files.readAllBytes(pdf);
        Files.delete(pdf);
        try {
            assertThat(application.get(Verification.class).run().getLast().examples())
                    .containsExactly("credit note " + note.number() + ": the file " + pdf + " is missing");
        } finally {
            Files.write(pdf, bytes);
        }
    }

    @Test
    void aHeldMonthIsLoweredByWhatIsTakenBackOfItAndBilledByThatNight() throws IOException {
        account("acme", "5", "pm_card_visa");
        usage("acme", "calls", "300", "2026-10-10T10:00:00Z");
        var absurd = usage("acme", "calls", "9000000000000000000", "2026-10-11T10:00:00Z");
        bill(OCTOBER);
        assertThat(strings("select account || ' ' || reason from invoice_hold")).containsExactly("acme ABOVE_CEILING");

        usage("acme", "calls", "10", "2026-11-02T10:00:00Z");
        usage("acme", "calls", "5", "2026-10-12T10:00:00Z");
        correct("acme", absurd);
        nightly("2026-11-03");

        assertThat(lines(OCTOBER))
                .containsExactly("acme calls 2026-10 100 × 0.1 = 10.00", "acme calls 2026-10 205 × 0.05 = 10.25");
        assertThat(invoice("acme", OCTOBER).amountDue()).isEqualByComparingTo("15.25");
        assertThat(strings("select period || ' ' || trim_scale(accrued) from monthly_cost order by period"))
                .containsExactly("2026-10-01 15.25", "2026-11-01 1");
        bill(NOVEMBER);
        assertThat(lines(NOVEMBER)).containsExactly("acme calls 2026-11 10 × 0.1 = 1.00");
    }

    @Test
    void volumeAndPackagePricesLookAtTheWholeMonth() throws IOException {
        account("acme", "0", "pm_card_visa");
        usage("acme", "seats", "8", "2026-10-03T10:00:00Z");
        usage("acme", "packs", "1", "2026-10-03T10:00:00Z");
        nightly("2026-10-04");
        usage("acme", "seats", "4", "2026-10-05T10:00:00Z");
        usage("acme", "packs", "1000", "2026-10-05T10:00:00Z");
        bill(OCTOBER);

        assertThat(lines(OCTOBER))
                .containsExactly("acme packs 2026-10 1001 × 2.5 = 5.00", "acme seats 2026-10 12 × 1.5 = 18.00");
    }

    @Test
    void whatADayWasRatedAtBeforeIsTakenBackByLinesOfItsOwn() throws IOException {
        account("acme", "0", "pm_card_visa");
        usage("acme", "seats", "8", "2026-10-03T10:00:00Z");
        nightly("2026-10-04");
        usage("acme", "seats", "4", "2026-10-05T10:00:00Z");
        var wrong = usage("acme", "seats", "1", "2026-10-05T11:00:00Z");
        nightly("2026-10-06");
        correct("acme", wrong);
        nightly("2026-10-14");

        assertThat(strings("""
                        select concat_ws(' ', l.day, 'tier', l.tier, 'of', l.records, 'records:', trim_scale(l.quantity),
                                         'for', trim_scale(l.amount))
                          from usage_journal j
                         cross join unnest(j.lines) with ordinality l
                         order by j.n, l.ordinality"""))
                .containsExactly(
                        "2026-10-03 tier 1 of 1 records: 8 for 16",
                        "2026-10-03 tier 1 of 0 records: -8 for -16",
                        "2026-10-03 tier 2 of 0 records: 8 for 12",
                        "2026-10-05 tier 2 of 2 records: 5 for 7.5",
                        "2026-10-05 tier 2 of -1 records: -1 for -1.5");
        assertThat(
                        strings(
                                "select concat_ws(' ', day, trim_scale(quantity), trim_scale(amount)) from daily_cost order by day"))
                .containsExactly("2026-10-03 8 12", "2026-10-05 4 6");
        assertThat(strings("select concat_ws(' ', day, trim_scale(quantity), records) from daily_usage order by day"))
                .containsExactly("2026-10-03 8 1", "2026-10-05 4 1");
    }

    @Test
    void runningADayAgainChangesNothing() throws IOException {
        account("acme", "1.00", "pm_card_visa");
        usage("acme", "calls", "130", "2026-10-10T10:00:00Z");
        nightly("2026-10-11");
        var before = books();
        nightly("2026-10-11");
        nightly("2026-10-05");
        assertThat(books()).isEqualTo(before);
    }

    @Test
    void eachThresholdOfTheLimitIsToldOnce() throws IOException {
        account("acme", "0", "pm_card_visa");
        usage("acme", "seats", "30", "2026-10-10T10:00:00Z");
        nightly("2026-10-11");
        usage("acme", "seats", "45", "2026-10-12T10:00:00Z");
        nightly("2026-10-13");
        nightly("2026-10-14");
        assertThat(strings("select kind from notice order by id")).containsExactly("limit-50", "limit-80", "limit-100");
    }

    // ---- what stories are told with

    @Test
    void everyCurrencyIsChargedAndAVastInvoiceIsHeldAlone() throws IOException {
        for (var currency : List.of("USD", "HUF", "JPY", "KRW", "KWD", "ISK", "UGX", "BHD", "CLP", "IDR")) {
            prices(currency, currency.equals("KWD") ? "12.345" : currency.equals("IDR") ? "12345.675" : "1234.565");
            account(currency.toLowerCase(Locale.ROOT), currency);
            usage(currency.toLowerCase(Locale.ROOT), "unit", "1", "2026-10-10T10:00:00Z");
        }
        account("vast", "USD");
        usage("vast", "unit", "9000000000000000000", "2026-10-10T10:00:00Z");
        bill(OCTOBER);

        assertThat(strings("select currency || ' ' || total || ' ' || status from invoice order by currency"))
                .containsExactly(
                        "BHD 1234.570 PAID",
                        "CLP 1235 PAID",
                        "HUF 1234.57 PAID",
                        "IDR 12345.68 PAID",
                        "ISK 1235 PAID",
                        "JPY 1235 PAID",
                        "KRW 1235 PAID",
                        "KWD 12.350 PAID",
                        "UGX 1235 PAID",
                        "USD 1234.57 PAID");
        assertThat(
                        strings(
                                "select amount_minor::text from payment_attempt where currency in ('KWD', 'ISK', 'JPY') order by 1"))
                .containsExactly("1235", "12350", "123500");
        assertThat(strings("select account || ' ' || reason || ' ' || detail from invoice_hold"))
                .singleElement()
                .asString()
                .startsWith(
                        "vast ABOVE_CEILING the invoice would be of USD 11111085000000000000000.00, above the ceiling of"
                                + " USD 999999.99");
    }

    @Test
    void whatStripeFindsTooSmallIsCarriedToTheNextInvoice() throws IOException {
        prices("KRW", "300");
        account("won", "KRW");
        usage("won", "unit", "1", "2026-10-10T10:00:00Z");
        bill(OCTOBER);
        nightly("2026-11-10");

        assertThat(invoice("won", OCTOBER).status()).isEqualTo(InvoiceStatus.PAID);
        assertThat(strings("select kind || ' ' || amount from settlement")).containsExactly("CARRIED 300");
        assertThat(strings("select kind from notice")).containsExactly("amount-carried");
        assertThat(application.get(Accounts.class).get("won").suspended()).isFalse();
        assertThat(
                        strings(
                                "select carried_forward || ' ' || amount_due || ' ' || paid || ' ' || open from report_invoice"))
                .containsExactly("300 0 0 0");

        usage("won", "unit", "40", "2026-11-10T10:00:00Z");
        bill(NOVEMBER);

        var next = invoice("won", NOVEMBER);
        assertThat(next.carriedIn()).isEqualByComparingTo("300");
        assertThat(next.amountDue()).isEqualByComparingTo("12300");
        assertThat(next.status()).isEqualTo(InvoiceStatus.PAID);
        assertThat(posted("CASH", "RECEIVABLE")).isEqualByComparingTo("12300");
    }

    private void prices(String currency, String amount) throws IOException {
        application.get(PriceBooks.class).importFile(Files.writeString(home.resolve(currency + ".yaml"), """
                currency: %s
                products: {unit: {unit: unit}}
                prices: [{product: unit, effective_from: 2026-01-01, amount: "%s"}]
                """.formatted(
                        currency, amount)));
    }

    private void account(String id, String currency) throws IOException {
        application.get(Accounts.class).importFile(Files.writeString(home.resolve(id + ".csv"), """
                id,name,email,country,currency,monthly_limit,free_credit,payment_method,created_on
                %s,%s Inc.,%s@example.com,US,%s,100000000,0,pm_card_visa,2026-01-01
                """.formatted(
                        id, id, id, currency)));
    }

    private void at(String instant) {
        application.moveTo(Instant.parse(instant));
    }

    private void account(String id, String freeCredit, String card) throws IOException {
        application.get(Accounts.class).importFile(Files.writeString(home.resolve(id + ".csv"), """
                id,name,email,country,currency,free_credit,payment_method,created_on
                %s,%s Inc.,%s@example.com,US,USD,%s,%s,2026-01-01
                """.formatted(
                        id, id, id, freeCredit, card)));
        application.get(CreditLedger.class).grantAllowances();
    }

    private String usage(String account, String product, String quantity, String at) throws IOException {
        var id = "r" + ++records;
        inbox("""
                {"id":"%s","account":"%s","product":"%s","quantity":"%s","occurred_at":"%s","outcome":"succeeded"}
                """.formatted(id, account, product, quantity, at));
        return id;
    }

    private void correct(String account, String id) throws IOException {
        inbox("""
                {"id":"v%d","type":"void","voids":"%s","account":"%s","occurred_at":"%s"}
                """.formatted(++records, id, account, "2026-10-13T00:00:00Z"));
    }

    private void inbox(String lines) throws IOException {
        Files.writeString(application.get(Home.class).inbox().resolve("usage-" + ++records + ".ndjson"), lines);
    }

    private void nightly(String date) {
        at(date + "T08:00:00Z");
        application.get(Runs.class).nightly(LocalDate.parse(date));
    }

    private void bill(BillingPeriod period) {
        nightly(period.issuedOn().toString());
        application.get(Runs.class).monthly(period);
    }

    private String sums(BillingPeriod period) {
        var invoice = invoice("acme", period);
        return "%s less %s = %s, from balance %s, forward %s, due %s"
                .formatted(
                        invoice.subtotal(),
                        invoice.credits(),
                        invoice.total(),
                        invoice.fromBalance(),
                        invoice.carriedForward(),
                        invoice.amountDue());
    }

    private Invoice invoice(String account, BillingPeriod period) {
        return application.get(Invoices.class).issued(period).stream()
                .filter(invoice -> invoice.account().equals(account))
                .findFirst()
                .orElseThrow();
    }

    private List<String> lines(BillingPeriod period) {
        var invoices = application.get(Invoices.class);
        return invoices.issued(period).stream()
                .flatMap(invoice -> invoices.lines(invoice.id()).stream()
                        .map(line -> "%s %s %s %s × %s = %s"
                                .formatted(
                                        invoice.account(),
                                        line.product(),
                                        line.usagePeriod(),
                                        line.quantity().toPlainString(),
                                        line.unitPrice().toPlainString(),
                                        line.amount())))
                .toList();
    }

    private BigDecimal posted(String debit, String credit) {
        return application
                .get(JdbcClient.class)
                .sql("select coalesce(sum(amount), 0) from posting where debit = :debit and credit = :credit")
                .param("debit", debit)
                .param("credit", credit)
                .query(BigDecimal.class)
                .single();
    }

    private List<String> books() {
        return strings("""
                        select p::text from posting p union all select j::text from usage_journal j
                        union all select u::text from daily_usage u union all select n::text from notice n
                         order by 1""");
    }

    private List<String> strings(String sql) {
        return application.get(JdbcClient.class).sql(sql).query(String.class).list();
    }
}
