package io.postpaid.spark;

import io.postpaid.spark.Job.InputFile;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.Table;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.catalog.TableProvider;
import org.apache.spark.sql.connector.expressions.Transform;
import org.apache.spark.sql.connector.read.Batch;
import org.apache.spark.sql.connector.read.InputPartition;
import org.apache.spark.sql.connector.read.PartitionReader;
import org.apache.spark.sql.connector.read.PartitionReaderFactory;
import org.apache.spark.sql.connector.read.Scan;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/** Usage files as a source of Spark SQL: a task reads some files from their beginnings, since a line's number counts those before it. */
public final class UsageSource implements TableProvider {
    private static final Map<String, Job> JOBS = new ConcurrentHashMap<>();

    /** The name by which the source finds the job. */
    static String register(Job job) {
        String name = "job-" + JOBS.size();
        JOBS.put(name, job);
        return name;
    }

    @Override
    public StructType inferSchema(CaseInsensitiveStringMap options) {
        return Lines.SCHEMA;
    }

    @Override
    public Table getTable(StructType schema, Transform[] partitioning, Map<String, String> properties) {
        return new UsageTable();
    }

    private static final class UsageTable implements Table, SupportsRead {
        @Override
        public String name() {
            return "usage";
        }

        @Override
        @SuppressWarnings("deprecation")
        public StructType schema() {
            return Lines.SCHEMA;
        }

        @Override
        public Set<TableCapability> capabilities() {
            return Set.of(TableCapability.BATCH_READ);
        }

        @Override
        public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
            var job = Objects.requireNonNull(JOBS.get(options.get("job")));
            return () -> new UsageScan(job);
        }
    }

    private record UsageScan(Job job) implements Scan, Batch {
        @Override
        public StructType readSchema() {
            return Lines.SCHEMA;
        }

        @Override
        public Batch toBatch() {
            return this;
        }

        /** Small files share a task. */
        @Override
        public InputPartition[] planInputPartitions() {
            var tasks = new ArrayList<FileTask>();
            var files = new ArrayList<InputFile>();
            long bytes = 0;
            for (var file : job.files()) {
                if (!files.isEmpty() && bytes + file.size() > job.taskBytes()) {
                    tasks.add(new FileTask(List.copyOf(files)));
                    files.clear();
                    bytes = 0;
                }
                files.add(file);
                bytes += file.size();
            }
            if (!files.isEmpty()) tasks.add(new FileTask(List.copyOf(files)));
            return tasks.toArray(FileTask[]::new);
        }

        @Override
        public PartitionReaderFactory createReaderFactory() {
            return new Readers(new Job(
                    job.snapshot(), List.of(), job.reading(), job.wanted(), job.hadoop(), job.taskBytes()));
        }
    }

    record FileTask(List<InputFile> files) implements InputPartition, Serializable {}

    private record Readers(Job job) implements PartitionReaderFactory {
        @Override
        public PartitionReader<InternalRow> createReader(InputPartition partition) {
            return new LineReader(job, ((FileTask) partition).files());
        }
    }
}
