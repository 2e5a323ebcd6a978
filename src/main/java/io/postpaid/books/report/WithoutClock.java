package io.postpaid.books.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postpaid.platform.home.WholeFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Takes the time of writing out of a workbook, so that the same figures give the same bytes. */
final class WithoutClock {
    private static final String PROPERTIES = "docProps/core.xml";

    private WithoutClock() {}

    /** The workbook again, as if it was written at a given time. */
    static void rewrite(Path workbook, Instant at) throws IOException {
        var rewritten = WholeFile.unfinished(workbook);
        var time = LocalDateTime.ofInstant(at, ZoneOffset.UTC);
        // The sizes are in the directory at its end, and not before each part.
        try (var in = new ZipFile(workbook.toFile());
                var out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(rewritten)))) {
            for (var part : Collections.list(in.entries())) {
                var same = new ZipEntry(part.getName());
                same.setTimeLocal(time);
                out.putNextEntry(same);
                try (var content = in.getInputStream(part)) {
                    if (part.getName().equals(PROPERTIES)) {
                        var written = new String(content.readAllBytes(), UTF_8);
                        out.write(written.replaceAll("(<dcterms:created[^>]*>)[^<]*", "$1" + at)
                                .getBytes(UTF_8));
                    } else {
                        content.transferTo(out);
                    }
                }
                out.closeEntry();
            }
            WholeFile.finish(rewritten, workbook);
        } finally {
            Files.deleteIfExists(rewritten);
        }
    }
}
