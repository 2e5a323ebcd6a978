package io.postpaid.books.journal;

import io.postpaid.platform.batch.Column;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.template.TemplateFiles;
import io.postpaid.support.TestDatabase;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A ledger whose entries are what a test says, and the journals of it. */
final class PlantedLedger {
    private static final BillingClock CLOCK = new BillingClock(Instant.parse("2027-02-01T09:30:15.123Z"));

    final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private @Nullable String books;

    PlantedLedger() {
        var database = TestDatabase.createDataSource();
        jdbc = JdbcClient.create(database);
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        jdbc.sql("create table planted as select * from ledger_entry").update();
        jdbc.sql("""
                        create or replace function ledger_entries(from_day date, to_day date)
                        returns table (posted_on date, event text, debit text, credit text, amount numeric, currency text,
                                       customer text, product text, tax_country text, tax_percent numeric, tax_name text,
                                       reference text, posting bigint)
                        language sql stable as $$select * from planted where posted_on between from_day and to_day$$""").update();
    }

    PlantedLedger inBooksOf(@Nullable String currency) {
        books = currency;
        return this;
    }

    /** @param entries lines such as {@code 2026-10-05 usage UNBILLED_RECEIVABLES REVENUE/audio 1.005 USD} */
    PlantedLedger with(String entries) {
        var lines = entries.lines()
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .map(text -> List.of(text.split(" +")))
                .toList();
        jdbc.sql("""
                        insert into planted (posted_on, event, debit, credit, amount, currency, product, tax_country, tax_percent, tax_name)
                        select day::date, event, debit, credit, amount::numeric, currency, product, country, percent::numeric, tax
                          from unnest(:day, :event, :debit, :credit, :amount, :currency, :product, :country, :percent, :tax)
                            as t (day, event, debit, credit, amount, currency, product, country, percent, tax)""")
                .param("day", Column.of(lines, words -> words.get(0)))
                .param("event", Column.of(lines, words -> words.get(1)))
                .param("debit", Column.of(lines, words -> part(words.get(2), 0)))
                .param("credit", Column.of(lines, words -> part(words.get(3), 0)))
                .param("amount", Column.of(lines, words -> words.get(4)))
                .param("currency", Column.of(lines, words -> words.get(5)))
                .param("product", Column.of(lines, words -> detail(words, "REVENUE/", 1)))
                .param("country", Column.of(lines, words -> detail(words, "TAX_PAYABLE/", 1)))
                .param("percent", Column.of(lines, words -> detail(words, "TAX_PAYABLE/", 2)))
                .param("tax", Column.of(lines, words -> detail(words, "TAX_PAYABLE/", 3)))
                .update();
        return this;
    }

    private static @Nullable String detail(List<String> words, String of, int n) {
        return words.subList(2, 4).stream()
                .filter(word -> word.startsWith(of))
                .map(word -> part(word, n))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String part(String word, int n) {
        var parts = word.split("/");
        return parts.length > n ? parts[n] : null;
    }

    /** @param rates lines such as {@code 2026-10-30 USD 1.25}, per euro */
    PlantedLedger rates(String rates) {
        jdbc.sql(
                        "insert into exchange_import (file, added, first_day, last_day) values ('rates', 1, '2026-01-01', '2026-01-01')")
                .update();
        for (var line :
                rates.lines().map(String::strip).filter(text -> !text.isEmpty()).toList()) {
            var words = line.split(" +");
            jdbc.sql(
                            "insert into exchange_rate (day, currency, per_euro, import) select :day, :currency, :rate, max(id) from exchange_import")
                    .param("day", LocalDate.parse(words[0]))
                    .param("currency", words[1])
                    .param("rate", new BigDecimal(words[2]))
                    .update();
        }
        return this;
    }

    Journals journals() {
        return new Journals(new JournalStore(jdbc), new BookCurrency(Objects.requireNonNullElse(books, "")), CLOCK);
    }

    Journal write(String period) {
        return Objects.requireNonNull(transaction.execute(unused -> journals().write(BillingPeriod.parse(period))));
    }

    JournalExport export(TemplateFiles templates) {
        return new JournalExport(new JournalStore(jdbc), templates, CLOCK);
    }

    /** Each line as text: entry, account, what it is of, amount; debits first. */
    List<String> lines(Journal journal) {
        return jdbc.sql("""
                        select concat_ws(' ', entry || '/' || event, account || coalesce('/' || product, '') || coalesce('/' || tax_country || '/' || tax_percent, ''),
                                         debit - credit, currency,
                                         case when book_debit - book_credit <> debit - credit then '= ' || (book_debit - book_credit) end)
                          from booked_line
                         where journal = :journal
                         order by n""").param("journal", journal.id()).query(String.class).list();
    }
}
