package io.postpaid.usage.aggregate;

import io.postpaid.platform.home.Home;
import io.postpaid.usage.admission.Admission;
import io.postpaid.usage.admission.OwnConnection;
import io.postpaid.usage.admission.Verdict.Taken;
import io.postpaid.usage.aggregate.Aggregation.Request;
import io.postpaid.usage.intake.Quarantine;
import io.postpaid.usage.intake.Quarantine.Released;
import io.postpaid.usage.record.ParsedLine.Fact;
import io.postpaid.usage.record.UsageRecord;
import io.postpaid.usage.record.UsageVoid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;
import tools.jackson.core.JsonGenerator;

/**
 * Releases lines that runs have quarantined: those that stand up to today's accounts and products move into a file, which a run
 * of its own takes. What is quarantined of that file stays open there.
 */
@Component
public class RunRelease {
    private final Aggregation aggregation;
    private final SnapshotStore snapshots;
    private final Quarantine quarantine;
    private final Home home;

    RunRelease(Aggregation aggregation, SnapshotStore snapshots, Quarantine quarantine, Home home) {
        this.aggregation = aggregation;
        this.snapshots = snapshots;
        this.quarantine = quarantine;
        this.home = home;
    }

    /** @param ids of lines, which may have come too late; without them, all but those */
    public Released release(List<Long> ids, String master) {
        return aggregation.alone(connection -> release(connection, ids, master));
    }

    private Released release(OwnConnection connection, List<Long> ids, String master) throws IOException {
        var run = connection.commit(() -> nextRun(connection.jdbc()));
        var folder = home.path().resolve("aggregate").resolve(run);
        var file = Files.createDirectories(folder).resolve(run + ".ndjson");
        var request = new Request(run, file.toString(), null, null, master);
        var admission = connection
                .commit(() -> snapshots.take(connection.jdbc(), request, home.path(), true))
                .admission();
        var moved = move(ids, admission, file);
        if (moved.isEmpty()) {
            FileSystemUtils.deleteRecursively(folder);
            return new Released(0, 0, 0);
        }
        var outcome = aggregation.aggregate(connection, request, true, (_, _, _) -> {}, jdbc -> close(jdbc, moved));
        var taken = outcome.files().getFirst();
        return new Released(taken.accepted(), taken.duplicates(), taken.quarantined());
    }

    private static String nextRun(JdbcClient jdbc) {
        return Aggregation.RELEASE
                + jdbc.sql("select coalesce(max(n), 0) + 1 from usage_run")
                        .query(Long.class)
                        .single();
    }

    private List<Long> move(List<Long> ids, Admission admission, Path file) throws IOException {
        var moved = new ArrayList<Long>();
        try (var out = Files.newBufferedWriter(file);
                var json = Aggregation.JSON.createGenerator(out)) {
            quarantine.ofRuns(ids, (id, line) -> {
                var facts = line.facts();
                if (facts.size() != 1 || !(admission.first(line) instanceof Taken)) return;
                write(json, facts.getFirst());
                moved.add(id);
            });
        }
        return moved;
    }

    /** As it was sent, so that it is known again: with the name that the sender has for the account. */
    private static void write(JsonGenerator json, Fact fact) {
        json.writeStartObject();
        json.writeStringProperty("source", fact.source());
        json.writeStringProperty("id", fact.id());
        json.writeStringProperty("account", fact.account());
        json.writeStringProperty("occurred_at", fact.occurredAt().toString());
        switch (fact) {
            case UsageVoid correction -> {
                json.writeStringProperty("type", "void");
                json.writeStringProperty("voids", correction.voids());
            }
            case UsageRecord usage -> {
                json.writeStringProperty("product", usage.product());
                json.writeStringProperty("quantity", usage.quantity().toPlainString());
                json.writeStringProperty("outcome", usage.failed() ? "failed" : "succeeded");
                if (usage.operation() != null) json.writeStringProperty("operation", usage.operation());
                if (usage.metadata() != null) {
                    json.writeName("metadata");
                    json.writeRawValue(usage.metadata());
                }
            }
        }
        json.writeEndObject();
        json.writeRaw('\n');
    }

    /** Whoever else had closed one of them has billed it. */
    private static void close(JdbcClient jdbc, List<Long> moved) {
        int closed = jdbc.sql("""
                        update usage_quarantine set released_at = (select max(imported_at) from usage_run)
                         where id = any(:ids) and released_at is null""").param("ids", moved.toArray(Long[]::new)).update();
        if (closed != moved.size()) throw new IllegalStateException("A line was released meanwhile: release again");
    }
}
