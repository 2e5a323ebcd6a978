package io.postpaid.usage.archive;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.home.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The archive's files, as the table {@code usage_archive} names them. */
@Component
class ArchiveFiles {
    private final JdbcClient jdbc;
    private final Home home;

    ArchiveFiles(JdbcClient jdbc, Home home) {
        this.jdbc = jdbc;
        this.home = home;
    }

    Path folder() {
        var folder = home.path().resolve("archive");
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make the folder " + folder, e);
        }
    }

    /** The files of a month: none, one, or one more for each time that usage came for it after it was archived. */
    List<Path> of(BillingPeriod month) {
        return jdbc.sql("select file from usage_archive where month = :month order by part")
                .param("month", month.firstDay())
                .query((row, i) -> folder().resolve(row.getString("file")))
                .list();
    }
}
