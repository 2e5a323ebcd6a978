package io.postpaid.payments.topup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.StripeClient;
import com.stripe.param.DisputeListParams;
import com.stripe.param.DisputeUpdateParams;
import com.stripe.param.RefundCreateParams;
import io.postpaid.billing.document.TopUpFiles;
import io.postpaid.billing.einvoice.EInvoiceValidators;
import io.postpaid.billing.einvoice.Format;
import io.postpaid.billing.receipt.TopUpDocuments;
import io.postpaid.books.report.Verification;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.LedgerAccount;
import io.postpaid.credit.Posting;
import io.postpaid.payments.charging.CashStore;
import io.postpaid.payments.charging.World;
import io.postpaid.payments.reconciliation.Reconciliation;
import io.postpaid.payments.settlement.AccountTransfers;
import io.postpaid.payments.settlement.Freely;
import io.postpaid.payments.settlement.RefundBooks;
import io.postpaid.payments.settlement.Refunds;
import io.postpaid.payments.stripe.StripeBooks.SeenRefund;
import io.postpaid.payments.topup.TopUps.Answer.Cause;
import io.postpaid.payments.topup.TopUps.Answer.Refused;
import io.postpaid.payments.topup.TopUps.Answer.Taken;
import io.postpaid.payments.webhook.Events;
import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.calendar.BillingClock;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openpdf.text.pdf.PdfReader;
import org.openpdf.text.pdf.parser.PdfTextExtractor;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Credit is net: it is charged with tax, has an invoice, and returns its tax with what goes back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TopUpTaxTest {
    private static final String VISA = "pm_card_visa";
    private static final String DISPUTED = "pm_card_createDispute";
    private static final Set<String> PROVED = Set.of(
            "top-ups",
            "top-up-documents",
            "taxes-in-local-currency",
            "money-in",
            "grants",
            "refunds",
            "money-back",
            "account-balance",
            "pending-refunds",
            "losses");

    private World world;
    private StripeClient stripe;
    private int accounts;
    private String acme;

    @BeforeAll
    void start(@TempDir Path home) {
        world = new World(home, Map.of());
        stripe = StripeClient.builder()
                .setApiKey("sk_test_sandbox")
                .setApiBase(world.application.sandbox().stripeBase())
                .build();
        world.taxes("""
                rates:
                  - {country: FI, percent: "25.5", name: VAT, effective_from: 2024-09-01}
                  - {country: SE, percent: "25", name: VAT, effective_from: 2024-01-01}
                  - {country: MT, percent: "0", name: VAT, effective_from: 2024-01-01}
                  - {country: FR, percent: "20", name: TVA, effective_from: 2030-01-01}
                reverse_charge: {regions: [EU], seller: SE556677889901, note: The customer accounts for the VAT.}
                """);
    }

    /** 1.20 dollars and 10 crowns of Sweden for a euro today. */
    private void rates() {
        world.rates("Date,USD,SEK\n%s,1.2,10\n"
                .formatted(world.application.get(BillingClock.class).today()));
    }

    @AfterAll
    void stop() {
        world.close();
    }

    @BeforeEach
    void anotherAccount() {
        acme = "acme-" + ++accounts;
        world.application.moveTo(World.morning(World.ISSUED));
        world.jdbc.sql("delete from stripe_sweep").update();
    }

    @AfterEach
    void prove() {
        world.resolveTopUps();
        assertThat(world.application.get(Verification.class).run().stream()
                        .filter(check -> PROVED.contains(check.name()) && !check.holds())
                        .flatMap(check -> check.examples().stream()))
                .isEmpty();
    }

    private void account(String card, String country) {
        world.account(acme, card);
        world.country(acme, country);
    }

    private TopUp buy(String amount) {
        rates();
        return ((Taken) topUps().buy(acme, new BigDecimal(amount), "r1")).topUp();
    }

    private TopUps topUps() {
        return world.application.get(TopUps.class);
    }

    private Refunds refunds() {
        return world.application.get(Refunds.class);
    }

    private TopUpDocuments documents() {
        return world.application.get(TopUpDocuments.class);
    }

    private BigDecimal credit() {
        return world.application.get(CreditLedger.class).balance(acme, World.ISSUED);
    }

    private CashStore.Balance standing() {
        return world.application.get(AccountTransfers.class).standing(acme);
    }

    private TopUp known() {
        return world.application.get(TopUpStore.class).find(acme, "r1").orElseThrow();
    }

    /** Kind of number, net, tax and what it is for, of each document, the first one first. */
    private List<String> papers() {
        return documents().of(known().id()).stream()
                .map(paper -> paper.number().substring(0, 2) + " " + paper.net().toPlainString() + " + "
                        + paper.tax().tax().toPlainString() + " " + paper.tax().category())
                .toList();
    }

    private void use(String amount) {
        world.application
                .get(CreditLedger.class)
                .post(List.of(Posting.usage(
                        acme,
                        LedgerAccount.GRANT,
                        known().grant(),
                        new BigDecimal(amount),
                        "USD",
                        World.OCTOBER.plusMonths(1),
                        World.OCTOBER.plusMonths(1))));
    }

    private void sweep() {
        world.sweep(LocalDate.ofInstant(
                world.application
                        .get(io.postpaid.platform.calendar.BillingClock.class)
                        .instant(),
                java.time.ZoneOffset.UTC));
        Events.processDue(world.application);
    }

    @ParameterizedTest
    @CsvSource({
        "FI, 10.00, 1255, TU 10.00 + 2.55 S",
        "FI, 0.99, 124, TU 0.99 + 0.25 S",
        "SE, 10.00, 1250, TU 10.00 + 2.50 S",
        "MT, 10.00, 1000, TU 10.00 + 0.00 Z",
        "US, 10.00, 1000, TU 10.00 + 0.00 G"
    })
    void whatIsChargedIsCreditAndTax(String country, String amount, long charged, String paper) {
        account(VISA, country);

        var bought = buy(amount);
        buy(amount);

        assertThat(bought.amount()).isEqualByComparingTo(amount);
        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded " + charged);
        assertThat(credit()).isEqualByComparingTo(amount);
        assertThat(papers()).containsExactly(paper);
    }

    @Test
    void aBusinessAbroadAccountsForTheTaxItself() {
        account(VISA, "DE");
        world.jdbc
                .sql("update account set tax_id = 'DE136695976', business = 'yes' where id = :id")
                .param("id", acme)
                .update();

        buy("10.00");

        assertThat(world.chargesAtStripe(acme)).containsExactly("succeeded 1000");
        assertThat(papers()).containsExactly("TU 10.00 + 0.00 AE");
        assertThat(documents().of(known().id()).getFirst().tax().note())
                .isEqualTo("The customer accounts for the VAT.");
    }

    @ParameterizedTest
    @CsvSource({"FR, no tax rate of FR", "'', its country is not known"})
    void withoutATaxNothingIsCharged(String country, String why) {
        account(VISA, country);

        assertThat(topUps().buy(acme, new BigDecimal("10.00"), "r1")).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.cause()).isEqualTo(Cause.NOT_BILLABLE);
            assertThat(refused.why()).contains(why).endsWith("Nothing was charged");
        });

        assertThat(world.chargesAtStripe(acme)).isEmpty();
        assertThat(world.application.get(TopUpStore.class).find(acme, "r1")).isEmpty();
        world.jdbc.sql("""
                        insert into automatic_top_up (account, threshold, amount, monthly_most, active)
                        values (:id, 10, 20, 100, true)""").param("id", acme).update();
        assertThatThrownBy(() -> world.application.get(AutomaticTopUps.class).claim(acme))
                .isInstanceOf(HeldException.class)
                .hasMessageContaining(why);
        world.country(acme, "FI");
        assertThat(world.application
                        .get(AutomaticTopUps.class)
                        .claim(acme)
                        .orElseThrow()
                        .total())
                .isEqualByComparingTo("25.10");
    }

    @Test
    void aDeclinedCardLeavesNoNumber() {
        account("pm_card_visa_chargeDeclinedInsufficientFunds", "FI");
        long before = numbers();

        assertThat(buy("10.00").status()).isEqualTo(TopUp.Status.DECLINED);

        assertThat(papers()).isEmpty();
        assertThat(numbers()).isEqualTo(before);
    }

    private long numbers() {
        return world.jdbc
                .sql("select coalesce(sum(last_number), 0) from top_up_series")
                .query(Long.class)
                .single();
    }

    @Test
    void aRateThatChangesLaterChangesNoTopUp() {
        account(VISA, "FI");
        buy("10.00");
        assertThatThrownBy(() -> world.taxes("""
                        rates:
                          - {country: FI, percent: "30", name: VAT, effective_from: 2026-10-01}""")).hasMessageContaining("the top-up r1 of acme");
        world.country(acme, "SE");

        assertThat(buy("10.00").total()).isEqualByComparingTo("12.55");
    }

    @Test
    void partsReturnTheTaxOfTheirSum() throws Exception {
        account(VISA, "FI");
        var bought = buy("10.00");

        // 25.5 of 125.5 of 1.00 is 0.203, and of 2.00 it is 0.406: what is returned adds up.
        refunds().refundTopUp(acme, "r1", new BigDecimal("1.00"), "Sorry", Freely.GIVEN);
        stripe.v1()
                .refunds()
                .create(RefundCreateParams.builder()
                        .setPaymentIntent(bought.intent())
                        .setAmount(100L)
                        .build());
        sweep();
        use("5.00");
        assertThatThrownBy(() -> refunds().refundTopUp(acme, "r1", new BigDecimal("4.29"), "x", Freely.GIVEN))
                .hasMessageContaining("at most USD 4.28 can be refunded");
        refunds().refundTopUp(acme, "r1", null, "The rest", Freely.GIVEN);

        assertThat(credit()).isZero();
        assertThat(papers())
                .containsExactly("TU 10.00 + 2.55 S", "TC 0.80 + 0.20 S", "TC 0.79 + 0.21 S", "TC 3.41 + 0.87 S");
        assertThat(world.application
                        .get(Reconciliation.class)
                        .of(World.ISSUED, World.ISSUED)
                        .orphans())
                .noneMatch(orphan -> orphan.toString().contains(acme));
    }

    @Test
    void aRefundThatIsPendingAndFailsLeavesNoPaper() {
        account("pm_card_pendingRefundFail", "FI");
        buy("10.00");
        refunds().refundTopUp(acme, "r1", null, "x", Freely.GIVEN);
        assertThat(papers()).containsExactly("TU 10.00 + 2.55 S");

        world.application.moveTo(World.morning(World.ISSUED.plusDays(1)));
        sweep();

        assertThat(credit()).isEqualByComparingTo("10.00");
        assertThat(papers()).containsExactly("TU 10.00 + 2.55 S");
    }

    /** 2.55 dollars are 2.125 euros; each part returns what is left of that, rounded once. */
    @Test
    void saysItsTaxInTheCurrencyOfTheCountry() throws Exception {
        account(VISA, "FI");
        var bought = buy("10.00");
        for (var part : List.of("5.02", "5.02", "2.51")) {
            refunds().refundTopUp(acme, "r1", new BigDecimal(part), "Sorry", Freely.GIVEN);
        }
        assertThat(local(bought))
                .containsExactly(
                        "TU 2.55 = EUR 2.13", "TC 1.02 = EUR 0.85", "TC 1.02 = EUR 0.85", "TC 0.51 = EUR 0.43");
        var invoice = documents().of(known().id()).getFirst();
        var pdf = world.application.get(TopUpFiles.class).pdf(invoice).bytes();
        try (var reader = new PdfReader(pdf)) {
            assertThat(new PdfTextExtractor(reader).getTextFromPage(1)).contains("VAT in EUR 2.13");
        }
    }

    @Test
    void withoutARateNothingIsCharged() {
        account(VISA, "SE");
        world.application.moveTo(World.morning(World.ISSUED.minusMonths(2)));
        assertThat(topUps().buy(acme, new BigDecimal("10.00"), "r1"))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.why())
                                .contains("cannot be told in SEK", "no rate from USD to SEK", "Nothing was charged"));
    }

    private List<String> local(TopUp topUp) {
        return world.application.get(TopUpDocuments.class).of(topUp.id()).stream()
                .map(document -> {
                    var local = Objects.requireNonNull(document.tax().local());
                    return document.number().substring(0, 2) + " "
                            + document.tax().tax().toPlainString() + " = " + local.currency() + " "
                            + local.amount().toPlainString();
                })
                .toList();
    }

    @Test
    void aRefundThatFailsAfterItHadSucceededSellsItsCreditAgain() {
        account(VISA, "FI");
        var bought = buy("10.00");
        var refund = refunds().refundTopUp(acme, "r1", new BigDecimal("5.02"), "Sorry", Freely.GIVEN);
        assertThat(credit()).isEqualByComparingTo("6.00");
        var failed = new SeenRefund(
                Objects.requireNonNull(refund.stripeId()),
                Objects.requireNonNull(bought.intent()),
                refund.amount(),
                "failed",
                "",
                true,
                Long.toString(refund.id()));

        for (int n = 0; n < 2; n++) {
            new TransactionTemplate(world.application.get(PlatformTransactionManager.class))
                    .executeWithoutResult(
                            _ -> world.application.get(RefundBooks.class).seen(failed));
        }

        assertThat(credit()).isEqualByComparingTo("10.00");
        assertThat(papers()).containsExactly("TU 10.00 + 2.55 S", "TC 4.00 + 1.02 S", "TU 4.00 + 1.02 S");
        assertThat(world.notices(acme)).last().asString().startsWith("top-up-document TU-2026-");
        // Stripe, which knows nothing of that, gives no more than the rest.
        refunds().refundTopUp(acme, "r1", new BigDecimal("7.53"), "At last", Freely.GIVEN);
        assertThat(credit()).isEqualByComparingTo("4.00");
        assertThat(papers()).last().isEqualTo("TC 6.00 + 1.53 S");
    }

    @ParameterizedTest
    @CsvSource({"winning_evidence", "losing_evidence"})
    void aDisputeTakesTheCreditNetAndOwesWhatWasUsedWithItsTax(String evidence) throws Exception {
        account(DISPUTED, "FI");
        var bought = buy("10.00");
        use("4.00");
        sweep();
        assertThat(credit()).isZero();
        assertThat(standing().owed()).isEqualByComparingTo("5.02");
        assertThat(papers()).containsExactly("TU 10.00 + 2.55 S");

        close(bought, evidence);

        if (evidence.startsWith("winning")) {
            assertThat(credit()).isEqualByComparingTo("6.00");
            assertThat(standing().owed()).isZero();
            assertThat(papers()).containsExactly("TU 10.00 + 2.55 S");
        } else {
            assertThat(standing().owed()).isEqualByComparingTo("5.02");
            assertThat(papers()).containsExactly("TU 10.00 + 2.55 S", "TC 6.00 + 1.53 S");
            // A correction of what was used gives credit back, which pays what is owed for it, with its tax.
            use("-3.00");
            world.useBalances();
            assertThat(standing().owed()).isEqualByComparingTo("1.25");
            assertThat(credit()).isZero();
            assertThat(papers()).last().isEqualTo("TC 3.00 + 0.77 S");
            use("-1.00");
            world.useBalances();
            assertThat(standing().owed()).isZero();
            assertThat(papers()).last().isEqualTo("TC 1.00 + 0.25 S");
        }
    }

    private void close(TopUp bought, String evidence) throws Exception {
        var dispute = stripe.v1()
                .disputes()
                .list(DisputeListParams.builder()
                        .setPaymentIntent(bought.intent())
                        .build())
                .getData()
                .getFirst();
        stripe.v1()
                .disputes()
                .update(
                        dispute.getId(),
                        DisputeUpdateParams.builder()
                                .setEvidence(DisputeUpdateParams.Evidence.builder()
                                        .setUncategorizedText(evidence)
                                        .build())
                                .build());
        sweep();
    }

    @ParameterizedTest
    @CsvSource({"FI, S", "SE, S", "MT, Z", "US, G", "DE, AE"})
    void itsDocumentsAreEInvoices(String country, String category) {
        account(VISA, country);
        world.jdbc.sql("""
                        update account set tax_id = case country when 'DE' then 'DE136695976' else '' end, line1 = 'Street 1',
                               city = 'Town', postal_code = '10115'
                         where id = :id""").param("id", acme).update();
        buy("10.00");
        refunds().refundTopUp(acme, "r1", new BigDecimal("3.33"), "Not needed", Freely.GIVEN);

        var papers = documents().of(known().id());
        assertThat(papers).hasSize(2).allMatch(paper -> paper.tax().category().equals(category));
        for (var paper : papers) {
            var pdf = Path.of(world.application.get(TopUpFiles.class).pdf(paper).place());
            assertThat(EInvoiceValidators.hybrid(pdf)).as(paper.number()).isEmpty();
            assertThat(EInvoiceValidators.cii(
                            world.application.get(TopUpFiles.class).xml(paper, Format.CII)))
                    .as(paper.number())
                    .isEmpty();
        }
    }

    @Test
    void itsDocumentsAreTheSameBytesEachTime() throws Exception {
        account(VISA, "FI");
        buy("10.00");
        refunds().refundTopUp(acme, "r1", null, "The rest", Freely.GIVEN);

        for (var paper : documents().of(known().id())) {
            var pdf = world.application.get(TopUpFiles.class).pdf(paper);
            var first = pdf.bytes();
            Files.delete(Path.of(pdf.place()));
            assertThat(world.application.get(TopUpFiles.class).pdf(paper).bytes())
                    .isEqualTo(first);
        }
        assertThat(world.jdbc
                        .sql("select kind || ' ' || attachment from notice where account = :id order by id")
                        .param("id", acme)
                        .query(String.class)
                        .list())
                .satisfiesExactly(
                        bought -> assertThat(bought).matches("top-up-succeeded 2026-11/TU-2026-\\d{6}.pdf"),
                        back -> assertThat(back).matches("top-up-refunded 2026-11/TC-2026-\\d{6}.pdf"));
    }
}
