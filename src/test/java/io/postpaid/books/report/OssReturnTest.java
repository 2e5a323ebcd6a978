package io.postpaid.books.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.platform.template.TemplateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the return of a quarter holds beside its own supplies: late invoices, corrections, what is not for it. */
class OssReturnTest {
    @TempDir
    static Path folder;

    private static final String BOOKS = """
            insert into tax_rate (country, category, customer, effective_from, percent, name, registration)
            values ('FI', 'standard', 'any', '2020-01-01', 25.5, 'ALV', 'OSS'), ('GR', 'standard', 'any', '2020-01-01', 24, 'FPA', 'OSS'),
                   ('GR', 'books', 'any', '2020-01-01', 6, 'FPA', 'OSS'), ('SE', 'standard', 'any', '2020-01-01', 25, 'Moms', '');
            insert into invoice (account, period, currency, status, year, number, customer, issued_on, due_on, tax_point, subtotal, credits, tax,
                                 total, amount_due)
            select 'acme', period, currency, status, 2026, number, customer::jsonb, issued_on, issued_on + 7, (period + interval '1 month')::date - 1, 100, 0, 0, 100, 100
              from (values
                ('2026-07-01'::date, 'EUR', 'OPEN', 'in-time', '{"business": "no", "cardCountry": "GR", "address": {"country": "GR"}}',
                 '2026-10-31'::date),
                ('2026-08-01', 'EUR', 'OPEN', 'late', '{"address": {"country": "FI"}}', '2026-11-01'),
                ('2026-10-01', 'EUR', 'OPEN', 'now', '{"business": "no", "cardCountry": "US", "address": {"country": "GR"}}', '2026-11-01'),
                ('2026-11-01', 'EUR', 'OPEN', 'firm', '{"business": "yes", "address": {"country": "FI"}}', '2026-12-01'),
                ('2026-11-01', 'SEK', 'OPEN', 'home', '{"business": "no", "address": {"country": "SE"}}', '2026-12-01'),
                ('2026-10-01', 'CHF', 'VOID', 'void', '{"business": "no", "address": {"country": "FI"}}', '2026-11-01'),
                ('2026-12-01', 'EUR', 'OPEN', 'next', '{"business": "no", "address": {"country": "FI"}}', '2027-01-01'),
                ('2023-01-01', 'EUR', 'OPEN', 'old', '{"business": "no", "address": {"country": "FI"}}', '2023-02-01'))
                i (period, currency, status, number, customer, issued_on);
            insert into invoice_tax (invoice, position, category, rate, name, percent, base, tax)
            select i.id, 1, 'S', r.id, r.name, r.percent, 100, r.percent
              from invoice i join tax_rate r on r.country = i.customer -> 'address' ->> 'country' and r.category = 'standard';
            insert into invoice_tax (invoice, position, category, rate, name, percent, base, tax)
            select i.id, 2, 'S', r.id, r.name, r.percent, 50, 3
              from invoice i join tax_rate r on r.country = 'GR' and r.category = 'books' and i.number = 'now';
            insert into credit_note (invoice, year, number, issued_on, amount, tax, settled, reason)
            select id, 2026, 'CN-2026-00000' || row_number() over (order by number), '2026-11-15', 62, 12, 0, 'r'
              from invoice where number in ('in-time', 'now', 'old');
            insert into credit_note_tax (credit_note, invoice, tax, base, amount) select id, invoice, 1, 50, tax from credit_note""";

    @Test
    void eachStandsInTheReturnOfItsQuarter() throws IOException {
        try (var books = new Books(new Home(folder.resolve("home")))) {
            books.execute("set session_replication_role = replica");
            books.execute(BOOKS);
            books.execute("set session_replication_role = origin");
            var report = new FinanceReport(books.jdbc, books.transactions, TemplateFiles.builtIn())
                    .write(BillingPeriod.parse("2026-11"), folder.resolve("report"))
                    .directory();
            assertThat(Files.readString(report.resolve("oss.csv")).replace("\r\n", "\n"))
                    .isEqualTo("""
                            quarter,until,section,member_state,supply,rate_type,percent,currency,taxable_amount,vat_amount,taxable_amount_eur,vat_amount_eur,corrects,note
                            2026-Q4,2026-11,SUPPLIES,EL,SERVICES,STANDARD,24,EUR,50,12,50.00,12.00,,
                            2026-Q4,2026-11,SUPPLIES,EL,SERVICES,REDUCED,6,EUR,50,3,50.00,3.00,,
                            2026-Q4,2026-11,CORRECTIONS,EL,,,,EUR,-50,-12,-50.00,-12.00,2026-Q3,
                            2026-Q4,2026-11,CORRECTIONS,FI,,,,EUR,-50,-12,-50.00,-12.00,2023-Q1,three years after its return was due: to be told to the member state itself
                            2026-Q4,2026-11,CORRECTIONS,FI,,,,EUR,100,25.5,100.00,25.50,2026-Q3,
                            2026-Q4,2026-11,BALANCE,EL,,,,,,,,3.00,,
                            2026-Q4,2026-11,BALANCE,FI,,,,,,,,13.50,,
                            2026-Q4,2026-11,TOTAL DUE,,,,,,,,,16.50,,
                            2026-Q4,2026-11,LEFT OUT,FI,SERVICES,STANDARD,25.5,EUR,100,25.5,100.00,25.50,,charged to a business: not for this return
                            """);
            assertThat(Files.readString(report.resolve("oss-evidence.csv")).replace("\r\n", "\n"))
                    .isEqualTo("""
                            quarter,number,account,issued_on,billing_country,card_country,evidence,currency,taxable_amount,vat_amount
                            2026-Q4,late,acme,2026-11-01,FI,,ONE ITEM,EUR,100,25.5
                            2026-Q4,now,acme,2026-11-01,GR,US,CONTRADICTS,EUR,150,27
                            """);
        }
    }
}
