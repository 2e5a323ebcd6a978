package io.postpaid.platform.file;

import org.jspecify.annotations.Nullable;

/** Text in the cells of CSV files that people open in a spreadsheet. */
public final class CsvText {
    private CsvText() {}

    /** A spreadsheet takes a cell that begins like this for a formula and runs it; an apostrophe makes it text. */
    public static String cell(@Nullable String value) {
        if (value == null || value.isEmpty()) return "";
        return "=+-@\t\r".indexOf(value.charAt(0)) < 0 ? value : "'" + value;
    }
}
