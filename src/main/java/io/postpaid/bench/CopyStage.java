package io.postpaid.bench;

import java.nio.file.Files;

/** What ingest is compared with: COPY of the same rows into the same tables, in the order of the file, as one stream. */
final class CopyStage implements Stage {
    @Override
    public void measure(World world, Month month, Timings timings, String prefix) throws Exception {
        var keys = month.folder().resolve("keys");
        var records = month.folder().resolve("records");
        world.copy("copy (select * from usage_key order by file, line) to stdout (format binary)", keys);
        world.copy("copy (select * from usage_record order by file, line) to stdout (format binary)", records);
        try (var bare = month.another().get()) {
            bare.jdbc
                    .sql("select usage_record_month(:day)")
                    .param("day", Bench.FIRST)
                    .query()
                    .listOfRows();
            timings.time(prefix + "copy", () -> {
                bare.copy("copy usage_key from stdin (format binary)", keys);
                bare.copy("copy usage_record from stdin (format binary)", records);
            });
        }
        Files.delete(keys);
        Files.delete(records);
    }
}
