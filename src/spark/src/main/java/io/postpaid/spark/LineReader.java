package io.postpaid.spark;

import io.postpaid.spark.Job.InputFile;
import io.postpaid.usage.admission.Admission;
import io.postpaid.usage.admission.Claim;
import io.postpaid.usage.admission.Verdict.Refused;
import io.postpaid.usage.admission.Verdict.Taken;
import io.postpaid.usage.format.LineBatch;
import io.postpaid.usage.format.LineParser;
import io.postpaid.usage.mapping.Mapping;
import io.postpaid.usage.mapping.Opened;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.jspecify.annotations.Nullable;

/** Gives the lines of some files one by one, each with what is decided on it by itself, and after them what the file is. */
final class LineReader implements PartitionReader<InternalRow> {
    private static final int BATCH_LINES = 4_000;

    private final Job job;
    private final Iterator<InputFile> files;
    private final Admission admission;
    private final @Nullable Mapping mapping;

    private @Nullable InputFile file;
    private @Nullable Opened opened;
    private @Nullable LineParser parser;
    private @Nullable LineBatch batch;
    private int at;
    private long lines;
    private long leftOut;
    private long fingerprint;
    private @Nullable InternalRow row;

    LineReader(Job job, List<InputFile> files) {
        this.job = job;
        this.files = files.iterator();
        var decided = Decided.by(job.snapshot());
        this.admission = decided.admission();
        this.mapping = decided.mapping();
    }

    @Override
    public boolean next() throws IOException {
        row = null;
        while (row == null) {
            if (opened == null && !begin()) return false;
            if (batch == null || at == batch.size()) {
                batch = opened.lines().next(BATCH_LINES);
                at = 0;
                if (batch == null) {
                    row = end();
                    continue;
                }
                lines += batch.size();
                fingerprint = batch.fingerprint();
                if (job.reading() == Job.Reading.FILES) at = batch.size();
                continue;
            }
            row = line(at++);
        }
        return true;
    }

    private boolean begin() throws IOException {
        if (!files.hasNext()) return false;
        file = files.next();
        opened = OpenFile.of(file, mapping, job.hadoop().value());
        parser = opened.layout().parser();
        lines = 0;
        leftOut = 0;
        fingerprint = 0;
        return true;
    }

    /** @throws IOException where the file breaks off: nothing of the run is taken until it is whole */
    private @Nullable InternalRow end() throws IOException {
        var torn = opened.lines().torn();
        if (torn != null) throw new IOException("%s breaks off: %s".formatted(file.path(), torn.getMessage()), torn);
        var ended = job.reading() == Job.Reading.RAW
                ? null
                : Rows.file(file.number(), opened.layout(), lines, leftOut, fingerprint);
        opened.close();
        opened = null;
        return ended;
    }

    private @Nullable InternalRow line(int index) {
        long number = batch.number(index);
        if (job.reading() == Job.Reading.RAW) {
            var wanted = job.wanted().get(file.number());
            return wanted != null && Arrays.binarySearch(wanted, number) >= 0
                    ? Rows.raw(file.number(), number, batch.text(index), batch.id(index))
                    : null;
        }
        var claim = new Claim(file.number(), number, batch.parse(index, parser));
        return switch (admission.first(claim)) {
            case Refused refused ->
                Rows.refused(file.number(), number, refused, claim.account(), batch.text(index), batch.id(index));
            case Taken _ -> {
                if (claim.stated().isEmpty()) {
                    leftOut++;
                    yield null;
                }
                yield Rows.stated(file.number(), number, claim.stated().getFirst(), admission);
            }
        };
    }

    @Override
    public InternalRow get() {
        return Objects.requireNonNull(row);
    }

    @Override
    public void close() {
        if (opened != null) opened.close();
    }
}
