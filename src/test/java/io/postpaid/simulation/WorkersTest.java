package io.postpaid.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.postpaid.support.CutCable;
import io.postpaid.support.Operator;
import io.postpaid.support.Operator.Running;
import io.postpaid.support.OwnNetwork;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Workers and the runs that they help with, killed, stopped, woken up and cut off: the same month each time. */
@EnabledIfSystemProperty(named = "worker.kills", matches = "\\d+")
class WorkersTest extends KilledMonth {
    private static final int WORKER_KILLS = Integer.getInteger("worker.kills", 0);

    @Test
    void aMonthIsTheSameHoweverOftenWorkersAndRunsAreKilled() throws Exception {
        int kills = 0;
        for (int round = 1; kills < WORKER_KILLS; round++) {
            var operator = operator(closed.copyTo(folder.resolve("round" + round)));
            var workers = new ArrayList<>(List.of(worker(operator), worker(operator)));
            long before = 0;
            var run = operator.start(MONTHLY);
            while (kills < WORKER_KILLS && !isCompleted(operator, "monthly")) {
                run.until(recorded(operator, "monthly", before));
                int who = random.nextInt(4);
                if (who > 0) {
                    int which = random.nextInt(workers.size());
                    if (workers.get(which).killAfter(part(monthly.work()))) kills++;
                    workers.set(which, operator.start("worker"));
                }
                if (who < 2) {
                    before = runs(operator, "monthly");
                    if (!run.killAfter(part(who == 0 ? monthly.work() : Duration.ofMillis(1)))) break;
                    kills++;
                    run = goOn(operator, MONTHLY);
                }
            }
            run.result();
            goOn(operator, MONTHLY).done();
            assertSame(operator);
            for (var worker : workers) worker.process().destroyForcibly();
            operator.close();
        }
    }

    /** It stands still with a part in hand, which is given away, and wakes up when all is over. */
    @Test
    void aWorkerThatSleepsThroughItsRunDoesNothingTwice() throws Exception {
        var operator = operator(closed.copyTo(folder.resolve("sleeper")));
        var worker = worker(operator);
        var run = operator.start(MONTHLY);
        run.until(() -> isAtWork(operator, "charge-invoices"));
        signal("STOP", worker);
        run.done();
        assertThat(charges(operator)).isEqualTo(reference.charges());

        signal("CONT", worker);
        assertThat(worker.result().exitCode()).isEqualTo(1);
        assertThat(worker.result().err()).contains("given it up");
        operator.at("2026-11-02T08:30:00Z");
        operator.must("run", "nightly", "--date", "2026-11-02");
        assertThat(charges(operator).stream().filter(charge -> charge.contains(" succeeded ")))
                .containsExactlyInAnyOrderElementsOf(reference.charges().stream()
                        .filter(charge -> charge.contains(" succeeded "))
                        .toList());
        mails(operator.home().resolve("sandbox/mail"));
        operator.must("verify");
    }

    @Test
    void aWorkerWithoutANetworkIsDoneWithout() throws Exception {
        var operator = operator(closed.copyTo(folder.resolve("cable")));
        operator.must("runs");
        try (var cable = CutCable.to(operator.port())) {
            var worker = operator.start(over("127.0.0.1", cable), "worker");
            worker.until(() -> ask(operator, "select count(*) from worker", "") > 0);
            var run = operator.start(MONTHLY);
            run.until(() -> isAtWork(operator, "charge-invoices"));
            cable.cut();
            run.done();
            assertThat(charges(operator)).isEqualTo(reference.charges());
            assertThat(worker.result().exitCode()).isEqualTo(1);
        }
        mails(operator.home().resolve("sandbox/mail"));
    }

    /** The same by the kernel: the worker has a network of its own, whose cable is pulled. */
    @Test
    void aWorkerOnAnotherMachineThatIsCutOffIsDoneWithout() throws Exception {
        assumeTrue(OwnNetwork.isPossible(), "needs root and ip netns");
        var operator = operator(closed.copyTo(folder.resolve("network")));
        operator.must("runs");
        try (var network = new OwnNetwork();
                var way = CutCable.at(InetAddress.getByName(OwnNetwork.HERE), operator.port())) {
            var worker = operator.start(network.enter(), over(OwnNetwork.HERE, way), "worker");
            worker.until(() -> ask(operator, "select count(*) from worker", "") > 0);
            var run = operator.start(MONTHLY);
            run.until(() -> isAtWork(operator, "charge-invoices"));
            network.cut();
            run.done();
            assertThat(charges(operator)).isEqualTo(reference.charges());
            assertThat(worker.result().exitCode()).isEqualTo(1);
        }
        mails(operator.home().resolve("sandbox/mail"));
        operator.must("verify");
    }

    private static List<String> over(String host, CutCable cable) {
        return List.of(
                "-Dspring.datasource.url=jdbc:postgresql://" + host + ":" + cable.port() + "/postgres",
                "-Dspring.datasource.username=postgres");
    }

    @Test
    void aWorkerOfAnotherVersionLeavesTheRunToOthers() throws Exception {
        leftAlone(Operator.anotherBuild(Files.createDirectory(folder.resolve("build"))), "the build of Postpaid");
    }

    @Test
    void aWorkerThatIsSetUpInAnotherWayLeavesTheRunToOthers() throws Exception {
        leftAlone(List.of("-DPOSTPAID_TAX_POINT=issue"), "POSTPAID_TAX_POINT");
    }

    private void leftAlone(List<String> options, String different) throws Exception {
        var operator = operator(
                closed.copyTo(Files.createTempDirectory(folder, "other").resolve("home")));
        operator.must("runs");
        var worker = operator.start(options, "worker");
        worker.until(() -> ask(operator, "select count(*) from worker", "") > 0);
        operator.must(MONTHLY);

        assertThat(rows(operator.jdbc(), "select distinct done_by from part")).hasSize(1);
        worker.process().destroy();
        assertThat(worker.done().err()).contains("is left to others: not the same here", different);
        assertSame(operator);
    }

    /** Whether a worker has a part of this step. */
    private static boolean isAtWork(Operator operator, String step) {
        return ask(operator, "select count(*) from part where worker is not null and step = :job", step) > 0;
    }

    private static void signal(String name, Running running) throws IOException, InterruptedException {
        var kill = new ProcessBuilder(
                        "kill", "-" + name, Long.toString(running.process().pid()))
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    private void assertSame(Operator operator) throws Exception {
        assertThat(month(operator)).as("seed %d", seed).isEqualTo(reference);
        assertNumbersWithoutGap(operator);
        operator.must("verify");
    }
}
