package io.postpaid.books.journal;

import io.postpaid.books.ledger.GeneralAccount;
import io.postpaid.platform.calendar.BillingPeriod;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Journals as rows. */
@Component
class JournalStore {
    private static final String[] MONETARY = Arrays.stream(GeneralAccount.values())
            .filter(GeneralAccount::monetary)
            .map(Enum::name)
            .toArray(String[]::new);

    private final JdbcClient jdbc;

    JournalStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** One journal is written after the other. */
    void lock() {
        jdbc.sql("select pg_advisory_xact_lock('journal'::regclass::oid::bigint)")
                .query()
                .listOfRows();
    }

    /** @return its id */
    long add(BillingPeriod period, Instant at, @Nullable String book) {
        return jdbc.sql("""
                        insert into journal (period, version, written_at, book_currency)
                        select :period, coalesce(max(version), 0) + 1, :at, :book from journal where period = :period
                        returning id""")
                .param("period", period.firstDay())
                .param("at", Timestamp.from(at))
                .param("book", book)
                .query(Long.class)
                .single();
    }

    /** What the ledger says at the end of the journal's month, and what of that no journal has yet. */
    void addLines(long journal, BillingPeriod period, @Nullable String book) {
        jdbc.sql("""
                        insert into journal_balance (journal, event, account, product, tax_country, tax_percent, tax_name, currency,
                                                     amount, in_books)
                        select :journal, event, account, product, tax_country, tax_percent, tax_name, currency, amount, in_books
                          from journal_balances_of(:period, :book)""")
                .param("journal", journal)
                .param("period", period.firstDay())
                .param("book", book)
                .update();
        jdbc.sql("""
                        insert into booked_line (journal, n, entry, event, account, product, tax_country, tax_percent, tax_name,
                                                 currency, debit, credit, book_debit, book_credit)
                        select :journal,
                               row_number() over (order by event, currency, in_books <= 0, account, product, tax_country, tax_percent, tax_name),
                               dense_rank() over (order by event, currency),
                               event, account, product, tax_country, tax_percent, tax_name, currency,
                               greatest(amount, 0), greatest(-amount, 0), greatest(in_books, 0), greatest(-in_books, 0)
                          from journal_differences(:journal, :monetary)""").param("journal", journal).param("monetary", MONETARY).update();
    }

    List<MissingRates> missing(BillingPeriod period, String book) {
        return jdbc.sql("""
                        select currency, :book as into, first, last, days
                          from journal_missing_rates(:period, :book, :monetary)
                         order by currency""")
                .param("period", period.firstDay())
                .param("book", book)
                .param("monetary", MONETARY)
                .query(MissingRates.class)
                .list();
    }

    /** All, or those of a period, the first that was written before the others. */
    List<Journal> journals(@Nullable BillingPeriod period) {
        return jdbc.sql("""
                        select j.id, j.period, j.version, j.written_at, j.book_currency,
                               count(distinct l.entry) as entries, count(l.n) as lines
                          from journal j
                          left join booked_line l on l.journal = j.id
                         where cast(:period as date) is null or j.period = :period
                         group by j.id
                         order by j.id""")
                .param("period", period == null ? null : period.firstDay())
                .query((row, i) -> journal(row, sums(row.getLong("id"))))
                .list();
    }

    private SortedMap<String, BigDecimal> sums(long journal) {
        var sums = new TreeMap<String, BigDecimal>();
        jdbc.sql("""
                        select coalesce(j.book_currency, l.currency) as currency, sum(l.book_debit) as amount
                          from journal j
                          join booked_line l on l.journal = j.id
                         where j.id = :journal
                         group by 1""").param("journal", journal).query(row -> {
            sums.put(row.getString("currency"), row.getBigDecimal("amount"));
        });
        return sums;
    }

    private static Journal journal(ResultSet row, SortedMap<String, BigDecimal> sums) throws SQLException {
        return new Journal(
                row.getLong("id"),
                BillingPeriod.of(row.getObject("period", LocalDate.class)),
                row.getInt("version"),
                row.getTimestamp("written_at").toInstant(),
                row.getString("book_currency"),
                row.getInt("entries"),
                row.getInt("lines"),
                sums);
    }

    /** In their order; without those that are nothing in the currency of the books. */
    List<JournalLine> lines(Journal journal) {
        return jdbc.sql("""
                        select * from booked_line where journal = :journal and book_debit <> book_credit order by n""")
                .param("journal", journal.id())
                .query((row, i) -> line(row, journal))
                .list();
    }

    private static JournalLine line(ResultSet row, Journal journal) throws SQLException {
        var currency = Objects.requireNonNull(row.getString("currency"));
        return new JournalLine(
                journal.period() + "-" + journal.version() + "-" + row.getInt("entry"),
                journal.date(),
                Objects.requireNonNull(row.getString("event")),
                GeneralAccount.valueOf(row.getString("account")),
                row.getString("product"),
                row.getString("tax_country"),
                row.getBigDecimal("tax_percent"),
                row.getString("tax_name"),
                Objects.requireNonNullElse(journal.bookCurrency(), currency),
                row.getBigDecimal("book_debit").subtract(row.getBigDecimal("book_credit")),
                currency,
                row.getBigDecimal("debit").subtract(row.getBigDecimal("credit")));
    }
}
