package io.postpaid.books.report;

import io.postpaid.account.TaxIds;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.file.Sha256;
import io.postpaid.platform.home.Home;
import io.postpaid.platform.store.DocumentStore;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.NoSuchFileException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Proves the books: every invariant, each in one query that sees one moment of them, and the files of the invoices. */
@Component
public final class Verification {
    private static final LocalDate BEGINNING = LocalDate.of(1, 1, 1);
    private static final int EXAMPLES = 5;
    private static final int FETCHED = 1_000;
    private static final int ASKED_MAX = 20;
    private static final BigDecimal PAUSE_SECONDS = new BigDecimal("0.1");

    private final JdbcClient jdbc;
    private final Home home;
    private final DocumentStore documents;
    private final InstantSource clock;

    Verification(JdbcClient jdbc, Home home, DocumentStore documents, InstantSource clock) {
        this.jdbc = jdbc;
        this.home = home;
        this.documents = documents;
        this.clock = clock;
    }

    /** Every invariant, on all of history. */
    public List<Check> run() {
        var checks = new ArrayList<Check>();
        for (var invariant : Invariant.ALL) checks.add(check(invariant, BEGINNING, BEGINNING, Mark.NONE));
        checks.addAll(List.of(taxIds(), archives(), reports(), documents()));
        return List.copyOf(checks);
    }

    /** Rows of the journal and of the postings, up to which the books were proved. */
    private record Mark(long journal, long posting) {
        static final Mark NONE = new Mark(0, 0);
    }

    /**
     * What costs no more as history grows: the invariants of what is new since the month before a period; those of daily
     * costs behind what was proved before; those of monthly costs since the first period that is not frozen, or the period
     * itself.
     */
    List<Check> ofNew(BillingPeriod period) {
        var since = period.firstDay().minusMonths(1);
        var open = jdbc.sql("""
                        select greatest(:since::date, least(:period::date, coalesce(max(period) + interval '1 month', :since)))::date
                          from billing_period""")
                .param("since", since)
                .param("period", period.firstDay())
                .query(LocalDate.class)
                .single();
        var proved = jdbc.sql(
                        "select coalesce(max(journal), 0) as journal, coalesce(max(posting), 0) as posting from proved")
                .query(Mark.class)
                .single();
        var now = jdbc.sql("""
                        select (select case when is_called then last_value else 0 end from usage_journal_n_seq) as journal,
                               (select coalesce(max(id), 0) from posting) as posting""").query(Mark.class).single();
        var ended = writersHaveEnded();
        var checks = Invariant.ALL.stream()
                .filter(Invariant::nightly)
                .map(invariant -> check(invariant, since, open, proved))
                .toList();
        if (ended && checks.stream().allMatch(Check::holds)) {
            jdbc.sql("insert into proved (journal, posting) values (:journal, :posting)")
                    .param("journal", now.journal())
                    .param("posting", now.posting())
                    .update();
        }
        return checks;
    }

    /**
     * Whether all who were adding rows have ended: a row's number is drawn before its commit, so that a lower one may
     * become visible after a higher one. As long as one has not, the mark stays where it is, and the next run proves more.
     */
    private boolean writersHaveEnded() {
        var writers = writing(null, BigDecimal.ZERO);
        for (int asked = 0; !writers.isEmpty() && asked < ASKED_MAX; asked++) {
            writers = writing(writers, PAUSE_SECONDS);
        }
        return writers.isEmpty();
    }

    /** Transactions that add to the journal or the postings now: all, or which of some still do after a pause. */
    private List<String> writing(@Nullable List<String> among, BigDecimal pauseSeconds) {
        jdbc.sql("select pg_sleep(:pause)").param("pause", pauseSeconds).query().listOfRows();
        return jdbc.sql("""
                        select distinct virtualtransaction
                          from pg_locks
                         where locktype = 'relation' and mode = 'RowExclusiveLock' and granted
                           and pid <> pg_backend_pid()
                           and database = (select oid from pg_database where datname = current_database())
                           and relation in ('posting'::regclass, 'usage_journal'::regclass)
                           and (:among::text[] is null or virtualtransaction = any(:among))""")
                .param("among", among == null ? null : among.toArray(String[]::new))
                .query(String.class)
                .list();
    }

    private Check check(Invariant invariant, LocalDate since, LocalDate open, Mark proved) {
        return jdbc.sql(invariant.proof())
                .param("since", since)
                .param("open", open)
                .param("journal", proved.journal())
                .param("posting", proved.posting())
                .param("now", Timestamp.from(clock.instant()))
                .query((row, i) -> Check.of(
                        invariant.name(),
                        invariant.rule(),
                        Objects.requireNonNull(row.getString("figure")),
                        row.getLong("broken"),
                        List.of((String[]) row.getArray("examples").getArray())))
                .single();
    }

