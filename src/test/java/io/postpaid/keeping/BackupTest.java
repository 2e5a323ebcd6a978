package io.postpaid.keeping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.postpaid.support.CommandLine;
import io.postpaid.support.TestApplication;
import io.postpaid.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** Backups on the way, whole ones, and damaged ones. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BackupTest {
    private static final Instant NOW = Instant.parse("2026-11-02T08:00:00Z");

    private TestApplication application;
    private TestApplication other;
    private long written;
    private Path home;
    private Path otherHome;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        home = Files.createDirectories(folder.resolve("home"));
        otherHome = folder.resolve("other");
        application = open(folder.resolve("first"), home);
        other = open(folder.resolve("second"), otherHome);
        Files.createDirectories(home.resolve("inbox/deep"));
        Files.writeString(home.resolve("inbox/deep/ü usage.ndjson"), "{}\n");
        Files.createDirectories(home.resolve("postgres/base"));
        Files.writeString(home.resolve("postgres/base/1"), "the server's own");
        application.jdbc().sql("select usage_record_month(date '2026-10-01')").query(row -> {});
    }

    private static TestApplication open(Path folder, Path home) {
        return new TestApplication(folder, NOW, Map.of("POSTPAID_HOME", home.toString()), new BeanPostProcessor() {});
    }

    @AfterAll
    void stop() {
        application.close();
        other.close();
    }

    @Test
    void whatIsDamagedIsRefusedBeforeAnythingIsWritten(@TempDir Path folder) throws Exception {
        pair();
        var backup = folder.resolve("backup");
        application.get(Backup.class).to(backup, done -> {});
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
                .isEqualTo("rwx------");
        assertThat(backup.resolve("files/postgres")).doesNotExist();
        for (var name : new String[] {
            "manifest.json", "tables/account.copy.gz", "files.tsv.gz", "files/inbox/deep/ü usage.ndjson"
        }) {
            var file = backup.resolve(name);
            var bytes = Files.readAllBytes(file);
            var flipped = bytes.clone();
            flipped[flipped.length / 2] ^= 1;
            Files.write(file, flipped);
            refused(backup, name);
            Files.write(file, bytes);
        }
        Files.move(backup.resolve("manifest.sha256"), folder.resolve("aside"));
        refused(backup, "did not come to its end");
        Files.move(folder.resolve("aside"), backup.resolve("manifest.sha256"));

        assertThat(other.get(Restore.class).from(backup, done -> {}).holds()).isTrue();
        assertThat(otherHome.resolve("inbox/deep/ü usage.ndjson")).hasContent("{}");
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(otherHome.resolve("inbox/deep/ü usage.ndjson"))))
                .isEqualTo("rw-------");
        // What was never refunded before the backup may have been since.
        assertThat(other.jdbc()
                        .sql("select last_value from pg_sequences where sequencename = 'refund_id_seq'")
                        .query(Long.class)
                        .single())
                .isGreaterThanOrEqualTo(1_000_000);
        assertThat(other.jdbc()
                        .sql("select count(*) from account")
                        .query(Long.class)
                        .single())
                .isPositive();
        refused(backup, "has something already");
    }

    private void refused(Path backup, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> other.get(Restore.class).from(backup, done -> {}))
                .withMessageContaining(why);
    }

    @Test
    void aBackupIsOneMomentWhileOthersWrite(@TempDir Path folder) throws Exception {
        for (int n = 0; n < 500; n++) pair();
        // Each table that was copied gives others the time to write: a row here and a row there, in one transaction.
        application.get(Backup.class).to(folder.resolve("backup"), done -> pair());
        var accounts = rows(folder.resolve("backup"), "account");
        assertThat(rows(folder.resolve("backup"), "account_event")).isEqualTo(accounts);
        assertThat(written).isGreaterThan(accounts);
    }

    @Test
    void aLinkRightUnderHomeIsAnotherDiskAndDeeperOnesAreLeftOut(@TempDir Path folder) throws Exception {
        var disk = Files.createDirectories(folder.resolve("disk/2026"));
        Files.writeString(disk.resolve("archived.parquet"), "archived");
        var secret = Files.writeString(folder.resolve("secret"), "only the operator's");
        var archive = Files.createSymbolicLink(home.resolve("archive"), folder.resolve("disk"));
        var sneaked = Files.createSymbolicLink(home.resolve("inbox/sneak.ndjson"), secret);
        var told = new CopyOnWriteArrayList<String>();
        try {
            application.get(Backup.class).to(folder.resolve("backup"), told::add);
            assertThat(folder.resolve("backup/files/archive/2026/archived.parquet"))
                    .hasContent("archived");
            assertThat(folder.resolve("backup/files/inbox/sneak.ndjson")).doesNotExist();
            assertThat(told).contains("left out, since it is a link: " + sneaked);
            var inside = Files.createSymbolicLink(folder.resolve("aside"), home).resolve("inbox/backup");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> application.get(Backup.class).to(inside, done -> {}))
                    .withMessageContaining("is inside of POSTPAID_HOME");
        } finally {
            Files.delete(archive);
            Files.delete(sneaked);
        }
    }

    private synchronized void pair() {
        written = application.jdbc().sql("""
                        with made as (
                            insert into account (id, name, email, currency, monthly_limit, free_credit, created_on)
                            select 'a' || count(*), 'A', 'a@a.test', 'USD', 100, 0, date '2026-01-01' from account
                            returning id
                        ), told as (
                            insert into account_event (account, at, event, detail) select id, now(), 'X', 'x' from made
                        )
                        select count(*) + 1 from account""").query(Long.class).single();
    }

    private static long rows(Path backup, String table) throws IOException {
        return Manifest.read(backup).tables().stream()
                .filter(one -> one.name().equals(table))
                .findFirst()
                .orElseThrow()
                .rows();
    }

    @Test
    void aBackupOfAnEarlierVersionIsMigrated(@TempDir Path folder) throws Exception {
        var backup = folder.resolve("backup");
        var earlier = Map.of(
                "POSTPAID_HOME", folder.resolve("home").toString(),
                "spring.datasource.url", TestDatabase.createEmpty(),
                "spring.flyway.target", "43");
        try (var before = new TestApplication(folder.resolve("before"), NOW, earlier, new BeanPostProcessor() {})) {
            assertThat(before.jdbc()
                            .sql("select count(*) from account")
                            .query(Long.class)
                            .single())
                    .isZero();
            before.get(Backup.class).to(backup, done -> {});
        }
        assertThat(Manifest.read(backup).schema()).isEqualTo("043");
        var used = new CommandLine(folder.resolve("used")).at(NOW.toString()).run("restore", backup.toString());
        assertThat(used.exitCode()).isEqualTo(1);
        assertThat(used.err()).contains("restore into a database that was never used");
        new CommandLine(folder.resolve("after"))
                .with("spring.datasource.url", TestDatabase.createEmpty())
                .at(NOW.toString())
                .must("restore", backup.toString());
    }

    @Test
    void aFolderThatIsInUseOrWouldBeLostTogetherIsRefused(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("something"), "");
        var backup = application.get(Backup.class);
        assertThatIllegalArgumentException().isThrownBy(() -> backup.to(folder, done -> {}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> backup.to(home.resolve("backups"), done -> {}))
                .withMessageContaining("inside of POSTPAID_HOME");
    }
}
