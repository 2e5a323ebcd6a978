package io.postpaid.books.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.postpaid.platform.file.CsvText;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A row as the cells of a CSV file: numbers as plain decimals, days and instants as ISO 8601, text that stays text. */
final class CsvCells {
    private CsvCells() {}

    static CsvWriter writer(Path file) throws IOException {
        return CsvWriter.builder().lineDelimiter(LineDelimiter.CRLF).build(Files.newBufferedWriter(file, UTF_8));
    }

    static String[] header(ResultSetMetaData columns) throws SQLException {
        var header = new String[columns.getColumnCount()];
        for (int i = 0; i < header.length; i++) {
            header[i] = columns.getColumnLabel(i + 1);
        }
        return header;
    }

    static String[] of(ResultSet row) throws SQLException {
        var columns = row.getMetaData();
        var cells = new String[columns.getColumnCount()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = cell(row, i + 1, columns.getColumnType(i + 1));
        }
        return cells;
    }

    private static String cell(ResultSet row, int column, int type) throws SQLException {
        return switch (type) {
            case Types.NUMERIC -> plain(row.getBigDecimal(column), BigDecimal::toPlainString);
            case Types.DATE -> plain(row.getObject(column, LocalDate.class), LocalDate::toString);
            case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE ->
                plain(
                        row.getObject(column, OffsetDateTime.class),
                        at -> at.toInstant().toString());
            case Types.BIT, Types.BOOLEAN, Types.INTEGER, Types.BIGINT ->
                plain(row.getObject(column), Object::toString);
            default -> CsvText.cell(row.getString(column));
        };
    }

    private static <T> String plain(@Nullable T value, Function<T, String> written) {
        return value == null ? "" : written.apply(value);
    }
}