    /** The form of a tax id is known to a library, and not to the database. A credit note corrects such an invoice. */
    private Check taxIds() {
        var found = new AtomicLong();
        var wrong = new ArrayList<String>();
        jdbc.sql("""
                        select i.customer ->> 'taxId' as tax_id, i.customer -> 'address' ->> 'country' as country,
                               count(*) as invoices, min(i.number) as number, min(i.account) as account
                          from invoice_tax t
                          join invoice i on i.id = t.invoice
                         where i.status <> 'DRAFT' and t.category = 'AE' and t.base > 0
                           and not exists (select from credit_note c where c.invoice = i.id)
                         group by 1, 2
                         order by number""").query(row -> {
            found.addAndGet(row.getLong("invoices"));
            var id = Objects.requireNonNullElse(row.getString("tax_id"), "");
            var country = Objects.requireNonNullElse(row.getString("country"), "");
            if (TaxIds.valid(country, id)) return;
            wrong.add(
                    "invoice %s of %s: no tax is charged, but '%s' is not a tax id of %s: credit it, and correct the account"
                            .formatted(row.getString("number"), row.getString("account"), id, country));
        });
        return Check.of(
                "reverse-charge",
                "Only customers with a tax id of the right form owe the tax themselves.",
                "%d invoices with reverse charge".formatted(found.get()),
                wrong.size(),
                wrong.stream().limit(EXAMPLES).toList());
    }

    /** The sums of an archive were entered with its SHA-256: a file that still has it holds what they say. */
    private Check archives() {
        var found = new AtomicLong();
        return files(
                "archives",
                "Each archived month lies in its file, unchanged, and has the records that the books count.",
                "%d archived records, %d of their files missing or changed",
                "select file, sha256, records, summed from verify_archive order by month, part",
                found,
                row -> {
                    found.addAndGet(row.getLong("records"));
                    var path = home.path().resolve("archive").resolve(Objects.requireNonNull(row.getString("file")));
                    return row.getLong("records") == row.getLong("summed")
                            ? fault(() -> Sha256.of(path), row, "the archive " + path, "written")
                            : "the archive %s holds %d records, but its sums count %d"
                                    .formatted(path, row.getLong("records"), row.getLong("summed"));
                });
    }

    private Check reports() {
        var found = new AtomicLong();
        return files(
                "closed-reports",
                "The report of a closed month is the one that it was closed with.",
                "%d files of closed months, %d of them missing or changed",
                """
                select to_char(f.period, 'YYYY-MM') as month, f.file, f.sha256
                  from ledger_close_file f
                  join ledger_close c using (period, version)
                 where not exists (select from ledger_reopening r where r.period = c.period and r.version = c.version)
                 order by f.period, f.file
                """,
                found,
                row -> {
                    found.incrementAndGet();
                    var path = home.reports().resolve(row.getString("month")).resolve(row.getString("file"));
                    return fault(
                            () -> Sha256.of(path), row, "the file %s of a closed month".formatted(path), "written");
                });
    }

    private Check documents() {
        var found = new AtomicLong();
        return files(
                "documents",
                "Each issued invoice has its PDF, and the PDF of an invoice or a credit note is the one that was issued.",
                "%d PDF files, %d of them missing or changed",
                "select document, file, sha256 from verify_document order by document",
                found,
                row -> {
                    found.incrementAndGet();
                    var document = row.getString("document");
                    var file = row.getString("file");
                    if (file == null) return document + " has no document";
                    var name = "%s: the file %s".formatted(document, documents.place(file));
                    return fault(() -> Sha256.of(documents.read(file)), row, name, "issued");
                });
    }

    @FunctionalInterface
    private interface Fault {
        @Nullable
        String of(ResultSet row) throws SQLException;
    }

    private Check files(String name, String rule, String figure, String sql, AtomicLong found, Fault fault) {
        var broken = new AtomicLong();
        var examples = new ArrayList<String>();
        jdbc.sql(sql).withFetchSize(FETCHED).query(row -> {
            var why = fault.of(row);
            if (why != null && broken.incrementAndGet() <= EXAMPLES) examples.add(why);
        });
        return Check.of(name, rule, figure.formatted(found.get(), broken.get()), broken.get(), examples);
    }

    @FunctionalInterface
    private interface Hashed {
        String sha256() throws IOException;
    }

    private static @Nullable String fault(Hashed file, ResultSet row, String name, String made) throws SQLException {
        String sha256;
        try {
            sha256 = file.sha256();
        } catch (NoSuchFileException e) {
            return name + " is missing";
        } catch (IOException e) {
            sha256 = "that cannot be read (" + e + ")";
        }
        return sha256.equals(row.getString("sha256"))
                ? null
                : "%s has the SHA-256 %s, but was %s with %s".formatted(name, sha256, made, row.getString("sha256"));
    }
}
