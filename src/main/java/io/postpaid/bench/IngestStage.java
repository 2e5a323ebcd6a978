package io.postpaid.bench;

import io.postpaid.usage.Ingestion;
import io.postpaid.usage.Progress;

/** NDJSON.gz into the books. */
final class IngestStage implements Stage {
    @Override
    public void measure(World world, Month month, Timings timings, String prefix) throws Exception {
        long before = world.databaseSize();
        timings.time(prefix + "ingest", () -> {
            var outcome = world.get(Ingestion.class).ingest(month.file(), null, Progress.NONE);
            if (outcome.accepted() != month.records()) throw new IllegalStateException("not all was taken: " + outcome);
        });
        timings.add(prefix + "bytes", world.databaseSize() - before);
    }
}
