package io.postpaid.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.Operator.Running;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Processes that are really killed, again and again, at moments drawn by a seed over the length of what they do, and the same month billed
 * without a kill: afterwards nobody can tell the books, the invoices, the charges and the mails of the two apart.
 */
class KillTest extends KilledMonth {
    @Test
    void aMonthlyRunKilledAgainAndAgainIsTheSameMonth() throws Exception {
        // Should a run get to its end between two kills, what is left of the kills hits another one.
        for (int round = 1, kills = 0; kills < KILLS; round++) {
            kills += killMonthly(folder.resolve("killed" + round), KILLS - kills);
        }
    }

    /** @return how often it was killed before it ended */
    private int killMonthly(Path home, int most) throws Exception {
        var operator = operator(closed.copyTo(home));
        operator.start(MONTHLY).killAfter(part(monthly.start()));
        int kills = killRuns(operator, MONTHLY, monthly, most);

        goOn(operator, MONTHLY).done();
        assertThat(month(operator)).as("seed %d", seed).isEqualTo(reference);
        assertNumbersWithoutGap(operator);
        assertKilledRunsAreShown(operator, "monthly");
        return kills;
    }

    /** Stripe and the mail server fail, too, and the days go by until everything is known. */
    @Test
    void aMonthInTroubleChargesNobodyTwice() throws Exception {
        var operator = operator(closed.copyTo(folder.resolve("trouble")));
        for (int kill = 0; kill < KILLS_IN_TROUBLE; kill++) {
            operator.suffer(random.nextInt(1_000_000) + ":" + TROUBLE_PERCENT);
            long before = runs(operator, "monthly");
            var running = goOn(operator, MONTHLY);
            running.until(recorded(operator, "monthly", before));
            running.killAfter(part(monthly.work()));
        }
        operator.suffer("");
        for (var day : List.of("2026-11-02", "2026-11-03")) {
            operator.at(day + "T08:30:00Z");
            goOn(operator, MONTHLY).done();
            operator.must("run", "nightly", "--date", day);
        }

        var succeeded = reference.charges().stream()
                .filter(charge -> charge.contains(" succeeded "))
                .toList();
        assertThat(charges(operator))
                .as("seed %d", seed)
                .filteredOn(charge -> charge.contains(" succeeded "))
                .isEqualTo(succeeded);
        assertThat(rows(
                        operator.jdbc(),
                        "select number, round(s.amount * 100) from settlement s join invoice i on i.id = s.invoice"))
                .as("seed %d", seed)
                .isEqualTo(succeeded.stream()
                        .map(charge -> charge.replace(" succeeded ", "|"))
                        .toList());
        assertThat(rows(operator.jdbc(), "select * from payment_attempt where resolved_at is null"))
                .as("seed %d", seed)
                .isEmpty();
        mails(operator.home().resolve("sandbox/mail"));
        operator.letServerGo();
        operator.must("verify");
    }

    @Test
    void aPowerCutLosesNothing() throws Exception {
        var operator = operator(closed.copyTo(folder.resolve("cut")));
        for (int cut = 0; cut < KILLS / 2; cut++) {
            long before = runs(operator, "monthly");
            var running = goOn(operator, MONTHLY);
            running.until(recorded(operator, "monthly", before));
            running.killAfter(part(monthly.work()));
            operator.killServer();
            operator.must("runs");
        }

        goOn(operator, MONTHLY).done();
        assertThat(month(operator)).as("seed %d", seed).isEqualTo(reference);
        assertNumbersWithoutGap(operator);
        operator.letServerGo();
        operator.must("verify");
    }

    @Test
    void usageAndNightlyRunsThatWereKilledAreInTheBooksOnce() throws Exception {
        var operator = operator(imported.copyTo(folder.resolve("night")));
        var places = random.longs(KILLS, 0, RECORDS * 4L / 5).sorted().toArray();
        Running ingesting = operator.start(INGEST);
        boolean killed = false;
        for (long place : places) {
            ingesting.until(() -> ask(operator, "select coalesce(max(lines), 0) from usage_file", "") >= place);
            killed = ingesting.killAfter(part(Duration.ofMillis(300)));
            if (!killed || isRead(operator)) break;
            ingesting = operator.start(INGEST);
            killed = false;
        }
        // Who was killed between the last commit and the answer told nobody: what it took stands in the books below.
        if (!killed) assertThat(ingesting.done().json()).as("seed %d", seed).isEqualTo(tieOut);

        killRuns(operator, NIGHTLY, nightly, KILLS);
        goOn(operator, NIGHTLY).done();
        assertThat(rated(operator.jdbc())).as("seed %d", seed).isEqualTo(rated);
        assertKilledRunsAreShown(operator, "nightly");
    }

    @Test
    void aMonthThatAWorkerHelpsWithIsTheSameMonth() throws Exception {
        var operator = operator(closed.copyTo(folder.resolve("helped")));
        var worker = worker(operator);
        operator.must(MONTHLY);

        assertThat(rows(operator.jdbc(), "select distinct done_by from part")).hasSize(2);
        assertThat(month(operator)).isEqualTo(reference);
        assertNumbersWithoutGap(operator);
        worker.process().destroy();
        worker.done();
    }
}
