package io.postpaid.usage.aggregate;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A master and its workers from the jars that the build has fetched, as src/docs/spark.md starts them. */
final class SparkCluster implements AutoCloseable {
    private static final Path HOME = Path.of("target/spark").toAbsolutePath();

    private final Path folder;
    private final int port;
    private final List<Process> processes = new ArrayList<>();

    SparkCluster(Path folder, int workers) throws IOException {
        this.folder = Files.createDirectories(folder);
        try (var free = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        start("master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", String.valueOf(port));
        for (int n = 0; n < workers; n++) worker();
    }

    String master() {
        return "spark://127.0.0.1:" + port;
    }

    Path localFolder(Process worker) {
        return folder.resolve("local-" + processes.indexOf(worker));
    }

    Process worker() throws IOException {
        return start(
                "worker",
                "org.apache.spark.deploy.worker.Worker",
                "--cores",
                "1",
                "--memory",
                "1g",
                "--work-dir",
                folder.resolve("work").toString(),
                master());
    }

    private Process start(String name, String main, String... arguments) throws IOException {
        var jars = HOME.resolve("jars") + File.separator + "*";
        var command = new ArrayList<>(List.of(java(), "-Xmx256m", "-cp", jars, main, "--webui-port", "0"));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        folder.resolve(name + "-" + processes.size() + ".log").toFile());
        builder.environment()
                .putAll(Map.of(
                        "SPARK_HOME",
                        HOME.toString(),
                        "SPARK_SCALA_VERSION",
                        "2.13",
                        "SPARK_LOCAL_IP",
                        "127.0.0.1",
                        "SPARK_LOCAL_DIRS",
                        folder.resolve("local-" + processes.size()).toString(),
                        "CLASSPATH",
                        jars));
        var process = builder.start();
        processes.add(process);
        return process;
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** As if its machine were gone: with its executor. */
    static void kill(Process worker) {
        var executors = worker.descendants().toList();
        worker.destroyForcibly();
        executors.forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        processes.forEach(SparkCluster::kill);
    }
}
