package io.postpaid.books.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.postpaid.platform.file.CsvText;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** Lines as CSV, in UTF-8. */
final class CsvFile {
    private CsvFile() {}

    static ExportFile of(List<BookedLine> lines, List<String> head, Function<BookedLine, List<String>> cells) {
        var text = new StringWriter();
        try (var csv = CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(text)) {
            csv.writeRecord(head);
            for (var line : lines) csv.writeRecord(cells.apply(line));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ExportFile.of(text.toString(), UTF_8, lines);
    }

    /** With one more column, if a line has something for it. */
    static ExportFile withClass(List<BookedLine> lines, List<String> head, Function<BookedLine, List<String>> cells) {
        if (lines.stream()
                .allMatch(line -> line.account().option(ChartFile.CLASS).isEmpty())) {
            return of(lines, head, cells);
        }
        return of(
                lines,
                Stream.concat(head.stream(), Stream.of("Class")).toList(),
                line -> Stream.concat(
                                cells.apply(line).stream(),
                                Stream.of(line.account().option(ChartFile.CLASS)))
                        .toList());
    }

    static String text(String value) {
        return CsvText.cell(value);
    }
}
