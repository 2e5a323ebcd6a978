package io.postpaid.platform.home;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is kept for a while, with real processes; this one is the commands. */
class KeeperTest {
    private static final Duration SOON = Duration.ofMillis(300);
    private static final Duration LATER = Duration.ofMinutes(5);

    @TempDir
    private Path home;

    private Path programs;
    private List<ProcessHandle> others;

    @BeforeEach
    void linkProgramsThatAreUnpackedAlready() throws IOException {
        assertThat(TestDatabase.create()).isNotEmpty();
        programs = home.resolve("postgres-binaries");
        Files.createSymbolicLink(
                programs, Path.of(System.getProperty("ot.epg.working-dir")).toAbsolutePath());
        others = ProcessHandle.current().children().toList();
    }

    @AfterEach
    void unlinkPrograms() throws IOException {
        Files.delete(programs);
    }

    private void command(Duration keep) throws IOException {
        EmbeddedServer.open(home, keep).close();
    }

    private ProcessHandle server() throws IOException {
        return Objects.requireNonNull(Postmaster.of(home.resolve("postgres"))).process();
    }

    private boolean isDown() throws IOException {
        return Postmaster.of(home.resolve("postgres")) == null;
    }

    private List<ProcessHandle> keepers() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.isAlive() && !others.contains(child))
                .toList();
    }

    private static void ends(ProcessHandle process) {
        assertThat(process.onExit().orTimeout(60, TimeUnit.SECONDS).join().isAlive())
                .isFalse();
    }

    @Test
    void afterItsTimeTheServerIsStopped() throws IOException {
        command(SOON);
        assertThat(isDown()).isFalse();
        ends(keepers().getFirst());
        assertThat(isDown()).isTrue();
    }

    @Test
    void theNextCommandFindsTheServerAndStopsItIfItKeepsNothing() throws IOException {
        command(LATER);
        var server = server();
        var keeper = keepers().getFirst();
        try (var next = EmbeddedServer.open(home, Duration.ZERO)) {
            assertThat(next.jdbcUrl()).contains("127.0.0.1");
            assertThat(server()).isEqualTo(server);
        }
        assertThat(isDown()).isTrue();
        keeper.destroyForcibly();
        ends(keeper);
    }

    @Test
    void whatIsUsedWhenItsTimeComesStaysAndWhoEndsThenDecides() throws IOException {
        try (var using = EmbeddedServer.open(home, Duration.ZERO)) {
            assertThat(Keeper.keep(home, SOON)).isTrue();
            ends(keepers().getFirst());
            assertThat(using.jdbcUrl()).contains("127.0.0.1");
            assertThat(isDown()).isFalse();
        }
        assertThat(isDown()).isTrue();
    }

    @Test
    void aKilledKeeperIsReplacedByTheNextCommand() throws IOException {
        command(LATER);
        var killed = keepers().getFirst();
        killed.destroyForcibly();
        ends(killed);
        assertThat(isDown()).isFalse();
        command(SOON);
        var next = keepers().getFirst();
        assertThat(next).isNotEqualTo(killed);
        ends(next);
        assertThat(isDown()).isTrue();
    }

    @Test
    void aProcessThatOnlyHasTheNumberIsNotTheServer() throws IOException {
        var data = Files.createDirectories(home.resolve("postgres"));
        var mine = ProcessHandle.current();
        Files.write(
                data.resolve("postmaster.pid"),
                List.of(Long.toString(mine.pid()), data.toString(), "1000000000", "5432", "", "", "", "ready"));
        assertThat(isDown()).isTrue();
    }
}
