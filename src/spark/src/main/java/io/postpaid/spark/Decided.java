package io.postpaid.spark;

import io.postpaid.usage.admission.Admission;
import io.postpaid.usage.aggregate.Snapshot;
import io.postpaid.usage.mapping.Mapping;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What lines are decided by, read from the snapshot once in each process and not in each task. */
record Decided(byte[] snapshot, Admission admission, @Nullable Mapping mapping) {
    static final JsonMapper JSON = JsonMapper.builder().build();

    private static @Nullable Decided last;

    static synchronized Decided by(byte[] snapshot) {
        if (last == null || !Arrays.equals(last.snapshot, snapshot)) {
            var read = JSON.readValue(snapshot, Snapshot.class);
            var mapping = read.mapping() == null
                    ? null
                    : Mapping.parse(read.mapping().name(), read.mapping().text());
            last = new Decided(snapshot, read.admission(), mapping);
        }
        return last;
    }
}
