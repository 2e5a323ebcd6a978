package io.postpaid.books.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.file.CsvText;
import io.postpaid.platform.file.Sha256;
import io.postpaid.platform.home.Home;
import io.postpaid.platform.template.TemplateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FinanceReportTest {
    private static final BillingPeriod OCTOBER = BillingPeriod.parse("2026-10");

    @TempDir
    static Path folder;

    private Books books;
    private FinanceReport report;
    private ReportFiles files;

    @BeforeAll
    void write() throws IOException {
        books = new Books(new Home(folder.resolve("home")));
        report = new FinanceReport(books.jdbc, books.transactions, TemplateFiles.builtIn());
        files = report.write(OCTOBER, folder.resolve("report"));
    }

    @AfterAll
    void close() {
        books.close();
    }

    @Test
    void theRegisterHasEveryInvoice() {
        assertThat(csv("invoice-register.csv")).isEqualTo("""
                number,account,name,period,status,issued_on,due_on,currency,subtotal,credits,tax,total,carried_in,carried_forward,from_balance,amount_due,paid,credited,written_off,open,pdf_sha256
                2026-000001,acme,Acme,2026-10,PAID,2026-11-01,2026-11-08,USD,26.00,20.00,1.20,7.20,0,0.00,0,7.20,7.20,0.00,0.00,0.00,SHA
                2026-000002,beta,'=Beta & <b>Co</b>,2026-10,OPEN,2026-11-01,2026-11-08,USD,10.00,0.00,0.00,10.00,0,0.00,0,10.00,0.00,0.00,0.00,10.00,SHA
                2026-000003,gamma,Gamma,2026-10,PAID,2026-11-01,2026-11-08,USD,0.30,0.00,0.00,0.30,0,0.30,0,0.00,0.00,0.00,0.00,0.00,SHA
                """);
    }

    @Test
    void theLinesAreThoseOfTheInvoices() {
        assertThat(csv("invoice-lines.csv")).isEqualTo("""
                number,account,position,product,usage_period,tier,quantity,unit,unit_price,listed_unit,currency,amount
                2026-000001,acme,1,audio,2026-10,1,10000,second,0.06,minute,USD,10.00
                2026-000001,acme,2,text,2026-10,1,1500,word,0.01,word,USD,15.00
                2026-000001,acme,3,text,2026-09,1,100,word,0.01,word,USD,1.00
                2026-000002,beta,1,text,2026-10,1,1000.4,word,0.01,word,USD,10.00
                2026-000003,gamma,1,text,2026-10,1,30,word,0.01,word,USD,0.30
                """);
    }

    @Test
    void revenueIsTheSameByProductByAccountAndByDay() {
        assertThat(csv("revenue-by-product.csv")).isEqualTo("""
                product,currency,quantity,unit,records,free_quantity,free_records,cost
                audio,USD,10000,second,1,7,1,10
                text,USD,2630.4,word,4,0,0,26.304
                """);
        assertThat(csv("revenue-by-account.csv")).isEqualTo("""
                account,name,currency,cost,credits,accrued
                acme,Acme,USD,26,20,6
                beta,'=Beta & <b>Co</b>,USD,10.004,0,10.004
                gamma,Gamma,USD,0.3,0,0.3
                """);
        assertThat(csv("revenue-by-day.csv")).isEqualTo("""
                day,currency,accounts,cost,late
                2026-09-30,USD,1,1,true
                2026-10-03,USD,1,10,false
                2026-10-04,USD,1,15,false
                2026-10-05,USD,1,10.004,false
                2026-10-31,USD,1,0.3,false
                """);
    }

    @Test
    void paymentsTellEveryAttemptAndUnpaidHowOldItIs() {
        assertThat(csv("payments.csv")).isEqualTo("""
                number,account,attempt,outcome,decline_code,advice_code,amount,currency,payment_method,claimed_at,resolved_at,stripe_id,message
                2026-000001,acme,1,SUCCEEDED,,,7.20,USD,pm_1,2026-11-01T09:00:00Z,2026-11-01T09:00:01Z,pi_1,
                2026-000002,beta,1,DECLINED_RETRYABLE,insufficient_funds,try_again_later,10.00,USD,pm_2,2026-11-01T09:00:00Z,2026-11-01T09:00:02Z,pi_2,"Your card has insufficient funds, ""sorry""\"
                """);
        assertThat(csv("unpaid.csv")).isEqualTo("""
                number,account,name,period,issued_on,due_on,currency,amount_due,open,age_days,bucket
                2026-000002,beta,'=Beta & <b>Co</b>,2026-10,2026-11-01,2026-11-08,USD,10.00,10.00,9,1-30 days overdue
                """);
    }

    @Test
    void creditRollsForwardToWhatIsLeftOnTheGrants() {
        assertThat(csv("credit-roll-forward.csv")).isEqualTo("""
                kind,currency,opening,granted,consumed,expired,refunded,closing,moved_since,left_on_grants,ties_out
                FREE,USD,0,20,20,0,0,0,0,0,true
                PROMO,USD,5,0,0,5,0,0,0,0,true
                TOP_UP,USD,0,0,0,0,0,0,8,8,true
                """);
    }

    @Test
    void everyLineOfEveryFileIsTold() {
        assertThat(csv("usage-tie-out.csv")).isEqualTo("""
                file,name,started_at,ended_at,lines,accepted,duplicates,quarantined,left_out,released,ties_out,records_of_period,billable,not_billable,failed
                1,october.ndjson,2026-10-31T12:00:00Z,2026-10-31T12:01:00Z,7,5,1,1,0,0,true,5,4,0,1
                2,late.csv,2026-11-01T07:00:00Z,2026-11-01T07:01:00Z,4,4,0,0,0,0,true,1,1,0,0
                ,total,,,11,9,1,1,0,0,true,6,5,0,1
                """);
        assertThat(csv("late-usage.csv")).isEqualTo("""
                account,name,product,usage_period,day,quantity,unit,records,currency,cost
                acme,Acme,text,2026-09,2026-09-30,100,word,1,USD,1
                """);
    }

    @Test
    void eachTaxIsASumOfInvoicesAndCreditNotes() {
        assertThat(csv("tax.csv")).isEqualTo("""
                currency,country,region,registration,customer,category,name,percent,invoiced_base,invoiced_tax,credited_base,credited_tax,net_base,net_tax,tax_currency,net_tax_in_currency,ties_out
                USD,,,,consumer,O,,0,10.30,0.00,0.00,0.00,10.30,0.00,,,
                USD,US,,,consumer,S,VAT,20,6.00,1.20,0.00,0.00,6.00,1.20,,,
                USD,,,,,,total,,16.30,1.20,0.00,0.00,16.30,1.20,,,true
                """);
        assertThat(csv("tax-invoices.csv")).isEqualTo("""
                currency,country,region,registration,customer,category,name,percent,kind,number,corrects,account,issued_on,supplied,base,tax,tax_currency,tax_in_currency
                USD,,,,consumer,O,,0,INVOICE,2026-000002,,beta,2026-11-01,2026-10,10.00,0.00,,
                USD,,,,consumer,O,,0,INVOICE,2026-000003,,gamma,2026-11-01,2026-10,0.30,0.00,,
                USD,US,,,consumer,S,VAT,20,INVOICE,2026-000001,,acme,2026-11-01,2026-10,6.00,1.20,,
                """);
    }

    @Test
    void whoCouldNotBeBilledIsHeldWithAReason() {
        assertThat(csv("holds.csv")).isEqualTo("""
                account,name,reason,detail
                delta,'@Delta,NO_PRICE,'-video has no price
                """);
    }

    @Test
    void thePageShowsTheSameFiguresAndTrustsNobody() throws IOException {
        assertThat(Files.readString(files.summary()))
                .contains("2026-10", "36.30", "20.00", "16.30", "2026-11-10")
                .contains("&#x3D;Beta &amp; &lt;b&gt;Co&lt;/b&gt;")
                .contains("NO_PRICE: -video has no price")
                .contains("insufficient_funds")
                .contains("<svg")
                .contains("✓ ties out")
                .doesNotContain("✗ does not tie out")
                .doesNotContain("<b>Co</b>");
    }

    @Test
    void theSameBooksGiveTheSameBytesAndNothingUnfinishedIsLeft() throws IOException {
        var again = report.write(OCTOBER, folder.resolve("again"));
        assertThat(bytes(again.directory())).isEqualTo(bytes(files.directory()));
        assertThat(bytes(again.directory()).keySet()).hasSize(34);
        assertThat(bytes(report.write(OCTOBER, folder.resolve("again")).directory()))
                .isEqualTo(bytes(files.directory()));
    }

    @Test
    void aPeriodWithNothingInItHasAReportToo() throws IOException {
        var empty = report.write(BillingPeriod.parse("2025-01"), folder.resolve("empty"));
        assertThat(Files.readString(empty.directory().resolve("late-usage.csv")).lines())
                .hasSize(1);
        assertThat(Files.readString(empty.summary())).contains("Everything is paid.");
    }

    @Test
    void theBooksOfTheMonthEndWithWhatNoInvoiceHasAskedFor() {
        assertThat(csv("trial-balance.csv")).isEqualTo("""
                currency,account,name,class,opening,debit,credit,closing
                USD,UNBILLED_RECEIVABLES,Unbilled receivables,asset,0,36.304,20,16.304
                USD,REVENUE,Revenue,income,0,0,36.304,-36.304
                USD,PROMOTIONAL_CREDIT,Promotional credit,contra-revenue,0,20,0,20
                USD,total,Total,,0,56.304,56.304,0
                """);
        assertThat(csv("promotional-credit.csv")).isEqualTo("""
                currency,kind,opening,given,used,expired,taken_back,closing
                USD,FREE,0,20,20,0,0,0
                USD,PROMO,5,0,0,5,0,0
                """);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            =1+1,'=1+1
            +49 30,'+49 30
            -x,'-x
            @sum,'@sum
            a=b,a=b
            """)
    void textIsNeverAFormula(String text, String cell) {
        assertThat(CsvText.cell(text)).isEqualTo(cell);
        assertThat(CsvText.cell("\t" + text)).isEqualTo("'\t" + text);
        assertThat(CsvText.cell("\r" + text)).isEqualTo("'\r" + text);
    }

    private String csv(String name) {
        try {
            return Files.readString(files.directory().resolve(name))
                    .replace("\r\n", "\n")
                    .replaceAll("[0-9a-f]{64}", "SHA");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static TreeMap<String, String> bytes(Path directory) throws IOException {
        var bytes = new TreeMap<String, String>();
        try (var files = Files.list(directory)) {
            for (var file : files.toList()) {
                bytes.put(file.getFileName().toString(), Sha256.of(file));
            }
        }
        return bytes;
    }
}
