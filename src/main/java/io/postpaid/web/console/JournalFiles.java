package io.postpaid.web.console;

import io.postpaid.books.journal.ExportFile;
import io.postpaid.books.journal.JournalExport;
import io.postpaid.books.journal.JournalFormat;
import io.postpaid.web.Downloads;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The journals of a month as accounting programs import them. */
@ConsolePages
class JournalFiles {
    private final CloseMonths months;
    private final JournalExport export;
    private final Downloads downloads;

    JournalFiles(CloseMonths months, JournalExport export, Downloads downloads) {
        this.months = months;
        this.export = export;
        this.downloads = downloads;
    }

    @GetMapping(ClosePages.ROOT + "/{period}/journals/{version}/{format}")
    void journal(
            HttpServletResponse response,
            @PathVariable String period,
            @PathVariable int version,
            @PathVariable String format)
            throws IOException {
        var month = months.get(period).month();
        var as = Typed.one(JournalFormat.class, format);
        var files = export.export(month, as, version, null).files();
        if (files.isEmpty()) throw new IllegalArgumentException("Journal " + version + " has nothing to book.");
        // DATEV takes files only of names that begin so.
        var name = (as == JournalFormat.DATEV ? "EXTF_" : "")
                + "journal-%s-%d-%s".formatted(month, version, as.name().toLowerCase(Locale.ROOT));
        downloads.send(
                response,
                MediaType.APPLICATION_OCTET_STREAM,
                name + (files.size() == 1 ? ".csv" : ".zip"),
                out -> write(out, name, files));
    }

    static void write(OutputStream out, String name, List<ExportFile> files) throws IOException {
        if (files.size() == 1) {
            out.write(files.getFirst().bytes());
            return;
        }
        var zip = new ZipOutputStream(out);
        for (int n = 1; n <= files.size(); n++) {
            zip.putNextEntry(new ZipEntry(name + "-" + n + ".csv"));
            zip.write(files.get(n - 1).bytes());
        }
        zip.finish();
    }
}
