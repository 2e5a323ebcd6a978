package io.postpaid.books.report;

import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Currencies;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.util.List;
import org.dhatim.fastexcel.HyperLink;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.jspecify.annotations.Nullable;

/**
 * A workbook with a sheet for each report. Numbers are numbers, days are days, and text is never a formula. Rows are written
 * as they come, so that memory does not grow with them.
 */
final class MonthWorkbook implements AutoCloseable {
    private static final int FLUSHED = 500;
    private static final int TEXT_MAX = 32_767;
    private static final String HEADING = "0B6E69";
    private static final int WIDE = 34;
    private static final int NARROW = 15;

    private final Path file;
    private final BillingPeriod period;
    private final int rowsMax;
    private final OutputStream out;
    private final Workbook book;
    private final Worksheet contents;
    private int contentsRow;

    MonthWorkbook(Path file, BillingPeriod period, String seller) throws IOException {
        this(file, period, seller, Worksheet.MAX_ROWS);
    }

    MonthWorkbook(Path file, BillingPeriod period, String seller, int rowsMax) throws IOException {
        this.file = file;
        this.period = period;
        this.rowsMax = rowsMax;
        this.out = new BufferedOutputStream(Files.newOutputStream(file));
        this.book = new Workbook(out, "Postpaid", null);
        this.contents = book.newWorksheet("Contents");
        contents.value(0, 0, "Books of " + period + " · " + seller);
        contents.style(0, 0).bold().fontSize(16).fontColor(HEADING).set();
        contents.value(
                1,
                0,
                "As of the end of " + period.issuedOn().minusDays(1)
                        + ", UTC. Amounts are exact and shown in the decimals of their currency.");
        contents.width(0, WIDE);
        contents.width(1, WIDE);
        for (int column = 2; column < 7; column++) contents.width(column, column == 4 ? 2 * WIDE : NARROW + 5);
        contentsRow = 3;
        heading(contents, contentsRow++, List.of("Report", "File", "Rows"));
    }

    /** Writes a report; the rows that a sheet cannot hold are counted on its last line. */
    void sheet(MonthSheet of, ResultSet rows, RowWritten each) throws SQLException, IOException {
        var columns = rows.getMetaData();
        var sheet = book.newWorksheet(of.title());
        begin(sheet, columns);
        int written = 0;
        long left = 0;
        while (rows.next()) {
            each.row(rows);
            if (written + 2 >= rowsMax) {
                left++;
                continue;
            }
            row(sheet, ++written, rows, columns);
            if (written % FLUSHED == 0) sheet.flush();
        }
        if (left > 0) sheet.inlineString(rowsMax - 1, 0, "%,d more rows: all are in %s".formatted(left, of.file()));
        sheet.finish();
        contents.hyperlink(contentsRow, 0, HyperLink.internal("'" + of.title() + "'!A1", of.title()));
        contents.value(contentsRow, 1, of.file());
        contents.value(contentsRow, 2, written + left);
        contents.value(contentsRow++, 3, of.about());
    }

    /** What each figure ties to, below the contents. */
    void ties(ResultSet rows, RowWritten each) throws SQLException, IOException {
        var columns = rows.getMetaData();
        contentsRow++;
        heading(contents, contentsRow, names(columns));
        while (rows.next()) {
            each.row(rows);
            row(contents, ++contentsRow, rows, columns);
        }
    }

    void glossary(Glossary glossary) throws IOException {
        var sheet = book.newWorksheet("Glossary");
        sheet.width(0, WIDE);
        sheet.width(1, 4 * WIDE);
        sheet.freezePane(0, 1);
        heading(sheet, 0, List.of("Term", "Meaning"));
        int at = 1;
        for (var entry : glossary.terms()) {
            sheet.value(at, 0, entry.term());
            sheet.value(at++, 1, entry.meaning());
        }
        sheet.finish();
    }

    /** What is done with a row beside writing it into the workbook. */
    @FunctionalInterface
    interface RowWritten {
        void row(ResultSet row) throws SQLException, IOException;
    }

    private static void begin(Worksheet sheet, ResultSetMetaData columns) throws SQLException {
        for (int column = 0; column < columns.getColumnCount(); column++) {
            var text = columns.getColumnType(column + 1) == Types.VARCHAR;
            var name = columns.getColumnLabel(column + 1);
            sheet.width(column, text && List.of("name", "reason", "reference").contains(name) ? WIDE : NARROW);
        }
        sheet.freezePane(0, 1);
        sheet.repeatRows(0);
        sheet.fitToWidth((short) 1);
        sheet.fitToHeight((short) 0);
        sheet.pageOrientation("landscape");
        heading(sheet, 0, names(columns));
    }

    private static List<String> names(ResultSetMetaData columns) throws SQLException {
        return List.of(CsvCells.header(columns)).stream()
                .map(name -> name.replace('_', ' '))
                .toList();
    }

    private static void heading(Worksheet sheet, int row, List<String> names) {
        for (int column = 0; column < names.size(); column++) {
            sheet.value(row, column, names.get(column));
            sheet.style(row, column)
                    .bold()
                    .fontColor("FFFFFF")
                    .fillColor(HEADING)
                    .set();
        }
    }

    private static void row(Worksheet sheet, int at, ResultSet row, ResultSetMetaData columns) throws SQLException {
        var decimals = decimals(row.getString("currency"));
        var total = false;
        for (int column = 0; column < columns.getColumnCount(); column++) {
            var type = columns.getColumnType(column + 1);
            var value = row.getString(column + 1);
            if (value == null) continue;
            total |= value.equals("total");
            switch (type) {
                case Types.NUMERIC -> {
                    sheet.value(at, column, row.getBigDecimal(column + 1));
                    var percent = columns.getColumnLabel(column + 1).equals("percent");
                    style(sheet, at, column, percent ? "0.##" : decimals, total);
                }
                case Types.BIGINT, Types.INTEGER -> {
                    sheet.value(at, column, row.getLong(column + 1));
                    style(sheet, at, column, "#,##0", total);
                }
                case Types.DATE -> {
                    sheet.value(at, column, row.getObject(column + 1, LocalDate.class));
                    style(sheet, at, column, "yyyy-mm-dd", total);
                }
                default -> {
                    sheet.inlineString(at, column, value.substring(0, Math.min(value.length(), TEXT_MAX)));
                    style(sheet, at, column, null, total);
                }
            }
        }
    }

    private static void style(Worksheet sheet, int row, int column, @Nullable String format, boolean bold) {
        if (format == null && !bold) return;
        var style = sheet.style(row, column);
        if (format != null) style.format(format);
        if (bold) style.bold();
        style.set();
    }

    private static String decimals(String currency) {
        int decimals = Currencies.get(currency).decimals();
        return decimals == 0 ? "#,##0" : "#,##0." + "0".repeat(decimals);
    }

    /** The library writes when it ran into the file; what is left says nothing of it. */
    @Override
    public void close() throws IOException {
        try (out) {
            contents.finish();
            book.close();
        }
        WithoutClock.rewrite(file, period.to());
    }
}
