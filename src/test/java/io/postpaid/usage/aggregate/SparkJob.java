package io.postpaid.usage.aggregate;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The job as {@code POSTPAID_POM=src/spark/pom.xml ./mvnw package} builds it; without it, what needs it is skipped. */
final class SparkJob {
    private static final Path FOLDER = Path.of("target/spark");

    private SparkJob() {}

    static SparkProcess process(String options) {
        boolean built = Files.isRegularFile(FOLDER.resolve("postpaid-spark.jar"));
        if (Boolean.getBoolean("spark") && !built) throw new AssertionError("The job for Spark is not built");
        assumeTrue(built, "the job for Spark is built by -Pspark");
        return new SparkProcess(FOLDER.toString(), "", options);
    }
}
