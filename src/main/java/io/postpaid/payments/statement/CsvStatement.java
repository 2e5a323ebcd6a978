package io.postpaid.payments.statement;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.StringReader;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A statement in CSV, as a bank's page gives it, the oldest or the newest line first. */
final class CsvStatement {
    private final CsvMapping mapping;
    private final Map<String, Integer> header = new HashMap<>();
    private final List<StatementLine> lines = new ArrayList<>();
    private final List<BigDecimal> balances = new ArrayList<>();

    private CsvStatement(CsvMapping mapping) {
        this.mapping = mapping;
    }

    static BankStatement read(String text, CsvMapping mapping) {
        return new CsvStatement(mapping).read(text);
    }

    private BankStatement read(String text) {
        var body = text.lines().skip(mapping.skip()).collect(Collectors.joining("\n"));
        try (var csv = CsvReader.builder().fieldSeparator(mapping.delimiter()).ofCsvRecord(new StringReader(body))) {
            for (var row : csv) {
                if (header.isEmpty()) header(row);
                else if (row.getFields().stream().anyMatch(cell -> !cell.isBlank())) line(row);
            }
        } catch (CsvParseException | java.io.IOException e) {
            throw new IllegalArgumentException(
                    "it is not CSV: " + BankStatement.shown(String.valueOf(e.getMessage())), e);
        }
        return statement();
    }

    private void header(CsvRecord row) {
        for (int i = 0; i < row.getFieldCount(); i++)
            header.putIfAbsent(row.getField(i).strip(), i);
        mapping.columns().values().stream()
                .flatMap(List::stream)
                .filter(name -> !header.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("its header has no column '" + BankStatement.shown(name) + "'");
                });
    }

    private void line(CsvRecord row) {
        try {
            var booked = Field.day(cell(row, "booked_on"), mapping.dateFormat());
            var amount = mapping.columns().containsKey("amount")
                    ? signed(cell(row, "amount"))
                    : orNothing(cell(row, "credit"))
                            .abs()
                            .subtract(orNothing(cell(row, "debit")).abs());
            if (mapping.columns().containsKey("balance")) balances.add(signed(cell(row, "balance")));
            lines.add(new StatementLine(
                    booked,
                    valued(row, booked),
                    amount,
                    cell(row, "party"),
                    cell(row, "text"),
                    cell(row, "reference"),
                    cell(row, "bank_reference"),
                    false));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "line " + (row.getStartingLineNumber() + mapping.skip()) + ": " + e.getMessage(), e);
        }
    }

    private LocalDate valued(CsvRecord row, LocalDate booked) {
        var text = cell(row, "valued_on");
        return text.isEmpty() ? booked : Field.day(text, mapping.dateFormat());
    }

    private String cell(CsvRecord row, String what) {
        return mapping.columns().getOrDefault(what, List.of()).stream()
                .map(header::get)
                .filter(i -> i < row.getFieldCount())
                .map(i -> row.getField(i).strip())
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(" "));
    }

    private BigDecimal orNothing(String text) {
        return text.isEmpty() ? BigDecimal.ZERO : signed(text);
    }

    /** With a sign before or behind it, and marks between thousands. */
    private BigDecimal signed(String text) {
        var grouping = mapping.decimal() == ',' ? "." : ",";
        var plain = text.replaceAll("[\\s'\u00a0]", "").replace(grouping, "").replace(mapping.decimal(), '.');
        boolean negative = plain.startsWith("-") || plain.endsWith("-");
        var amount = Field.amount(plain.replaceAll("^[+-]|[+-]$", ""));
        return negative ? amount.negate() : amount;
    }

    private BankStatement statement() {
        var moved = lines.stream().filter(line -> line.amount().signum() != 0).toList();
        if (balances.isEmpty()) return of(null, null, moved);
        var ordered = isRunning(0, 1) ? 1 : isRunning(lines.size() - 1, -1) ? -1 : 0;
        if (ordered == 0) {
            throw new IllegalArgumentException(
                    "its balances do not follow from its amounts: a line is missing, or a mapping is wrong");
        }
        int first = ordered > 0 ? 0 : lines.size() - 1;
        var opening = balances.get(first).subtract(lines.get(first).amount());
        return of(opening, balances.get(lines.size() - 1 - first), ordered > 0 ? moved : moved.reversed());
    }

    private boolean isRunning(int first, int step) {
        for (int i = first + step; i >= 0 && i < lines.size(); i += step) {
            if (balances.get(i - step).add(lines.get(i).amount()).compareTo(balances.get(i)) != 0) return false;
        }
        return true;
    }

    private BankStatement of(@Nullable BigDecimal opening, @Nullable BigDecimal closing, List<StatementLine> moved) {
        return new BankStatement(mapping.account(), "", mapping.currency(), opening, closing, moved);
    }
}
