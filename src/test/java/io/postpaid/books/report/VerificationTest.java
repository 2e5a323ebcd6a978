package io.postpaid.books.report;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import io.postpaid.platform.store.FolderStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VerificationTest {
    private static final BillingPeriod DECEMBER = BillingPeriod.parse("2026-12");
    private static final Instant NOW = Instant.parse("2026-12-03T12:00:00Z");

    /** What beta used, as if it had come through the gate under this limit. */
    private static final String SETTLED_BY_BETA = """
            insert into gate_balance (account) values ('beta');
            insert into gate_authorization (id, account, idempotency_key, product, quantity, billable, proportional, price,
                                            currency, monthly_limit, status, authorized_at, expires_at, used, charged)
            values ('00000000-0000-7000-8000-000000000001', 'beta', 'k', 'text', 1000.4, true, true, 10.004, 'USD', %d,
                    'SETTLED', '2026-10-05T12:00Z', '2026-10-05T12:15Z', 1000.4, 10.004)""";

    /** A call of acme, and its usage, which a correction has taken back. */
    private static final String SETTLED_AND_VOIDED = """
            insert into gate_balance (account) values ('acme');
            insert into gate_authorization (id, account, idempotency_key, product, quantity, billable, proportional, price,
                                            currency, monthly_limit, status, authorized_at, expires_at, used, charged)
            values ('00000000-0000-7000-8000-000000000002', 'acme', 'k', 'text', 50, true, true, 0.5, 'USD', 100,
                    'SETTLED', '2026-10-06T12:00Z', '2026-10-06T12:15Z', 50, 0.5);
            insert into usage_key (key, content, file, line, day)
            values ('00000000-0000-0000-0000-000000000007', 0, 2, 2, '2026-10-06');
            update usage_record set source = 'gate', id = '00000000-0000-7000-8000-000000000002' where id = 'a5'""";

    private static final String TAKEN_BACK_OF_A_HELD_MONTH = """
            insert into usage_journal (period, account, product, lines)
            values ('2026-11-01', 'beta', 'text', array[row('2026-08-15', 2, 1, 0, 5, 0, 0, 0)::journal_line,
                                                       row('2026-09-15', 2, 1, 0, -5, 0, 0, 0)::journal_line]);
            insert into held (step, period, item, account, reason, detail, first_at, last_at, runs)
            values ('draft-invoices', '2026-09-01', 'account beta', 'beta', 'NO_PRICE', '', '2026-12-03T11:00Z',
                    '2026-12-03T11:00Z', '{1}')""";

    private static final String MORE_TAKEN_BACK_THAN_USED = """
            insert into posting (at, account, kind, debit, credit, amount, currency, period, used_in)
            values (now(), 'beta', 'usage', 'ACCRUED', 'REVENUE', 5, 'USD', '2026-11-01', '2026-08-01'),
                   (now(), 'beta', 'usage', 'REVENUE', 'ACCRUED', 5, 'USD', '2026-11-01', '2026-09-01')""";

    private static final String EVENTS_DUE = """
            insert into stripe_event_due (id, type, object, made_at, received_at, due_at)
            select 'evt_' || n, 'payment_intent.succeeded', '', received, received, received
              from (values (1, timestamptz '2026-12-02 11:59:00Z'), (2, '2026-12-02 12:00:00Z')) d (n, received)""";

    private static final String ATTEMPT_ON_A_PAGE = """
            insert into payment_attempt (invoice, n, intent, status, payment_method, amount_minor, currency, return_url,
                                         at_bank, claimed_at)
            values (2, 2, 1, 'CLAIMED', 'pm', 1000, 'USD', 'https://pay.test', true, '%s')""";

    private static final String UNNAMED = """
            alter table usage_record drop constraint usage_record_namespace;
            alter table usage_record_2026_10 drop constraint if exists usage_record_namespace;
            """;

    private static final String CALCULATED = """
            insert into stripe_tax_calculation (account, day, hash, calculation, answer, at)
            values ('acme', '2026-10-31', repeat('0', 64), 'taxcalc_1',
                    '{"line_items": {"data": [{"amount": %s, "amount_tax": %s}]}}', now());
            update invoice_tax set evidence = 'taxcalc_1' where invoice = 1""";

    private static final String CREDIT_NOTE = """
            insert into credit_note (invoice, year, number, issued_on, amount, tax, settled, reason)
            values (1, 2026, 'CN-2026-000001', '2026-11-02', 1.20, 0.20, 0, 'sorry');
            insert into credit_note_series (year, last_number) values (2026, 1);
            insert into posting (at, account, kind, debit, credit, amount, currency, invoice, reference)
            values (now(), 'acme', 'credited', 'CREDITED', 'BALANCE', 1.00, 'USD', 1, 'CREDIT_NOTE/CN-2026-000001/balance'),
                   (now(), 'acme', 'credited', 'TAX', 'BALANCE', 0.20, 'USD', 1, 'CREDIT_NOTE/CN-2026-000001/balance/tax');
            insert into account_balance (account, currency, amount) values ('acme', 'USD', 1.20)""";

    private static final String RETURNED = """
            ; insert into credit_note_tax (credit_note, invoice, tax, base, amount, amount_in_currency)
            select max(id), 1, 1, 1.00, 0.20, %s from credit_note""";

    private static final String RATES = """
            insert into exchange_import (file, added, first_day, last_day) values ('rates.csv', 2, '2026-10-23', '2026-10-30');
            insert into exchange_rate (currency, day, per_euro, import)
            select 'USD', day::date, 1.1712, id from exchange_import, (values ('2026-10-23'), ('2026-10-30')) d (day);
            """;

    private static final String LOCAL = """
            update invoice_tax
               set tax_currency = 'EUR', tax_in_currency = %s, currency_per_euro = %s, tax_currency_per_euro = 1, rate_day = '%s'
             where invoice = 1;
            """;

    private static final String BOUGHT_BY_GAMMA = """
            insert into top_up (account, reference, amount, currency, payment_method, status, intent, charge, grant_id,
                                claimed_at, resolved_at)
            values ('gamma', 'r', %1$d, 'USD', 'pm', 'SUCCEEDED', 'pi_t', 'ch_t', 3, now(), now());
            insert into top_up_series (kind, year, last_number) values ('INVOICE', 2026, 1);
            insert into top_up_document (kind, top_up, account, year, number, issued_on, customer, currency, tax_category, tax_name,
                                         tax_percent, tax_note, net, tax, total, reason)
            select 'INVOICE', id, account, 2026, 'TU-2026-000001', '2026-11-05', '{"name": "Gamma", "email": "g@test"}', currency,
                   tax_category, tax_name, tax_percent, tax_note, amount, tax, total, ''
              from top_up""";

    /** A top-up as it should be, with tax. */
    private static final String BOUGHT_WITH_TAX = """
            insert into top_up (account, reference, amount, tax, tax_category, tax_name, tax_percent, currency, payment_method,
                                status, intent, charge, grant_id, claimed_at, resolved_at)
            values ('gamma', 'r', 8, 2, 'S', 'VAT', 25, 'USD', 'pm', 'SUCCEEDED', 'pi_t', 'ch_t', 3, now(), now());
            update posting set reference = '3' where kind = 'granted' and grant_id = 3;
            insert into posting (at, account, kind, debit, credit, amount, currency, reference)
            select now(), account, 'top-up-tax', 'CASH', 'TAX', tax, currency, 'TOP_UP/' || id from top_up;
            insert into notice (account, kind, key, recipient, view, message_id, queued_at, next_try_at)
            select account, 'top-up-succeeded', 'top-up/' || id, 'g@test', '{}', 'm', now(), now() from top_up;
            insert into top_up_series (kind, year, last_number) values ('INVOICE', 2026, 1);
            insert into top_up_document (kind, top_up, account, year, number, issued_on, customer, currency, tax_category, tax_name,
                                         tax_percent, tax_note, net, tax, total, reason)
            select 'INVOICE', id, account, 2026, 'TU-2026-000001', '2026-11-05', '{"name": "Gamma", "email": "g@test", "address": {"country": "US"}}',
                   currency,
                   tax_category, tax_name, tax_percent, tax_note, amount, tax, total, ''
              from top_up;
            """;

    /** A credit note for a refund that never was made. */
    private static final String CREDITED_TO_GAMMA = """
            insert into refund (top_up, amount, taken, tax, reason, status, claimed_at, resolved_at)
            select id, 5, 5, 1, 'Sorry', 'REFUSED', now(), now() from top_up;
            insert into top_up_document (kind, top_up, account, corrects, year, number, issued_on, customer, currency, tax_category,
                                         tax_name, tax_percent, tax_note, net, tax, total, reason, refund)
            select 'CREDIT_NOTE', d.top_up, account, d.id, year, 'TC-2026-000001', issued_on, customer, currency, tax_category,
                   tax_name, tax_percent, tax_note, 4, 1, 5, 'Sorry', r.id
              from top_up_document d
              join refund r on r.top_up = d.top_up
             where kind = 'INVOICE'""";

    private static final String PART = """
            insert into batch_job_instance values (7, 0, 'monthly', 'x');
            insert into batch_job_execution (job_execution_id, job_instance_id, create_time, status) values (7, 7, now(), 'COMPLETED');
            insert into batch_step_execution (step_execution_id, version, step_name, job_execution_id, create_time, status)
            values (8, 0, 'charge-invoices', 7, now(), 'COMPLETED');
            insert into shared_run (run, likeness, who, source) values (7, '{}', 'me', 'x');
            insert into part (step_execution, run, step, kind, done_by, ended_at) values (8, 7, 'charge-invoices', 0, %s, %s)""";

    @TempDir
    static Path folder;

    private Home home;
    private Books books;
    private Verification verification;

    @BeforeAll
    void open() throws IOException {
        home = new Home(folder);
        books = new Books(home);
        verification = new Verification(books.jdbc, home, new FolderStore(home), () -> NOW);
    }

    @AfterAll
    void close() {
        books.close();
    }

    @Test
    void theBooksHoldAndEachCheckTellsItsFigure() {
        assertThat(told(verification.run())).isEqualTo("""
                files-tie-out: 3 files: lines 12 = accepted 9 + duplicates 2 + quarantined 1 + left out 0
                nothing-dropped: 12 lines: records 8, corrections 1, duplicates 2, left out 0, in quarantine 1
                failed-free: 1 failed calls, 0 of them billed
                metered-once: 6 billable records of 12650.4 = metered and about to be metered 12650.4 (1 free records)
                gate-held: no call is open
                gate-settled: 0 calls are settled: no charge
                gate-limit: 0 account months used only the gate, 0 of them went above the limit
                gate-usage: 0 records of the gate, 0 of them taken back
                own-voice: 0 records reported by accounts themselves, 0 corrections
                rated-once: metered 12630.4 = rated 12630.4 + not rated yet 0
                late-usage: 1 account months are billed in later ones
                rated-is-posted: USD: rated 36.304 = revenue 36.304
                no-cent-lost: USD: rated 36.304 = credits 20 + invoiced 16.3 + accrued 0 + rounding 0.004
                monthly-cost: USD: 3 monthly costs: cost 36.304 = credits 20 + accrued 16.304
                grants: USD: 3 grants: granted 33 = used and expired 25 + left 8
                expired-grants: 1 grants will expire, 0 should have
                accrued-balance: USD: ACCRUED 0 = accrued in periods without an invoice 0
                general-ledger: USD: debits = credits = 89.012
                journals: 0 journals, and no month is closed
                invoice-postings: USD: 3 invoices of 17.50, of which tax 1.20, less settled 7.20
                receivable-balance: USD: RECEIVABLE 10.3 = open 10.00 + carried 0.30
                carried: USD: 3 invoices: carried in 0, carried forward 0.30
                invoice-totals: USD: 3 invoices: lines 36.30 = subtotals 36.30, totals 17.50
                taxes: USD: 1.20 charged, 0 returned
                tax-sources: 0 taxes by an answer of VIES, 0 by Stripe Tax
                taxes-in-local-currency: no tax is due in another currency than that of its invoice
                tax-figures: USD: 1.20 charged - 0.00 returned
                invoice-numbers: 2026: 3 invoices, 1 to 3
                one-invoice: 3 invoices for 3 accounts and periods
                settlements: USD: due 17.20 = settled 7.20 + open 10.00
                charged-once: 1 charges that succeeded, 1 payments by card
                confirmed-once: 1 card settlements, 1 confirmations of them
                top-ups: no top-ups
                top-up-documents: no top-ups
                automatic-top-ups: 0 automatic top-ups
                money-in: USD: CASH 15.2 = paid for invoices 7.2 + topped up 8
                settlement-postings: USD: 1 settlements of 7.20
                credit-notes: no credit notes
                refunds: 0 refunds, 0 disputes
                given-back: nothing was credited, refunded or written off
                money-back: nothing went back
                approvals: 0 done by one person (0 where no amount was set), 0 by two, 0 rejected, 0 wait
                account-balance: USD: accounts have 0, and owe 0 for credit that was taken back
                chargeable: 4 accounts, 1 open invoices
                pending-refunds: no refund is under way
                losses: nothing is disputed, lost or written off
                events: 0 events, 0 of them had an effect
                events-due: 0 delivered events wait to be processed, 0 of them for more than a day
                provider-movements: 0 movements of the provider left 0 postings
                bank-lines: 0 lines of bank statements, 0 of them in the books, 0 left out, 0 open
                payments-on-pages: 0 payments on pages are open, 0 of them for too long
                suspension: 1 accounts are suspended, 0 active ones have an unpaid invoice that is not overdue
                held: 0 items are held
                invoice-dates: 3 invoices are due after they were issued
                notices: 2 notices, 1 of them sent
                parts: 0 parts of completed runs
                audit-log: 16 changes in 1 blocks, the last of which is HASH
                events-out: 15 events, 15 of them wait
                reverse-charge: 0 invoices with reverse charge
                archives: 0 archived records, 0 of their files missing or changed
                closed-reports: 0 files of closed months, 0 of them missing or changed
                documents: 3 PDF files, 0 of them missing or changed
                """);
    }

    @Test
    void aRunProvesWhatIsNewAndNotWhatIsOld() {
        verification.ofNew(DECEMBER);
        assertThat(told(verification.ofNew(DECEMBER))).isEqualTo("""
                files-tie-out: 1 files: lines 4 = accepted 4 + duplicates 0 + quarantined 0 + left out 0
                rated-once: metered 0 = rated 0 + not rated yet 0
                rated-is-posted: nothing rated
                monthly-cost: no monthly costs
                expired-grants: 1 grants will expire, 0 should have
                invoice-postings: no invoices
                invoice-totals: no invoices
                taxes: no invoices
                tax-sources: 0 taxes by an answer of VIES, 0 by Stripe Tax
                taxes-in-local-currency: no tax is due in another currency than that of its invoice
                invoice-numbers: 2026: 3 invoices, 1 to 3
                one-invoice: 0 invoices for 0 accounts and periods
                settlements: no invoices
                charged-once: 0 charges that succeeded, 0 payments by card
                confirmed-once: 0 card settlements, 0 confirmations of them
                top-ups: no top-ups
                top-up-documents: no top-ups
                automatic-top-ups: 0 automatic top-ups
                settlement-postings: USD: 1 settlements of 7.20
                events: 0 events, 0 of them had an effect
                suspension: 1 accounts are suspended, 0 active ones have an unpaid invoice that is not overdue
                notices: 2 notices, 1 of them sent
                """);
    }

    /** Dollars and euros do not add up. */
    @Test
    void aFigureOfMoneyIsOfOneCurrency() throws SQLException {
        var checks = books.broken("""
                        update account set currency = 'EUR' where id = 'gamma';
                        update invoice set currency = 'EUR' where account = 'gamma';
                        update posting set currency = 'EUR' where account = 'gamma';
                        update credit_grant set currency = 'EUR' where account = 'gamma';
                        insert into account_payment (reference, account, currency, amount, at)
                        values ('in', 'gamma', 'EUR', 3, now()), ('in-2', 'acme', 'USD', 2, now());
                        insert into account_balance (account, currency, amount) values ('gamma', 'EUR', 3), ('acme', 'USD', 2);
                        insert into posting (at, account, kind, debit, credit, amount, currency, reference)
                        values (now(), 'gamma', 'paid', 'CASH', 'BALANCE', 3, 'EUR', 'ACCOUNT/in'),
                               (now(), 'acme', 'paid', 'CASH', 'BALANCE', 2, 'USD', 'ACCOUNT/in-2')""", verification::run);

        assertThat(checks)
                .filteredOn(check -> List.of(
                                "monthly-cost",
                                "grants",
                                "invoice-postings",
                                "receivable-balance",
                                "carried",
                                "invoice-totals",
                                "taxes",
                                "settlements",
                                "settlement-postings",
                                "account-balance",
                                "money-in")
                        .contains(check.name()))
                .hasSize(11)
                .allMatch(check -> check.holds()
                        && check.figure().startsWith("EUR: ")
                        && check.figure().contains("; USD: "));
        assertThat(checks)
                .filteredOn(check -> check.name().equals("invoice-postings"))
                .extracting(Check::figure)
                .containsExactly("EUR: 1 invoices of 0.30, of which tax 0.00, less settled 0;"
                        + " USD: 2 invoices of 17.20, of which tax 1.20, less settled 7.20");
    }

    @Test
    void anOpenCallIsCounted() throws SQLException {
        var checks = books.broken("""
                        insert into gate_balance (account, held) values ('acme', 0.5), ('beta', 0), ('gamma', 0);
                        insert into gate_authorization (id, account, idempotency_key, product, quantity, billable, proportional,
                                                        price, currency, monthly_limit, status, authorized_at, expires_at)
                        values ('00000000-0000-7000-8000-000000000003', 'acme', 'k', 'text', 50, true, true, 0.5, 'USD', 100,
                                'HELD', '2026-11-09T12:00Z', '2026-11-09T12:15Z')""", verification::run);

        assertThat(checks)
                .filteredOn(check -> check.name().equals("gate-held"))
                .extracting(Check::figure)
                .containsExactly("open calls: 1, of accounts: 1");
    }

    @Test
    void aMarkStaysWhereItIsWhileAnotherTransactionAddsPostings() throws SQLException {
        var mark = "select count(*) from proved";
        var proved = books.jdbc.sql(mark).query(Long.class).single();
        var url = books.database.getConnection().getMetaData().getURL();
        try (var late = DriverManager.getConnection(url, "postgres", "");
                var statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute("lock table posting in row exclusive mode");
            verification.ofNew(DECEMBER);
            assertThat(books.jdbc.sql(mark).query(Long.class).single()).isEqualTo(proved);
            late.rollback();
        }
        verification.ofNew(DECEMBER);
        assertThat(books.jdbc.sql(mark).query(Long.class).single()).isEqualTo(proved + 1);
    }

    @Test
    void aRunFindsWhatIsWrongBehindWhatWasProvedUntilItIsMended() throws SQLException {
        verification.ofNew(DECEMBER);
        var broken = books.broken("""
                        insert into usage_journal (period, account, product, lines)
                        values ('2026-11-01', 'beta', 'text', array[row('2026-11-05', 2, 1, 10, 0.1, 1, 0, 0),
                                                                    row('2026-11-06', null, null, 3, null, 1, 0, 0)]::journal_line[])
                        """, () -> {
            verification.ofNew(DECEMBER);
            return verification.ofNew(DECEMBER);
        });
        assertThat(broken)
                .filteredOn(check -> !check.holds())
                .extracting(Check::name, Check::figure, Check::examples)
                .containsExactly(
                        tuple(
                                "rated-once",
                                "metered 13 = rated 10 + not rated yet 0",
                                List.of("beta, text, 2026-11-06 on the invoice of 2026-11: 3 metered and not rated")),
                        tuple(
                                "rated-is-posted",
                                "USD: rated 0.1 = revenue 0",
                                List.of("beta, 2026-11: rated 0.1 USD, but posted as revenue 0")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("faults")
    void aFaultIsFoundByItsCheckAloneWhichNamesTheRow(String name, String example, String sql) throws SQLException {
        var broken = books.broken(sql, verification::run).stream()
                .filter(check -> !check.holds())
                // It compares with all that the others look at.
                .filter(check -> name.equals("general-ledger") || !check.name().equals("general-ledger"))
                .toList();
        assertThat(broken).extracting(Check::name).containsExactly(name);
        assertThat(broken.getFirst().examples()).contains(example);
        assertThat(broken.getFirst().complaint()).contains(broken.getFirst().rule());
    }

    private static String approval(int id, String amount, String decided) {
        return """
                insert into approval (id, verb, arguments, account, currency, amount, reason, asked_by, asked_at, status,
                                      decided_by, decided_at, credit_grant)
                overriding system value
                values (%d, 'GRANT', '{}', 'acme', 'USD', %s, '', 'anna', now(), %s);
                """.formatted(id, amount, decided);
    }

    private static final String CLOSED =
            "insert into ledger_close (period, version, closed_at, closed_by) values ('2026-10-01', 1, now(), 'finance');";
    private static final String JOURNAL =
            "insert into journal (period, version, written_at) values ('2026-10-01', 1, now());";

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("journals", "2026-10 is closed, and has no journal", CLOSED),
                fault("journals", "REVENUE is 0 USD in the journal, and -36.304 in the ledger", CLOSED + JOURNAL),
                fault(
                        "journals",
                        "REVENUE audio: the lines of journals are 10 USD away from its rounded balance",
                        CLOSED + JOURNAL
                                + "insert into journal_balance select j.id, b.* from journal j, journal_balances_of('2026-10-01', null) b"),
                fault(
                        "files-tie-out",
                        "file 1 (october.ndjson): 7 lines, but 6 accepted, 1 duplicates, 1 quarantined, 0 left out",
                        """
                        alter table usage_file drop constraint usage_file_ties_out, drop constraint usage_file_records;
                        update usage_file set accepted = 6 where id = 1"""),
                fault(
                        "files-tie-out",
                        "file 2 (late.csv): 1 quarantined, but 0 lines are kept of it",
                        "update usage_file set quarantined = 1, accepted = 3 where id = 2"),
                fault(
                        "nothing-dropped",
                        "file 1 (october.ndjson): 6 records were taken of it and 0 released from quarantine, but there are 5 records and 0 corrections",
                        "update usage_file set lines = 8, accepted = 6, records = 6 where id = 1"),
                fault("failed-free", "record a3 of acme (source default, audio) failed, but is billed", """
                        update usage_record set billable = true where failed;
                        insert into usage_journal (period, account, product, lines)
                        values ('2026-10-01', 'acme', 'audio', array[row('2026-10-03', 1, 1, 7, 0, 1, -7, -1)::journal_line])"""),
                fault(
                        "metered-once",
                        "acme, text, 2026-11-01: 20 in 1 records (0 free) were taken in, but 0 in 0 (0 free) are metered",
                        "delete from usage_arrival"),
                fault(
                        "metered-once",
                        "acme, text, 2026-10-06: 50 in 1 records (0 free) were taken in, but 0 in 0 (0 free) are metered",
                        "update usage_void set applied_at = null"),
                fault(
                        "approvals",
                        "approval 1 (GRANT) is DIRECT, but was done 0 times",
                        approval(1, "7", "'DIRECT', null, null, 99")),
                fault(
                        "approvals",
                        "approval 1 is of USD 7 for acme, but USD 20 was given to acme",
                        approval(1, "7", "'DIRECT', null, null, 1")),
                fault(
                        "approvals",
                        "approval 1 (GRANT) is APPROVED, but was done 0 times",
                        "alter table approval drop constraint approval_done_once;"
                                + approval(1, "7", "'APPROVED', 'bob', now(), null")),
                fault(
                        "approvals",
                        "approval 1 (GRANT) is REJECTED, but was done",
                        "alter table approval drop constraint approval_done_once;"
                                + approval(1, "20", "'REJECTED', 'bob', now(), 1")),
                fault(
                        "approvals",
                        "approval 1 has no second person: anna asked for it",
                        "alter table approval drop constraint approval_by_another;"
                                + approval(1, "20", "'APPROVED', 'anna', now(), 1")),
                fault(
                        "approvals",
                        "approval 2 is not the only one for what was done",
                        "alter table approval drop constraint approval_credit_grant_key;"
                                + approval(1, "20", "'DIRECT', null, null, 1")
                                + approval(2, "20", "'APPROVED', 'bob', now(), 1")),
                fault(
                        "parts",
                        "run 7 is completed, but its part 8 of charge-invoices is open",
                        PART.formatted("null", "null")),
                fault(
                        "parts",
                        "run 7 is completed, but its part 8 of charge-invoices was done by nobody",
                        PART.formatted("null", "now()")),
                fault(
                        "gate-held",
                        "acme: 1 held, but the open calls add up to 0",
                        "insert into gate_balance (account, held) values ('acme', 1)"),
                fault(
                        "gate-settled",
                        "call 00000000-0000-7000-8000-000000000001 of beta is settled, but left no usage",
                        SETTLED_BY_BETA.formatted(100)),
                fault(
                        "gate-settled",
                        "call 00000000-0000-7000-8000-000000000001 of beta is RELEASED, but its item text is SETTLED",
                        SETTLED_BY_BETA.formatted(100) + """
                        ;
                        insert into gate_authorization (id, call, account, idempotency_key, product, quantity, billable,
                                                        proportional, price, currency, monthly_limit, status, authorized_at,
                                                        expires_at, used, charged)
                        select uuidv7(), id, account, null, product, quantity, billable, proportional, price, currency,
                               monthly_limit, status, authorized_at, expires_at, used, charged
                          from gate_authorization;
                        update gate_authorization
                           set call = id, product = 'audio', status = 'RELEASED', used = null, charged = null
                         where call is null"""),
                fault(
                        "gate-limit",
                        "beta, 2026-10: 10.004 accrued, above the limit of 10",
                        SETTLED_BY_BETA.formatted(10) + """
                        ;
                        update usage_record
                           set source = 'gate', id = '00000000-0000-7000-8000-000000000001'
                         where account = 'beta'"""),
                fault("late-usage", "beta, 2026-11: usage of 2026-09 costs 0, kept as -5", MORE_TAKEN_BACK_THAN_USED),
                fault(
                        "late-usage",
                        "beta, 2026-09: corrections have given back 5 more money than its usage took",
                        MORE_TAKEN_BACK_THAN_USED + """
                        ;
                        insert into usage_journal (period, account, product, lines)
                        values ('2026-11-01', 'beta', 'text', array[row('2026-08-15', 2, 1, 0, 5, 0, 0, 0)::journal_line,
                                                                   row('2026-09-15', 2, 1, 0, -5, 0, 0, 0)::journal_line])"""),
                fault(
                        "late-usage",
                        "beta, 2026-09: 5 was taken back in 2026-11, though the month has no invoice yet",
                        TAKEN_BACK_OF_A_HELD_MONTH),
                fault(
                        "gate-usage",
                        "record b1 of beta has the source gate, but no call of that id was settled: void it",
                        "update usage_record set source = 'gate' where id = 'b1'"),
                fault(
                        "gate-usage",
                        "record 00000000-0000-7000-8000-000000000001 of beta has the source gate, but the call is one of acme:"
                                + " void it",
                        SETTLED_BY_BETA.formatted(100).replace("'beta'", "'acme'") + """
                        ;
                        update usage_record
                           set source = 'gate', id = '00000000-0000-7000-8000-000000000001'
                         where id = 'b1'"""),
                fault(
                        "gate-usage",
                        "the call 00000000-0000-7000-8000-000000000002 of acme was taken back in the name of beta, in line 3 of"
                                + " late.csv",
                        SETTLED_AND_VOIDED + "; update usage_void set account = 'beta'"),
                fault(
                        "own-voice",
                        "a correction of acme in late.csv, line 3, came from a key of the account acme, which can take nothing"
                                + " back: revoke the key, and send the record again under another id",
                        SETTLED_AND_VOIDED + "; update usage_file set reporter = 'acme' where id = 2"),
                fault(
                        "own-voice",
                        "record a1 of acme (source default) was reported by beta: void it",
                        "update usage_file set reporter = 'beta' where id = 1"),
                fault(
                        "own-voice",
                        "record b1 of beta was reported by the account, but has the source account:acme/default: void it",
                        UNNAMED + """
                        update usage_file set reporter = 'beta' where id = 3;
                        update usage_file set lines = 0, duplicates = 0 where id = 3;
                        update usage_file set lines = 6, accepted = 4, records = 4 where id = 1;
                        update usage_file set lines = 1, accepted = 1, records = 1 where id = 3;
                        update usage_record set source = 'account:acme/default', file = 3 where id = 'b1'"""),
                fault(
                        "own-voice",
                        "record b1 of beta has the source account:acme/default, which is for what the account reports, but did"
                                + " not come from a key of it: void it, and send it again under a source of yours",
                        UNNAMED + "update usage_record set source = 'account:acme/default' where id = 'b1'"),
                fault("rated-once", "acme, audio, 2026-10-03 on the invoice of 2026-10: 1 metered and not rated", """
                        insert into usage_journal (period, account, product, lines)
                        values ('2026-10-01', 'acme', 'audio', array[row('2026-10-03', 1, 1, -1, 0, 0, 0, 0),
                                                                     row('2026-10-03', null, null, 1, null, 0, 0, 0)]::journal_line[])"""),
                fault("rated-is-posted", "acme, 2026-10: rated 27 USD, but posted as revenue 26", """
                        insert into usage_journal (period, account, product, lines)
                        values ('2026-10-01', 'acme', 'audio', array[row('2026-10-03', 1, 1, 0, 1, 0, 0, 0)::journal_line]),
                               ('2026-10-01', 'beta', 'text', array[row('2026-10-05', 2, 1, 0, -1, 0, 0, 0)::journal_line])"""),
                fault(
                        "no-cent-lost",
                        "USD: rated 36.304, but credits 20 + invoiced 16.3 + accrued 0 + rounding 0 = 36.3",
                        "update posting set debit = 'BREAKAGE' where debit = 'ROUNDING'"),
                fault(
                        "monthly-cost",
                        "beta, 2026-10: cost 11.004, credits 1, accrued 10.004, but its postings say 10.004, 0, 10.004",
                        "update monthly_cost set cost = cost + 1, credits = credits + 1 where account = 'beta'"),
                fault(
                        "grants",
                        "grant 3 of gamma (TOP_UP): 1 used, but its postings say 0",
                        "update credit_grant set used = 1 where id = 3"),
                fault("grants", "grant 2 of beta (PROMO): 6 used of 5", """
                        alter table credit_grant drop constraint grant_never_below_zero;
                        update credit_grant set used = 6 where id = 2"""),
                fault(
                        "expired-grants",
                        "grant 3 of gamma (TOP_UP) expired on 2026-11-09 with 8 left, which the nightly run for 2026-11-10 did"
                                + " not expire",
                        "update credit_grant set expires_on = '2026-11-09' where id = 3"),
                fault("accrued-balance", "acme: ACCRUED is 1, but its periods without an invoice accrued 0", """
                        insert into posting (at, account, kind, debit, credit, amount, currency)
                        values ('2026-11-02T00:00Z', 'acme', 'x', 'ACCRUED', 'BREAKAGE', 1, 'USD'),
                               ('2026-11-02T00:00Z', 'beta', 'x', 'BREAKAGE', 'ACCRUED', 1, 'USD')"""),
                fault(
                        "invoice-postings",
                        "invoice 2026-000001: total 7.20 less settled 7.20, but RECEIVABLE says 7.2",
                        "update posting set invoice = null where kind = 'paid'"),
                fault(
                        "invoice-postings",
                        "invoice 2026-000001: 7.00 before tax, but 6 accrued in its period: more than rounding",
                        """
                        update invoice set credits = 19, tax = 0.20 where id = 1;
                        update invoice_tax set base = 7.00, tax = 0.20, percent = 2.9 where invoice = 1;
                        update posting set amount = 0.2 where credit = 'TAX';
                        insert into posting (at, account, kind, debit, credit, amount, currency, invoice)
                        values ('2026-11-01T09:00Z', 'acme', 'issued', 'RECEIVABLE', 'ROUNDING', 1, 'USD', 1)"""),
                fault(
                        "receivable-balance",
                        "delta: RECEIVABLE is 3 USD, but its invoices have 0 open and 0 carried",
                        """
                        insert into posting (at, account, kind, debit, credit, amount, currency)
                        values ('2026-11-02T00:00Z', 'delta', 'x', 'RECEIVABLE', 'FUNDING', 3, 'USD')"""),
                fault(
                        "carried",
                        "invoice 2026-000003 of gamma carries in 0.10, but 0 was left of what came before it",
                        "update invoice set carried_in = 0.10, carried_forward = 0.40 where id = 3"),
                fault(
                        "carried",
                        "invoice 2026-000004 of beta carries in 0, but 10.00 was left of what came before it",
                        """
                        insert into settlement (invoice, kind, amount, reference, at)
                        values (2, 'CARRIED', 10.00, '2026-000002/1', '2026-11-01T09:00Z');
                        update account set status = 'ACTIVE' where id = 'beta';
                        update invoice set status = 'PAID' where id = 2;
                        update payment_intent set status = 'CANCELED' where invoice = 2;
                        update invoice_series set last_number = 4;
                        insert into invoice (account, period, currency, customer, issued_on, due_on, tax_point, subtotal, credits, tax, total,
                                             amount_due, year, number, status)
                        values ('beta', '2026-11-01', 'USD', '{}', '2026-12-01', '2026-12-08', '2026-11-30', 0.00, 0.00, 0.00, 0.00, 0.00, 2026,
                                '2026-000004', 'PAID');
                        insert into outgoing_event (account, type, occurred_at, data)
                        values ('beta', 'invoice.issued', now(), '{"period": "2026-11", "currency": "USD"}');
                        insert into invoice_document (invoice, file, sha256, bytes)
                        select 4, file, sha256, bytes from invoice_document where invoice = 2"""),
                fault(
                        "events-out",
                        "invoice 2026-000002 of beta was issued, and there is no event of it",
                        "delete from outgoing_event where account = 'beta' and type = 'invoice.issued'"),
                fault("events-out", "beta is suspended, but was told as ALLOWED", """
                        update outgoing_event set position = n, state = 'WAITING';
                        update outgoing_event set access = 'ALLOWED' where account = 'beta' and type = 'invoice.issued';
                        insert into told_access values ('beta', 'ALLOWED')"""),
                fault(
                        "events-out",
                        "acme was told as PAYMENT_REQUIRED, but its last event about access says nothing",
                        "insert into told_access values ('acme', 'PAYMENT_REQUIRED')"),
                fault(
                        "events-out",
                        "the feed ends at 7, but has 1 events",
                        "update outgoing_event set position = 7, state = 'WAITING' where n = 1"),
                fault(
                        "chargeable",
                        "gamma is billed in XAU, which cannot be charged (it is a precious metal, not money that can be paid):"
                                + " import it under another id, in another currency",
                        "update account set currency = 'XAU' where id = 'gamma'"),
                fault(
                        "chargeable",
                        "gamma is billed in ZZZ, which cannot be charged (it is no currency): import it under another id, in"
                                + " another currency",
                        "update account set currency = 'ZZZ' where id = 'gamma'"),
                fault(
                        "chargeable",
                        "invoice 2026-000002 of beta: 10000000010.00 USD is due, more than can be charged: void the usage that is"
                                + " wrong, and credit the invoice",
                        """
                        insert into posting (at, account, kind, debit, credit, amount, currency, period, invoice)
                        values ('2026-11-01T08:00Z', 'beta', 'accrued', 'ACCRUED', 'REVENUE', 10000000000, 'USD', '2026-10-01', null),
                               ('2026-11-01T09:00Z', 'beta', 'invoiced', 'RECEIVABLE', 'ACCRUED', 10000000000, 'USD', '2026-10-01', 2);
                        update invoice_line set amount = 10000000010.00 where invoice = 2;
                        update invoice_tax set base = 10000000010.00 where invoice = 2;
                        update invoice set subtotal = 10000000010.00, total = 10000000010.00, amount_due = 10000000010.00 where id = 2;
                        update monthly_cost set cost = 10000000010.004, accrued = 10000000010.004 where account = 'beta';
                        update usage_record set quantity = 1000000001000.4 where id = 'b1';
                        update usage_journal
                           set lines = array[row('2026-10-05', 2, 1, 1000000001000.4, 10000000010.004, 1, 0, 0)::journal_line]
                         where account = 'beta'"""),
                fault(
                        "reverse-charge",
                        "invoice 2026-000003 of gamma: no tax is charged, but 'n/a' is not a tax id of DE: credit it, and correct"
                                + " the account",
                        """
                        update invoice_tax set category = 'AE' where invoice = 3;
                        update invoice set customer = '{"taxId": "n/a", "address": {"country": "DE"}}' where id = 3"""),
                fault(
                        "taxes",
                        "invoice 2026-000001: tax 1.20 is not 19 % of 6.00",
                        "update invoice_tax set percent = 19 where invoice = 1"),
                fault("taxes", "invoice 2026-000002: a tax is of 9.00, but the lines that bear it are 10.00", """
                        insert into invoice_tax (invoice, position, category, name, percent, base, tax)
                        values (2, 2, 'G', '', 0, 1.00, 0);
                        update invoice_tax set base = 9.00 where invoice = 2 and position = 1"""),
                fault(
                        "taxes",
                        "invoice 2026-000001: its taxes are 1.20 on 6.01, but it bills 6.00 with tax 1.20",
                        "update invoice_tax set base = 6.01 where invoice = 1"),
                fault(
                        "taxes-in-local-currency",
                        "invoice 2026-000001: tax 1.20 USD is not 1.03 EUR",
                        RATES + LOCAL.formatted("1.03", "1.1712", "2026-10-30")),
                fault(
                        "taxes-in-local-currency",
                        "invoice 2026-000001: 1.1 USD and 1 EUR for one euro are not the rates of 2026-10-30, or these not those"
                                + " of the week up to 2026-10-31",
                        RATES + LOCAL.formatted("1.09", "1.1", "2026-10-30")),
                fault(
                        "taxes-in-local-currency",
                        "invoice 2026-000001: 1.1712 USD and 1 EUR for one euro are not the rates of 2026-10-23, or these not those"
                                + " of the week up to 2026-10-31",
                        RATES + LOCAL.formatted("1.02", "1.1712", "2026-10-23")),
                fault(
                        "taxes-in-local-currency",
                        "invoice 2026-000001: of 1 credit notes 0 return their tax in EUR",
                        RATES
                                + LOCAL.formatted("1.02", "1.1712", "2026-10-30")
                                + CREDIT_NOTE
                                + RETURNED.formatted("null")),
                fault(
                        "taxes-in-local-currency",
                        "invoice 2026-000001: of 1 credit notes 1 return their tax in another currency, which it has none in",
                        CREDIT_NOTE + RETURNED.formatted("0.17")),
                fault(
                        "taxes-in-local-currency",
                        "invoice 2026-000001: what credit notes return, 0.20 USD, is not 0.18 EUR",
                        RATES
                                + LOCAL.formatted("1.02", "1.1712", "2026-10-30")
                                + CREDIT_NOTE
                                + RETURNED.formatted("0.18")),
                fault("taxes", "credit note CN-2026-000001: its taxes are 0 of 0, but its tax is 0.20", CREDIT_NOTE),
                fault("taxes", "invoice 2026-000001: credit notes return 0.20 of a tax of 0.10", CREDIT_NOTE + """
                                ; insert into credit_note_tax (credit_note, invoice, tax, base, amount) values (1, 1, 1, 1.00, 0.20);
                                update invoice_tax set base = 0.50, tax = 0.10 where invoice = 1;
                                insert into invoice_tax (invoice, position, category, name, percent, base, tax)
                                values (1, 2, 'S', 'VAT', 20, 5.50, 1.10)"""),
                fault(
                        "tax-sources",
                        "invoice 2026-000001: a tax (S) is said to follow from WAPI7, and no such answer is kept",
                        "update invoice_tax set evidence = 'WAPI7' where invoice = 1"),
                fault(
                        "tax-sources",
                        "invoice 2026-000001: a tax (S) is said to follow from WAPI7, and no such answer is kept",
                        """
                        insert into vies_answer (tax_id, requester, answer, consultation, at)
                        values ('DE129273398', 'SE556677889901', 'YES', 'WAPI7', now());
                        update invoice_tax set evidence = 'WAPI7' where invoice = 1"""),
                fault(
                        "tax-sources",
                        "invoice 2026-000001: a tax (S) is said to follow from VIES answer 1, and no such answer is kept",
                        """
                        insert into vies_answer (tax_id, requester, answer, silence, at)
                        values ('DE129273398', 'SE556677889901', 'SILENT', 'TIMEOUT', now());
                        update invoice_tax set evidence = 'VIES answer 1' where invoice = 1"""),
                fault("tax-figures", "USD of 2026-10: tax of 0.00 is reported, but the documents have 1.20", """
                        alter view report_tax rename to all_taxes;
                        create view report_tax as select * from all_taxes where tax = 0"""),
                fault("tax-figures", "2026-000001: a tax of 1.20 USD is of no country", """
                        update invoice set customer = '{"address": {}}' where id = 1"""),
                fault(
                        "tax-sources",
                        "invoice 2026-000001: a tax (S) is said to be calculated by taxcalc_1, and no such answer is kept",
                        "update invoice_tax set evidence = 'taxcalc_1' where invoice = 1"),
                fault(
                        "tax-sources",
                        "invoice 2026-000001: its tax is 1.20 on 6.00, but Stripe calculated 1.19 on 6.00 (taxcalc_1)",
                        CALCULATED.formatted("600", "119")),
                fault(
                        "tax-sources",
                        "invoice 2026-000001: its tax is 1.20 on 6.00, but Stripe calculated 1.20 on 6.01 (taxcalc_1)",
                        CALCULATED.formatted("601", "120")),
                fault(
                        "invoice-totals",
                        "invoice 2026-000001: subtotal 26.00, but its lines add up to 25.99",
                        "update invoice_line set amount = 9.99 where invoice = 1 and position = 1"),
                fault(
                        "invoice-numbers",
                        "2026: 3 invoices with 3 numbers from 1 to 3, but the series is at 4",
                        "update invoice_series set last_number = 4"),
                fault(
                        "invoice-numbers",
                        "2026: 3 invoices with 3 numbers from 1 to 4, but the series is at 3",
                        "update invoice set number = '2026-000004' where id = 2"),
                fault("one-invoice", "beta has 2 invoices for 2026-10 in USD: 2026-000002, draft", """
                        alter table invoice drop constraint invoice_account_period_currency_key;
                        insert into invoice (account, period, currency, customer, issued_on, due_on, tax_point, subtotal, credits, tax,
                                             total, amount_due)
                        values ('beta', '2026-10-01', 'USD', '{}', '2026-11-01', '2026-11-08', '2026-10-31', 0, 0, 0, 0, 0)"""),
                fault("settlements", "invoice 2026-000002 is PAID with 10.00 open", """
                        update invoice set status = 'PAID' where id = 2;
                        update account set status = 'ACTIVE' where id = 'beta'"""),
                fault(
                        "charged-once",
                        "invoice 2026-000001 was charged 7.19, but 7.20 is settled",
                        "update payment_attempt set amount_minor = 719 where invoice = 1"),
                fault("charged-once", "invoice 2026-000001 was charged 2 times", """
                        drop index payment_attempt_one_success;
                        insert into payment_attempt (invoice, n, intent, status, payment_method, amount_minor, currency,
                                                     claimed_at, resolved_at)
                        values (1, 2, 1, 'SUCCEEDED', 'pm_1', 720, 'USD', '2026-11-02T00:00Z', '2026-11-02T00:00Z')"""),
                fault(
                        "confirmed-once",
                        "invoice 2026-000001 has 1 card settlements, but 0 confirmations",
                        "delete from notice where kind = 'payment-succeeded'"),
                fault(
                        "top-ups",
                        "top-up r of gamma: USD 9 was charged, but its grant is of USD 8",
                        BOUGHT_BY_GAMMA.formatted(9)),
                fault(
                        "top-ups",
                        "top-up r of gamma: 8 was charged, but CASH has 0 of it",
                        BOUGHT_BY_GAMMA.formatted(8)),
                fault(
                        "top-ups",
                        "top-up r of gamma was confirmed 0 times",
                        BOUGHT_BY_GAMMA.formatted(8)
                                + "; update posting set reference = '3' where kind = 'granted' and grant_id = 3"),
                fault(
                        "top-up-documents",
                        "top-up r of gamma: 8 and tax of 2 were charged, but its invoice is of 0 and 0",
                        BOUGHT_WITH_TAX
                                + "alter table top_up_document disable trigger all; delete from top_up_document; delete from top_up_series"),
                fault(
                        "top-up-documents",
                        "top-up r of gamma: 8 and tax of 2 were charged, but its invoice is of 8 and 1",
                        BOUGHT_WITH_TAX
                                + "alter table top_up_document disable trigger all; update top_up_document set tax = 1, total = 9"),
                fault(
                        "top-up-documents",
                        "top-up r of gamma: its tax less what was returned is 2, but TAX has 1",
                        BOUGHT_WITH_TAX
                                + "insert into posting (at, account, kind, debit, credit, amount, currency, reference)"
                                + " select now(), account, 'top-up-tax-returned', 'TAX', 'FUNDING', 1, currency, 'TOP_UP/' || id || '/x' from top_up"),
                fault(
                        "top-up-documents",
                        "top-up r of gamma: 0 of 10 went back, but its invoice less credit notes is 5",
                        BOUGHT_WITH_TAX
                                + CREDITED_TO_GAMMA
                                + "; insert into top_up_series values ('CREDIT_NOTE', 2026, 1)"),
                fault(
                        "top-up-documents",
                        "2026: 1 numbers of invoice up to 1 for 1 documents, but the series is at 2",
                        BOUGHT_WITH_TAX + "update top_up_series set last_number = 2"),
                fault(
                        "automatic-top-ups",
                        "top-up r2 of gamma: with it 16 were bought automatically in a month, above 12",
                        """
                        drop index top_up_one_automatic;
                        insert into top_up (account, reference, amount, currency, payment_method, status, claimed_at, automatic_most)
                        values ('gamma', 'r1', 8, 'USD', 'pm_1', 'UNKNOWN', '2026-10-02T00:00Z', 20),
                               ('gamma', 'r2', 8, 'USD', 'pm_1', 'UNKNOWN', '2026-10-03T00:00Z', 12),
                               ('gamma', 'r3', 8, 'USD', 'pm_1', 'UNKNOWN', '2026-11-03T00:00Z', 12)"""),
                fault("money-in", "USD: CASH is 14.2, but 7.2 was paid and 8 topped up", """
                        insert into posting (at, account, kind, debit, credit, amount, currency)
                        values ('2026-11-02T00:00Z', 'delta', 'x', 'FUNDING', 'CASH', 1, 'USD')"""),
                fault("settlement-postings", "invoice 2026-000001: the CARD pi_1 of 7.20 has postings of 0", """
                        update posting set reference = null where kind = 'paid';
                        insert into posting (at, account, kind, debit, credit, amount, currency, reference)
                        values ('2026-11-02T00:00Z', 'delta', 'paid', 'CASH', 'FUNDING', 0.01, 'USD', 'CARD/pi_1'),
                               ('2026-11-02T00:00Z', 'delta', 'x', 'FUNDING', 'CASH', 0.01, 'USD', null)"""),
                fault("settlement-postings", "account acme: the RETURN back of -3 has postings of 0", """
                        insert into account_payment (reference, account, currency, amount, at)
                        values ('in', 'acme', 'USD', 3, '2026-11-02T00:00Z');
                        insert into account_return (reference, account, currency, amount, reason, at)
                        values ('back', 'acme', 'USD', 3, 'paid twice', '2026-11-02T00:00Z');
                        insert into posting (at, account, kind, debit, credit, amount, currency, reference)
                        values ('2026-11-02T00:00Z', 'acme', 'paid', 'CASH', 'BALANCE', 3, 'USD', 'ACCOUNT/in'),
                               ('2026-11-02T00:00Z', 'acme', 'x', 'BALANCE', 'CASH', 3, 'USD', null)"""),
                fault("credit-notes", "2026: 0 credit notes with 0 numbers up to 0, but the series is at 1", """
                        insert into credit_note_series (year, last_number) values (2026, 1)"""),
                fault(
                        "credit-notes",
                        "credit note CN-2026-000001 of 1 with tax 0: 0 is settled, 0 went to the balance,"
                                + " tax of 0 is posted",
                        """
                        insert into credit_note_series (year, last_number) values (2026, 1);
                        insert into credit_note (invoice, year, number, issued_on, amount, tax, settled, reason)
                        values (2, 2026, 'CN-2026-000001', '2026-11-02', 1, 0, 1, 'x')"""),
                fault("refunds", "invoice 2026-000001: the refund re_1 of 2 has moved 0", """
                        insert into refund (invoice, amount, reason, status, stripe_id, claimed_at, resolved_at)
                        values (1, 2, 'x', 'SUCCEEDED', 're_1', now(), '2026-01-01');
                        insert into credit_note_series (year, last_number) values (2026, 1);
                        insert into credit_note (invoice, year, number, issued_on, amount, tax, settled, reason)
                        values (1, 2026, 'CN-2026-000001', '2026-01-01', 2, 0, 0, 'x');
                        insert into posting (at, account, kind, debit, credit, amount, currency, invoice, reference)
                        values (now(), 'acme', 'credited', 'CREDITED', 'BALANCE', 2, 'USD', 1,
                                'CREDIT_NOTE/CN-2026-000001/balance'),
                               (now(), 'acme', 'x', 'BALANCE', 'FUNDING', 2, 'USD', null, null),
                               (now(), 'acme', 'x', 'FUNDING', 'CASH', 2, 'USD', null, null)"""),
                fault(
                        "refunds",
                        "acme: REFUND/re_9 has moved 1, but no refund or dispute of it has: look at it in the provider's"
                                + " dashboard, and run ./postpaid reconcile",
                        """
                        insert into posting (at, account, kind, debit, credit, amount, currency, reference)
                        values (now(), 'acme', 'refunded', 'FUNDING', 'CASH', 1, 'USD', 'REFUND/re_9'),
                               (now(), 'acme', 'x', 'CASH', 'FUNDING', 1, 'USD', null)"""),
                // A credit note of all, and a refund of all beside it.
                fault(
                        "given-back",
                        "invoice 2026-000001 of acme: 7.20 is credited, 0 written off and 7.20 about to be, of 7.20 billed:"
                                + " stop the refund in the provider's dashboard, or agree with the customer",
                        """
                        insert into credit_note_series (year, last_number) values (2026, 1);
                        insert into credit_note (invoice, year, number, issued_on, amount, tax, settled, reason)
                        values (1, 2026, 'CN-2026-000001', '2026-11-02', 7.20, 0, 0, 'x');
                        insert into posting (at, account, kind, debit, credit, amount, currency, invoice, reference)
                        values (now(), 'acme', 'credited', 'CREDITED', 'BALANCE', 7.2, 'USD', 1,
                                'CREDIT_NOTE/CN-2026-000001/balance');
                        insert into account_balance (account, currency, amount) values ('acme', 'USD', 7.2);
                        insert into refund (invoice, amount, reason, status, claimed_at) values (1, 7.20, 'x', 'CLAIMED', now())"""),
                fault(
                        "money-back",
                        "invoice 2026-000001 of acme: 8 was given back of 7.2 paid by card: ask the customer for the"
                                + " difference",
                        """
                        insert into posting (at, account, kind, debit, credit, amount, currency)
                        values (now(), 'acme', 'x', 'FUNDING', 'BALANCE', 8, 'USD'),
                               (now(), 'acme', 'x', 'BALANCE', 'REFUNDS_DUE', 8, 'USD');
                        insert into account_payment (reference, account, currency, amount, at)
                        values ('bank', 'acme', 'USD', 8, '2026-01-01');
                        insert into posting (at, account, kind, debit, credit, amount, currency, reference)
                        values (now(), 'acme', 'paid', 'CASH', 'FUNDING', 8, 'USD', 'ACCOUNT/bank');
                        insert into refund (invoice, amount, taken, reason, status, claimed_at)
                        values (1, 8.00, 8.00, 'x', 'CLAIMED', now())"""),
                fault("account-balance", "acme: its balance is 3 and it owes 0, but the postings say 0 and 0", """
                        insert into account_balance (account, currency, amount) values ('acme', 'USD', 3)"""),
                fault(
                        "account-balance",
                        "acme: the ledger has a balance of 5, but payments, credit notes and refunds make 0",
                        """
                        insert into posting (at, account, kind, debit, credit, amount, currency)
                        values (now(), 'acme', 'x', 'FUNDING', 'BALANCE', 5, 'USD');
                        insert into account_balance (account, currency, amount) values ('acme', 'USD', 5)"""),
                fault("account-balance", "acme: its balance is -1 and it owes 0 USD: neither can be below zero", """
                        alter table account_balance drop constraint account_balance_never_below_zero;
                        insert into account_balance (account, currency, amount) values ('acme', 'USD', -1)"""),
                fault(
                        "pending-refunds",
                        "acme: 0 is set aside for refunds that have no end yet, but REFUNDS_DUE is 2",
                        """
                        insert into posting (at, account, kind, debit, credit, amount, currency)
                        values (now(), 'acme', 'x', 'FUNDING', 'REFUNDS_DUE', 2, 'USD')"""),
                fault(
                        "pending-refunds",
                        "acme: the refund re_1 is PENDING, but the customer was mailed that it was made",
                        """
                        insert into refund (invoice, amount, reason, status, stripe_id, claimed_at)
                        values (1, 2, 'x', 'PENDING', 're_1', now());
                        insert into notice (account, kind, key, recipient, view, message_id, queued_at, next_try_at)
                        values ('acme', 'payment-refunded', '2026-000001/re_1', 'books@acme.test', '{}', 'm9', now(), now())"""),
                fault("losses", "acme: disputed 7.2, lost 0, written off 0, but the ledger has 0, 0 and 0", """
                        insert into dispute (id, invoice, amount, reason, status, opened_at)
                        values ('dp_1', 1, 7.20, 'fraudulent', 'UNDER_REVIEW', '2026-01-01');
                        insert into posting (at, account, kind, debit, credit, amount, currency, reference)
                        values (now(), 'acme', 'disputed', 'FUNDING', 'CASH', 7.20, 'USD', 'DISPUTE/dp_1')"""),
                fault("losses", "beta: disputed 0, lost 0, written off 0, but the ledger has 0, 0 and 4", """
                        insert into posting (at, account, kind, debit, credit, amount, currency)
                        values (now(), 'beta', 'x', 'BAD_DEBT', 'FUNDING', 4, 'USD')"""),
                fault("events", "pi_9: an event has settled it, but no money is booked", """
                        insert into stripe_event (id, type, object, made_at, taken_at, effect)
                        values ('evt_1', 'payment_intent.succeeded', 'pi_9', now(), now(), 'SETTLED')"""),
                fault("events", "pi_1: 2 events had the effect SETTLED", """
                        insert into stripe_event (id, type, object, made_at, taken_at, effect)
                        select 'evt_' || n, 'payment_intent.succeeded', 'pi_1', now(), now(), 'SETTLED'
                          from generate_series(1, 2) n"""),
                fault("provider-movements", "payout txn_1: 5 USD are not booked", """
                        insert into provider_movement (id, kind, type, category, reference, gross, fee, currency, own_amount,
                                                       own_currency, created_at)
                        values ('txn_1', 'payout', 'payout', 'payout', 'po_1', -5, 0, 'USD', -5, 'USD', now())"""),
                fault("provider-movements", "fee txn_2: 0.59 USD moved, and 0.58 USD are booked", """
                        insert into provider_movement (id, kind, type, category, reference, gross, fee, currency, own_amount,
                                                       own_currency, created_at)
                        values ('txn_2', 'CARD', 'charge', 'charge', 'pi_2', 10, 0.59, 'USD', 10, 'USD', now());
                        insert into company_posting (at, kind, debit, credit, amount, currency, reference)
                        values (now(), 'fee', 'PROVIDER_FEES', 'PROVIDER_CLEARING', 0.58, 'USD', 'txn_2')"""),
                fault("provider-movements", "fee txn_3: 0.59 USD are booked, and moved nowhere", """
                        insert into company_posting (at, kind, debit, credit, amount, currency, reference)
                        values (now(), 'fee', 'PROVIDER_FEES', 'PROVIDER_CLEARING', 0.59, 'USD', 'txn_3')"""),
                fault("bank-lines", "line 1 of -2.50 USD is bank b, of which 0 are posted", """
                        insert into bank_file values (repeat('a', 64), 'a.xml', 'CAMT053', now());
                        insert into bank_statement (id, file, account, number, currency) overriding system value
                        values (1, repeat('a', 64), 'FI1', '1', 'USD');
                        insert into bank_line (id, statement, identity, booking, account, booked_on, valued_on, amount, currency, party, text,
                                               reference, bank_reference, charge) overriding system value
                        values (1, 1, 'i', 'b', 'FI1', '2026-11-02', '2026-11-02', -2.50, 'USD', '', '', '', '', true);
                        insert into bank_match values (1, 'bank', 'b', now())"""),
                fault("bank-lines", "line 1 of -2.50 USD is bank b, of which -3 are posted", """
                        insert into bank_file values (repeat('a', 64), 'a.xml', 'CAMT053', now());
                        insert into bank_statement (id, file, account, number, currency) overriding system value
                        values (1, repeat('a', 64), 'FI1', '1', 'USD');
                        insert into bank_line (id, statement, identity, booking, account, booked_on, valued_on, amount, currency, party, text,
                                               reference, bank_reference, charge) overriding system value
                        values (1, 1, 'i', 'b', 'FI1', '2026-11-02', '2026-11-02', -2.50, 'USD', '', '', '', '', true);
                        insert into bank_match values (1, 'bank', 'b', now());
                        insert into company_posting (at, kind, debit, credit, amount, currency, reference)
                        values (now(), 'bank', 'PROVIDER_FEES', 'BANK', 3, 'USD', 'b')"""),
                fault(
                        "payments-on-pages",
                        "the attempt 2 to pay invoice 2026-000002 on a page has no end since 2026-12-02 11:59 UTC: look at"
                                + " it in Stripe's dashboard, and run the nightly job",
                        ATTEMPT_ON_A_PAGE.formatted("2026-12-02 11:59:00Z")),
                fault(
                        "payments-on-pages",
                        "the top-up r of gamma on a page has no end since 2026-12-02 11:59 UTC: look at it in Stripe's"
                                + " dashboard, and run the nightly job",
                        """
                        insert into top_up (account, reference, amount, currency, payment_method, status, return_url, claimed_at)
                        values ('gamma', 'r', 8, 'USD', 'pm', 'UNKNOWN', 'https://pay.test', '2026-12-02 11:59:00Z')"""),
                fault(
                        "payments-on-pages",
                        "the intent pi_9 could still pay invoice 2026-000001, which is settled: it has no end since 2026-11-01"
                                + " 09:00 UTC: look at it in Stripe's dashboard, and run the nightly job",
                        """
                        drop index payment_intent_one;
                        insert into payment_intent (invoice, n, amount_minor, stripe_id) values (1, 2, 720, 'pi_9')"""),
                fault(
                        "events-due",
                        "event evt_1 (payment_intent.succeeded) of 2026-12-02 11:59 UTC is not processed: no nightly run has tried it. Run the nightly job",
                        EVENTS_DUE),
                fault(
                        "events-due",
                        "event evt_1 (payment_intent.succeeded) of 2026-12-02 11:59 UTC is not processed: it says nothing (./postpaid held)."
                                + " Look at it in Stripe's dashboard; the next night tries again,"
                                + " and ./postpaid payments dismiss-event ends one that has no effect on the books",
                        EVENTS_DUE + """
                        ;
                        insert into held (step, item, reason, detail, first_at, last_at, runs)
                        values ('sweep-events', 'event evt_1 payment_intent.succeeded 0 ', 'UNREADABLE', 'it says nothing',
                                '2026-12-03', '2026-12-03', '{1}')"""),
                fault("held", "draft-invoices holds account acme, which is done", """
                        insert into held (step, period, item, account, reason, detail, first_at, last_at, runs)
                        values ('draft-invoices', '2026-10-01', 'account acme', 'acme', 'NO_PRICE', 'no price',
                                '2026-10-02', '2026-10-02', '{1}')"""),
                fault("held", "draft-invoices holds account acme, which has an invoice of 2026-10", """
                        insert into invoice_hold (account, period, reason, detail)
                        values ('acme', '2026-10-01', 'NO_PRICE', 'no price')"""),
                fault("held", "charge-invoices holds invoice 2026-000001, which is done", """
                        insert into held (step, item, reason, detail, first_at, last_at, runs)
                        values ('charge-invoices', 'invoice 2026-000001', 'X', 'x', '2026-10-02', '2026-10-02', '{1}')"""),
                fault(
                        "invoice-dates",
                        "invoice 2026-000002 is due on 2026-10-31, before it was issued on 2026-11-01",
                        "update invoice set due_on = '2026-10-31' where id = 2"),
                fault(
                        "suspension",
                        "gamma is suspended, but has no unpaid invoice",
                        "update account set status = 'SUSPENDED' where id = 'gamma'"),
                fault(
                        "suspension",
                        "beta is active, but has an invoice of 2026-11-01 that is unpaid",
                        "update account set status = 'ACTIVE' where id = 'beta'"),
                fault(
                        "suspension",
                        "beta is suspended, but its oldest unpaid invoice is of 2026-11-09, which is not overdue",
                        "update invoice set issued_on = '2026-11-09', due_on = '2026-11-16' where id = 2"),
                fault(
                        "notices",
                        "the notice payment-failed of 2026-000002/1 to books@beta.test is there 2 times, sent 1 times",
                        """
                        alter table notice drop constraint notice_kind_key_recipient_key;
                        insert into notice (account, kind, key, recipient, view, status, message_id, queued_at, next_try_at,
                                            sent_at, tries)
                        values ('beta', 'payment-failed', '2026-000002/1', 'books@beta.test', '{}', 'SENT', 'm3',
                                '2026-11-02T00:00Z', '2026-11-02T00:00Z', '2026-11-02T00:00Z', 1)"""),
                fault(
                        "documents",
                        "invoice 2026-000002 has no document",
                        "delete from invoice_document where invoice = 2"),
                fault(
                        "documents",
                        "invoice 2026-000002: the file " + folder.resolve("documents/gone.pdf") + " is missing",
                        "update invoice_document set file = 'gone.pdf' where invoice = 2"));
    }

    @Test
    void aPdfThatWasChangedIsFound() throws IOException {
        var pdf = home.documents().resolve("2026-000003.pdf");
        Files.writeString(pdf, "Gamma");
        try {
            var documents = verification.run().getLast();
            assertThat(documents.holds()).isFalse();
            assertThat(documents.examples()).hasSize(1);
            assertThat(documents.examples().getFirst())
                    .startsWith("invoice 2026-000003: the file " + pdf + " has the SHA-256 ");
        } finally {
            Files.writeString(pdf, "gamma");
        }
    }

    private static Arguments fault(String name, String example, String sql) {
        return Arguments.of(name, example, sql);
    }

    private static String told(List<Check> checks) {
        return checks.stream()
                .map(check -> check.name() + (check.holds() ? ": " : " is broken: ") + check.figure())
                .map(line -> line.replaceAll("[0-9a-f]{64}", "HASH"))
                .collect(joining("\n", "", "\n"));
    }
}
