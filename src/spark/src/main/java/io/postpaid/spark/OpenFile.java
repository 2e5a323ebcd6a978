package io.postpaid.spark;

import io.postpaid.spark.Job.InputFile;
import io.postpaid.usage.mapping.Mapping;
import io.postpaid.usage.mapping.Opened;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.jspecify.annotations.Nullable;

/** Opens a file wherever Hadoop can read. Parquet is read from its end, so that a distant one is fetched first. */
final class OpenFile {
    private OpenFile() {}

    static Opened of(InputFile file, @Nullable Mapping mapping, Configuration hadoop) throws IOException {
        var path = new org.apache.hadoop.fs.Path(file.path());
        var scheme = path.toUri().getScheme();
        if (scheme == null || scheme.equals("file")) {
            return Opened.file(Path.of(path.toUri().getPath()), file.name(), mapping);
        }
        var in = path.getFileSystem(hadoop).open(path);
        if (!isParquet(file, mapping)) return Opened.stream(in, file.name(), mapping);
        var local = Files.createTempFile("usage", ".parquet");
        try (in) {
            Files.copy(in, local, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            return Opened.file(local, file.name(), mapping);
        } finally {
            // It is open, and goes when it is closed.
            Files.deleteIfExists(local);
        }
    }

    private static boolean isParquet(InputFile file, @Nullable Mapping mapping) {
        return mapping != null && mapping.format() == Mapping.Format.PARQUET
                || file.name().toLowerCase(Locale.ROOT).endsWith(".parquet");
    }
}
