package io.postpaid.keeping;

import io.postpaid.keeping.Manifest.Table;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.home.Home;
import io.postpaid.platform.store.DocumentStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.springframework.stereotype.Component;

/**
 * Copies the database as it is at one moment, and then the files under POSTPAID_HOME, into a folder. Others go on working
 * meanwhile: what a row names as a file is written before the row, so that the files that come after have it.
 */
@Component
public class Backup {
    /** Beside what the others do: a backup is not in a hurry. */
    private static final int CONNECTIONS_MAX = 4;

    private final DataSource database;
    private final HomeFiles files;
    private final Home home;
    private final DocumentStore documents;
    private final BillingClock clock;

    Backup(DataSource database, HomeFiles files, Home home, DocumentStore documents, BillingClock clock) {
        this.database = database;
        this.files = files;
        this.home = home;
        this.documents = documents;
        this.clock = clock;
    }

    /** What was backed up. */
    public record Taken(Path folder, Instant at, String schema, int tables, long rows, long files, long bytes) {}

    /**
     * @param folder is made, or empty
     * @param progress is told what was copied, in words
     * @throws IllegalArgumentException if the folder cannot take it
     */
    public Taken to(Path folder, Consumer<String> progress) throws IOException, SQLException {
        var whole = folder.toAbsolutePath().normalize();
        make(whole);
        var manifest = copy(whole, progress);
        manifest.write(whole);
        return new Taken(
                whole,
                manifest.takenAt(),
                manifest.schema(),
                manifest.tables().size(),
                manifest.rows(),
                manifest.files().count(),
                manifest.files().bytes());
    }

    private void make(Path folder) throws IOException {
        if (real(folder).startsWith(real(home.path()))) {
            throw new IllegalArgumentException(
                    folder + " is inside of POSTPAID_HOME, which would be lost together: choose"
                            + " a folder elsewhere, best on another machine");
        }
        if (Files.exists(folder)) {
            try (var entries = Files.newDirectoryStream(folder)) {
                if (entries.iterator().hasNext())
                    throw new IllegalArgumentException(folder + " is not empty: each backup has a folder of its own");
            }
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        } else {
            var parent = folder.getParent();
            if (parent != null) Files.createDirectories(parent);
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Files.createDirectory(folder.resolve("tables"));
        Files.createDirectory(folder.resolve("files"));
    }

    /** Where it lies, whichever links lead there. */
    private static Path real(Path folder) throws IOException {
        var parent = folder.getParent();
        if (Files.exists(folder) || parent == null) return folder.toRealPath();
        return real(parent).resolve(folder.getFileName());
    }

    private Manifest copy(Path folder, Consumer<String> progress) throws IOException, SQLException {
        try (var session = database.getConnection()) {
            session.setAutoCommit(false);
            session.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            session.setReadOnly(true);
            try {
                var schema = new Schema(session);
                // As long as this transaction is open, others see what it sees.
                schema.waitLong();
                var snapshot = schema.exportSnapshot();
                var takenAt = clock.instant();
                var tables = copyTables(snapshot, schema.tables(), folder, progress);
                var sequences = schema.sequences();
                var copied = files.copyTo(folder, link -> progress.accept("left out, since it is a link: " + link));
                if (!documents.place("").startsWith(home.path() + "/")) {
                    progress.accept("left out, since they lie elsewhere: the documents in " + documents.place(""));
                }
                progress.accept(copied.count() + " files of " + copied.bytes() + " bytes");
                return new Manifest(
                        Manifest.FORMAT,
                        version(),
                        schema.version(),
                        schema.migrations(),
                        takenAt,
                        tables,
                        sequences,
                        copied);
            } finally {
                session.rollback();
                session.setReadOnly(false);
                session.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                session.setAutoCommit(true);
            }
        }
    }

    static String version() {
        return Objects.requireNonNullElse(Backup.class.getPackage().getImplementationVersion(), "(unpackaged)");
    }

    private List<Table> copyTables(String snapshot, List<Schema.Rows> rows, Path folder, Consumer<String> progress)
            throws IOException, SQLException {
        // The largest first, so that no connection is left alone with it at the end.
        var todo = new ConcurrentLinkedQueue<>(rows.stream()
                .sorted(Comparator.comparingLong(Schema.Rows::bytes).reversed())
                .toList());
        var done = Collections.synchronizedList(new ArrayList<Table>());
        int connections = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, CONNECTIONS_MAX);
        try (var threads = Executors.newFixedThreadPool(connections)) {
            Callable<Void> copying = () -> {
                copySome(snapshot, todo, folder, table -> {
                    done.add(table);
                    progress.accept(table.name() + ": " + table.rows() + " rows");
                });
                return null;
            };
            var all =
                    threads.invokeAll(Collections.nCopies(connections, copying)).iterator();
            ended(all);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The backup was interrupted", e);
        }
        return done.stream().sorted(Comparator.comparing(Table::name)).toList();
    }

    private static void ended(Iterator<Future<Void>> all) throws IOException, SQLException, InterruptedException {
        while (all.hasNext()) {
            try {
                all.next().get();
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case IOException io -> throw io;
                    case SQLException sql -> throw sql;
                    case RuntimeException failure -> throw failure;
                    case null, default -> throw new IllegalStateException(e);
                }
            }
        }
    }

    private void copySome(String snapshot, ConcurrentLinkedQueue<Schema.Rows> todo, Path folder, Consumer<Table> copied)
            throws IOException, SQLException {
        try (var session = database.getConnection()) {
            session.setAutoCommit(false);
            session.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            try {
                var schema = new Schema(session);
                schema.importSnapshot(snapshot);
                for (var next = todo.poll(); next != null; next = todo.poll()) {
                    copied.accept(copy(session, next, folder));
                }
            } finally {
                session.rollback();
                session.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                session.setAutoCommit(true);
            }
        }
    }

    private static Table copy(Connection session, Schema.Rows table, Path folder) throws IOException, SQLException {
        var digest = Hashed.sha256();
        var kept = new Table(table.name(), table.columns(), 0, "");
        long rows;
        try (var out = new DigestOutputStream(HomeFiles.own(kept.in(folder)), digest);
                var gzip = new Fast(out)) {
            rows = session.unwrap(PGConnection.class).getCopyAPI().copyOut(table.copy("to stdout"), gzip);
        }
        return new Table(table.name(), table.columns(), rows, Hashed.hex(digest));
    }

    /** Half as fast to write with the usual level, for a tenth less to keep. */
    private static final class Fast extends GZIPOutputStream {
        private static final int BUFFER = 1 << 16;

        Fast(DigestOutputStream out) throws IOException {
            super(out, BUFFER);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
