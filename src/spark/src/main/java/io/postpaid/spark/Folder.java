package io.postpaid.spark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Where a run keeps its records, beside the other runs of its installation. */
final class Folder {
    private final Path run;
    private final FileSystem system;

    Folder(String to, Configuration hadoop) throws IOException {
        run = new Path(to);
        system = run.getFileSystem(hadoop);
    }

    /** Two installations would write over each other's runs. */
    void claim(UUID keeper) throws IOException {
        var mark = new Path(run.getParent(), "_postpaid");
        try (var out = system.create(mark, false)) {
            out.write(keeper.toString().getBytes(StandardCharsets.UTF_8));
            return;
        } catch (FileAlreadyExistsException e) {
            // It is this one's, mostly.
        }
        try (var in = system.open(mark)) {
            if (!new String(in.readAllBytes(), StandardCharsets.UTF_8).equals(keeper.toString())) {
                throw new IOException(
                        "%s belongs to another installation: give each a folder of its own by --to".formatted(run.getParent()));
            }
        }
    }

    void delete() throws IOException {
        system.delete(run, true);
    }
}
