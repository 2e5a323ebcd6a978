package io.postpaid.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.books.journal.ExportFile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

/** What an accounting program takes as one file is that file; several come in one that holds them. */
@NullUnmarked
class JournalFilesTest {
    private static ExportFile file(String text) {
        return new ExportFile(text, StandardCharsets.UTF_8, 1, 2, Collections.emptySortedMap());
    }

    @Test
    void oneFileIsItselfAndSeveralAreZipped() throws IOException {
        var one = new ByteArrayOutputStream();
        JournalFiles.write(one, "journal", List.of(file("first")));
        assertThat(one.toString(StandardCharsets.UTF_8)).isEqualTo("first");

        var two = new ByteArrayOutputStream();
        JournalFiles.write(two, "journal", List.of(file("first"), file("second")));
        var zip = new ZipInputStream(new ByteArrayInputStream(two.toByteArray()));
        for (var each : new String[] {"1 first", "2 second"}) {
            var entry = zip.getNextEntry();
            assertThat(entry).isNotNull();
            assertThat(entry.getName().replaceAll("[^0-9]", "") + " "
                            + new String(zip.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(each);
        }
        assertThat(zip.getNextEntry()).isNull();
    }
}
