package io.postpaid.keeping;

import io.postpaid.books.report.Check;
import io.postpaid.books.report.Proofs;
import io.postpaid.platform.audit.WhoActs;
import io.postpaid.platform.calendar.BillingClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.stereotype.Component;

/**
 * Makes an installation of a backup, in a database and a POSTPAID_HOME that have nothing yet. All hashes are looked at before
 * anything is written; all rows come in one transaction, whose end checks each foreign key anew.
 */
@Component
public class Restore {
    private static final Pattern MONTH = Pattern.compile("usage_record_(\\d{4}_\\d{2})");
    /**
     * Idempotency keys at the provider have ids in them. What was made after the backup had the next ones, and nothing else may
     * ever have them: the restored database goes on far behind. How far tells the time since the backup, in milliseconds, so
     * that the same backup restored later again is behind what was made meanwhile.
     */
    private static final long IDS_LOST = 1_000_000;

    private static final List<String> ELSEWHERE =
            List.of("invoice_id_seq", "top_up_id_seq", "refund_id_seq", "payment_attempt_id_seq");

    private final DataSource database;
    private final HomeFiles files;
    private final Proofs proofs;
    private final WhoActs who;
    private final BillingClock clock;

    Restore(DataSource database, HomeFiles files, Proofs proofs, WhoActs who, BillingClock clock) {
        this.database = database;
        this.files = files;
        this.proofs = proofs;
        this.who = who;
        this.clock = clock;
    }

    /** What was restored, and whether its books hold. */
    public record Restored(Instant takenAt, String schema, int tables, long rows, long files, List<Check> checks) {
        public boolean holds() {
            return checks.stream().allMatch(Check::holds);
        }
    }

    /**
     * @param progress is told what was done, in words
     * @throws IllegalArgumentException if the folder has no whole backup, or this installation has something already
     */
    public Restored from(Path folder, Consumer<String> progress) throws IOException, SQLException {
        var manifest = Manifest.read(folder);
        mustBeKnown(manifest);
        mustBeNew();
        mustHaveTablesOf(manifest);
        check(folder, manifest, progress);
        try (var session = database.getConnection()) {
            session.setAutoCommit(false);
            try {
                load(session, folder, manifest, progress);
                hold(session, manifest);
                files.restore(folder, bytes -> {});
                progress.accept(manifest.files().count() + " files");
                session.commit();
            } finally {
                session.rollback();
                session.setAutoCommit(true);
            }
        }
        Flyway.configure().dataSource(database).load().migrate();
        progress.accept("checking the books");
        return new Restored(
                manifest.takenAt(),
                manifest.schema(),
                manifest.tables().size(),
                manifest.rows(),
                manifest.files().count(),
                proofs.prove());
    }

    /** Migrations of a version that this one does not know, or knows otherwise, would make other tables. */
    private void mustBeKnown(Manifest manifest) throws SQLException {
        try (var session = database.getConnection()) {
            var known = new Schema(session).migrations();
            manifest.migrations().forEach((version, checksum) -> {
                if (!checksum.equals(known.get(version)))
                    throw new IllegalArgumentException("The backup was made by Postpaid "
                            + manifest.application() + ", whose tables this version (" + Backup.version()
                            + ") does not know: migration " + version
                            + " is another one. Restore with the version that made it, then upgrade");
            });
        }
    }

    private void mustBeNew() throws IOException, SQLException {
        try (var session = database.getConnection()) {
            mustBeNew(new Schema(session));
        }
        var there = files.any();
        if (there.isPresent()) {
            throw new IllegalArgumentException(
                    "POSTPAID_HOME has files already, such as " + there.get() + ": set another one, which is empty");
        }
    }

    private static void mustBeNew(Schema schema) {
        if (schema.used()) {
            throw new IllegalArgumentException("The database has something already, and nothing of it is removed:"
                    + " restore into a new one, named by SPRING_DATASOURCE_URL, or by another POSTPAID_HOME");
        }
    }

    private void check(Path folder, Manifest manifest, Consumer<String> progress) throws IOException {
        for (var table : manifest.tables()) {
            var file = table.in(folder);
            if (!Files.exists(file) || !Hashed.of(file).equals(table.sha256())) throw Manifest.damaged(file);
        }
        files.check(folder, manifest, bytes -> {});
        progress.accept("all hashes are as they were written");
    }

    /**
     * The version whose tables the application must start with: what is newer comes when the rows are there. Empty where there is
     * no backup, which is told later.
     */
    public static Optional<String> schemaOf(Path folder) {
        try {
            return Optional.of(Manifest.read(folder).schema());
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Tables are never taken away: other things may be in the same database. */
    private void mustHaveTablesOf(Manifest manifest) throws SQLException {
        try (var session = database.getConnection()) {
            var version = new Schema(session).version();
            if (!version.equals(manifest.schema())) {
                throw new IllegalArgumentException("The database has the tables of migration " + version
                        + " already, and the backup those of " + manifest.schema()
                        + ": restore into a database that was never used");
            }
        }
    }

    private void load(Connection session, Path folder, Manifest manifest, Consumer<String> progress)
            throws IOException, SQLException {
        var schema = new Schema(session);
        schema.waitLong();
        for (var table : manifest.tables()) {
            var month = MONTH.matcher(table.name());
            if (month.matches()) schema.makeMonth(month.group(1));
        }
        var tables = schema.tables();
        var keys = schema.foreignKeys();
        schema.triggers(tables, false);
        keys.forEach(schema::drop);
        // From here on nobody writes; somebody may have begun to since the first look.
        mustBeNew(schema);
        schema.empty(tables);
        for (var table : manifest.tables()) {
            load(session, folder, table);
            progress.accept(table.name() + ": " + table.rows() + " rows");
        }
        manifest.sequences().forEach(schema::advance);
        long lost = IDS_LOST
                + Math.max(
                        0, Duration.between(manifest.takenAt(), clock.instant()).toMillis());
        // Also of what there was none at the time of the backup.
        for (var name : ELSEWHERE) schema.advance(name, manifest.sequences().getOrDefault(name, 0L) + lost);
        keys.forEach(schema::add);
        schema.triggers(tables, true);
    }

    private static void load(Connection session, Path folder, Manifest.Table table) throws IOException, SQLException {
        var into = new Schema.Rows(table.name(), 0, table.columns()).copy("from stdin");
        try (var in = new GZIPInputStream(Files.newInputStream(table.in(folder)), 1 << 16)) {
            long rows = session.unwrap(PGConnection.class).getCopyAPI().copyIn(into, in);
            if (rows != table.rows()) {
                throw new IllegalStateException(
                        table.name() + " has " + rows + " rows in the backup, and had " + table.rows());
            }
        }
    }

    /** In the same transaction: there is no moment in which it could go on. An earlier hold stays as it is. */
    private void hold(Connection session, Manifest manifest) {
        var jdbc = JdbcClient.create(new SingleConnectionDataSource(session, true));
        who.say(jdbc);
        jdbc.sql("""
                        insert into restored (taken_at, restored_at)
                        select :taken_at, greatest(:now::timestamptz, :taken_at::timestamptz, max(restored_at) + interval '1 ms')
                          from restored
                            on conflict ((true)) where lifted_at is null do nothing""")
                .param("taken_at", Timestamp.from(manifest.takenAt()))
                .param("now", Timestamp.from(clock.instant()))
                .update();
    }
}
