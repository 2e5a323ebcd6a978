package io.postpaid.payments.bank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.stripe.StripeClient;
import com.stripe.param.PayoutCreateParams;
import io.postpaid.billing.invoicing.PaymentReference;
import io.postpaid.books.report.Verification;
import io.postpaid.credit.CreditLedger;
import io.postpaid.credit.GrantKind;
import io.postpaid.payments.charging.World;
import io.postpaid.payments.reconciliation.Reconciliation;
import io.postpaid.payments.settlement.AccountTransfers;
import io.postpaid.payments.settlement.Transfers;
import io.postpaid.platform.batch.Alone;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.file.RefusedFileException;
import io.postpaid.support.Crashes;
import io.postpaid.support.Killed;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stories of money that comes by the bank, with statements as banks write them. */
@NullUnmarked
class BankStatementsTest {
    private static final BillingPeriod NOVEMBER = BillingPeriod.parse("2026-11");
    private static final LocalDate SECOND = LocalDate.of(2026, 11, 2);

    @TempDir
    private Path folder;

    private World world;
    private int files;

    @BeforeEach
    void start(@TempDir Path home) {
        world = new World(home, Map.of());
        world.application.moveTo(World.morning(SECOND));
    }

    @AfterEach
    void prove() {
        world.application.crashes.revive();
        assertThat(world.application.get(Verification.class).run().stream()
                        .filter(check -> List.of(
                                        "bank-lines",
                                        "money-in",
                                        "settlements",
                                        "provider-movements",
                                        "account-balance")
                                .contains(check.name()))
                        .flatMap(check -> check.examples().stream()))
                .isEmpty();
        world.close();
    }

