package io.postpaid.demo;

import io.postpaid.account.Accounts;
import io.postpaid.platform.home.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Removes what an earlier demo left. */
@Component
class CleanSlate {
    /** Nobody's account may begin with this but the demo's. */
    private static final String PREFIX = "demo-";

    private final Accounts accounts;
    private final Home home;
    private final DataSource database;

    CleanSlate(Accounts accounts, Home home, DataSource database) {
        this.accounts = accounts;
        this.home = home;
        this.database = database;
    }

    /** A demo begins with nothing; what an earlier one left is removed, and nobody else's. */
    void wipe() {
        // The first of them says enough; the others are not kept.
        var other = new AtomicReference<@Nullable String>();
        var any = new AtomicBoolean();
        accounts.each(account -> {
            any.set(true);
            if (!account.id().startsWith(PREFIX)) other.compareAndSet(null, account.id());
        });
        if (other.get() != null) {
            throw new IllegalStateException("This POSTPAID_HOME holds accounts that are not the demo's (" + other.get()
                    + "): set another, such as POSTPAID_HOME=demo-data ./postpaid demo");
        }
        if (!any.get()) return;
        var flyway =
                Flyway.configure().dataSource(database).cleanDisabled(false).load();
        flyway.clean();
        flyway.migrate();
        List.of(home.documents(), home.reports(), home.inbox(), home.sandbox()).forEach(CleanSlate::empty);
    }

    private static void empty(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