    private BankStatements.Result imported(String text) {
        try {
            var file = folder.resolve("statement-" + ++files + ".sta");
            return world.application.get(BankStatements.class).importFile(Files.writeString(file, text), null);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An MT940 statement of 2 November; each line is a mark, an amount, its text and, if there is one, the bank's reference. */
    private static String statement(String opening, String closing, String... lines) {
        var text = new StringBuilder(":20:A\n:25:FI2112345600000785\n:28C:1\n:60F:C261102USD" + opening + "\n");
        for (var line : lines) {
            var part = line.split("\\|", -1);
            text.append(":61:2611021102%sNTRFNONREF%s\n:86:%s\n"
                    .formatted(part[0], part.length > 2 ? "//" + part[2] : "", part[1]));
        }
        return text + ":62F:C261102USD" + closing + "\n-\n";
    }

    private BankMatches matches() {
        return world.application.get(BankMatches.class);
    }

    private List<String> lines() {
        return world.application.get(BankStatements.class).list(false, 100).reversed().stream()
                .map(line -> line.id() + " " + line.amount() + " " + line.kind() + " " + line.matched())
                .toList();
    }

    private long open(String account, String amount) {
        world.account(account, null);
        return world.invoice(account, amount);
    }

    private static BigDecimal usd(String amount) {
        return new BigDecimal(amount);
    }

    private BankTie.Result tie() {
        return world.application.get(BankTie.class).of(NOVEMBER);
    }

    @Test
    void aStatementPaysWhatItNames() throws IOException {
        long acme = open("acme", "25.00");
        long beta = open("beta", "60.00");
        var text = Files.readString(Path.of("src/test/resources/bank/camt053.xml"))
                .replace(
                        "{reference-1}",
                        PaymentReference.of("2026-000001").printed().toLowerCase(java.util.Locale.ROOT));
        var result = imported(text);
        assertThat(result.known()).isFalse();
        assertThat(result.statements())
                .extracting(one -> one.opening() + " " + one.closing() + " " + one.added())
                .containsExactly("1000.00 1123.50 4");
        assertThat(result.matched() + " " + result.open()).isEqualTo("3 1");
        assertThat(lines())
                .containsExactly(
                        "1 25.00 TRANSFER 2026110200001",
                        "2 60.00 TRANSFER 2026110200002",
                        "3 41.00 null null",
                        "4 -2.50 bank 2026110200003");
        assertThat(List.of(world.status(acme), world.status(beta))).containsOnly("PAID");
        assertThat(tie().open()).extracting(BankTie.Open::line).containsExactly(3L);
        assertThat(tie().holds()).isFalse();

        // The same once more, and nobody is paid twice.
        assertThat(imported(text + "\n").statements())
                .extracting(BankStatements.Imported::added)
                .containsExactly(0);
        assertThat(imported(text).known()).isTrue();
        matches().ignore(3, "A gift");
        assertThat(tie().holds()).isTrue();
        assertThat(tie().ties()).singleElement().satisfies(tie -> {
            assertThat(tie.posted()).isEqualByComparingTo("82.50");
            assertThat(tie.lines()).isEqualByComparingTo("82.50");
            assertThat(tie.ignored()).isEqualByComparingTo("41");
            assertThat(tie.differences()).isEmpty();
        });
        assertThat(world.jdbc
                        .sql(
                                "select posted_on || ' ' || debit || ' ' || credit || ' ' || trim_scale(amount) from company_posting")
                        .query(String.class)
                        .list())
                .containsExactly("2026-11-02 PROVIDER_FEES BANK 2.5");
        assertThat(world.jdbc
                        .sql("select distinct posted_on::text from posting where 'CASH' in (debit, credit)")
                        .query(String.class)
                        .list())
                .containsExactly("2026-11-02");
    }

    /** A name of the invoice without its amount, or an amount without a name, is a guess. */
    @Test
    void whatLeavesDoubtWaitsForAPerson() {
        long acme = open("acme", "25.00");
        long beta = open("beta", "40.00");
        var result = imported(statement(
                "0,00",
                "175,00",
                "C25,00|thank you",
                "C24,00|invoice 2026-000001",
                "C65,00|2026-000001 and 2026-000002",
                "C50,00|2026-000002",
                "C11,00|2026-000009"));
        assertThat(result.matched() + " " + result.open()).isEqualTo("0 5");
        // A part, then more than is open: the rest goes to the account balance.
        matches().toInvoice(2, "2026-000001");
        assertThat(world.status(acme)).isEqualTo("OPEN");
        matches().toInvoice(1, "2026-000001");
        assertThat(world.status(acme)).isEqualTo("PAID");
        matches().toInvoice(4, "2026-000002");
        assertThat(world.status(beta)).isEqualTo("PAID");
        matches().toAccount(3, "acme");
        matches().ignore(5, "Nobody knows it");
        var standing = world.application.get(AccountTransfers.class);
        assertThat(standing.standing("acme").amount()).isEqualByComparingTo("89.00");
        assertThat(standing.standing("beta").amount()).isEqualByComparingTo("10.00");
        assertThat(tie().holds()).isTrue();
        assertThatThrownBy(() -> matches().ignore(5, "again")).hasMessageContaining("is matched already");
        assertThatThrownBy(() -> matches().ignore(99, "x")).hasMessageContaining("There is no line 99");
    }

    @Test
    void whatAPersonRecordedBeforeIsTiedAndNotBookedAgain() {
        open("acme", "25.00");
        open("beta", "40.00");
        open("gamma", "30.00");
        var transfers = world.application.get(Transfers.class);
        transfers.record("2026-000001", usd("25.00"), "BK/77", SECOND);
        transfers.record("2026-000002", usd("40.00"), "by hand", SECOND);
        transfers.record("2026-000003", usd("30.00"), "by hand too", SECOND);
        world.application.get(CreditLedger.class).grant("gamma", usd("15.00"), GrantKind.TOP_UP, null);
        var accountTransfers = world.application.get(AccountTransfers.class);
        accountTransfers.record("gamma", usd("9.00"), "hand 9", SECOND);
        accountTransfers.sendBack("gamma", usd("4.00"), "BK-4", SECOND, "asked", given -> {});
        imported(statement(
                "0,00",
                "115,00",
                "C25,00|nothing|BK/77",
                "C40,00|2026-000002",
                "C30,00|who knows",
                "C15,00|credit",
                "C9,00|x",
                "D4,00|back|BK-4"));
        matches().toInvoice(3, "2026-000003");
        matches().toAccount(4, "gamma");
        matches().toAccount(5, "gamma");
        assertThat(lines())
                .containsExactly(
                        "1 25.00 TRANSFER BK/77",
                        "2 40.00 TRANSFER by hand",
                        "3 30.00 TRANSFER by hand too",
                        "4 15.00 GRANT 1",
                        "5 9.00 ACCOUNT hand 9",
                        "6 -4.00 RETURN BK-4");
        assertThat(tie().holds()).isTrue();
        assertThat(tie().ties()).extracting(BankTie.Tie::differences).allMatch(List::isEmpty);
    }

    /** What was paid by hand again is tied to one line each, and the second transfer is money of its own. */
    @Test
    void twoEqualTransfersAreTwo() {
        open("acme", "25.00");
        var statement = statement("0,00", "50,00", "C25,00|2026-000001", "C25,00|2026-000001");
        assertThat(imported(statement).matched()).isEqualTo(1);
        assertThat(lines()).hasSize(2);
        // The statement of the whole day repeats that of the morning.
        assertThat(imported(statement("0,00", "60,00", "C25,00|2026-000001", "C25,00|2026-000001", "C10,00|more"))
                        .statements())
                .extracting(BankStatements.Imported::added)
                .containsExactly(1);
        matches().toInvoice(2, "2026-000001");
        assertThat(world.application
                        .get(AccountTransfers.class)
                        .standing("acme")
                        .amount())
                .isEqualByComparingTo("25.00");
    }

    @Test
    void aPayoutIsFoundByItsAmountAndName() throws Exception {
        world.account("acme", "pm_card_visa");
        world.invoice("acme", "100.00");
        world.charge();
        var stripe = StripeClient.builder()
                .setApiKey("sk_test_sandbox")
                .setApiBase(world.application.sandbox().stripeBase())
                .build();
        for (var amount : List.of(5000L, 2000L, 2000L)) {
            stripe.v1()
                    .payouts()
                    .create(PayoutCreateParams.builder()
                            .setAmount(amount)
                            .setCurrency("usd")
                            .build());
        }
        assertThat(world.application
                        .get(Reconciliation.class)
                        .of(SECOND, SECOND)
                        .explained())
                .isTrue();
        imported(statement("0,00", "90,00", "C50,00|STRIPE PAYMENTS EUROPE", "C20,00|Stripe", "C20,00|Stripe"));
        // Two of an amount cannot be told apart; a person does.
        assertThat(lines().getFirst()).startsWith("1 50.00 payout txn_");
        assertThat(tie().open()).hasSize(2);
        var payouts = world.jdbc
                .sql("select reference from provider_movement where gross = -20 order by id")
                .query(String.class)
                .list();
        matches().toPayout(2, payouts.get(0));
        assertThatThrownBy(() -> matches().toPayout(3, payouts.get(0))).hasMessageContaining("on no line yet");
        matches().toPayout(3, payouts.get(1));
        assertThat(tie().holds()).isTrue();
        assertThat(tie().ties()).extracting(BankTie.Tie::posted).allMatch(posted -> posted.compareTo(usd("90")) == 0);
    }

    @Test
    void anotherCurrencyIsLeftToAPerson() {
        open("acme", "25.00");
        var euros = statement("0,00", "25,00", "C25,00|2026-000001").replace("USD", "EUR");
        assertThat(imported(euros).matched()).isZero();
        assertThatThrownBy(() -> matches().toInvoice(1, "2026-000001")).hasMessageContaining("is in USD");
        assertThatThrownBy(() -> matches().toAccount(1, "acme")).hasMessageContaining("is in USD");
        assertThatThrownBy(() -> matches().ignore(1, " ")).hasMessageContaining("for a reason");
        matches().ignore(1, "Recorded in dollars");
    }

    @Test
    void whatComesLaterIsMatchedByTheNextNight() {
        imported(statement("0,00", "25,00", "C25,00|2026-000001"));
        assertThat(tie().open()).hasSize(1);
        long acme = open("acme", "25.00");
        var done = Alone.run(
                world.application, new Run("nightly", SECOND, 1), world.application.get(BankStatements.class)::open);
        assertThat(done.written()).isEqualTo(1);
        assertThat(world.status(acme)).isEqualTo("PAID");
    }

    @Test
    void aMonthWithoutAStatementIsToldAndBlocksNothing() {
        assertThat(tie().imported()).isFalse();
        assertThat(tie().holds()).isTrue();
    }

    @Test
    void aRefusedFileLeavesNothing() {
        assertThatThrownBy(() -> imported(statement("0,00", "26,00", "C25,00|x")))
                .isInstanceOf(RefusedFileException.class);
        assertThat(lines()).isEmpty();
        assertThat(imported(statement("0,00", "25,00", "C25,00|x")).known()).isFalse();
    }

    /** Whenever the process dies, importing the file again ends with each line once and paid once. */
    @Test
    void aKilledImportIsDoneAgain() {
        open("acme", "25.00");
        open("beta", "40.00");
        var text = statement("0,00", "62,50", "C25,00|2026-000001|A1", "C40,00|2026-000002", "D2,50|fee")
                .replace("D2,50NTRF", "D2,50NCHG");
        long last = 0;
        for (long points = 0; ; points += Crashes.STEP) {
            world.application.crashes.killAfter(points);
            try {
                imported(text);
                break;
            } catch (Killed | RuntimeException e) {
                last = points;
            }
        }
        world.application.crashes.revive();
        assertThat(last).isPositive();
        assertThat(imported(text).open()).isZero();
        assertThat(lines()).hasSize(3);
        assertThat(world.jdbc
                        .sql("select count(*) from settlement where kind = 'TRANSFER'")
                        .query(Long.class)
                        .single())
                .isEqualTo(2);
        assertThat(world.jdbc
                        .sql("select count(*) from surplus")
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(world.jdbc
                        .sql("select count(*) from company_posting where kind = 'bank'")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
        assertThat(tie().holds()).isTrue();
    }
}
