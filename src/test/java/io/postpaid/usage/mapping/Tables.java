package io.postpaid.usage.mapping;

import io.postpaid.usage.mapping.StrictJson.Odd;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The same of the reports in CSV and of the web server's log, see {@link SaidByLogs}. */
final class Tables {
    private static final Map<String, List<String>> NEEDED = Map.of(
            "aws-cur",
                    List.of(
                            "lineItem/UsageAccountId",
                            "lineItem/LineItemType",
                            "lineItem/UsageStartDate",
                            "lineItem/UsageType",
                            "lineItem/UsageAmount"),
            "focus",
                    List.of(
                            "ChargeCategory",
                            "ChargePeriodStart",
                            "ChargePeriodEnd",
                            "ConsumedQuantity",
                            "ConsumedUnit",
                            "SkuMeter",
                            "SubAccountId"),
            "azure-cost",
                    List.of(
                            "SubscriptionId",
                            "Date",
                            "ResourceGroup",
                            "ResourceLocation",
                            "ProductName",
                            "MeterCategory",
                            "MeterSubCategory",
                            "MeterId",
                            "MeterName",
                            "UnitOfMeasure",
                            "Quantity"));
    private static final Map<String, Set<String>> TWICE =
            Map.of("aws-cur", Set.of(), "focus", Set.of("Tags"), "azure-cost", Set.of());
    private static final Map<String, Integer> SECONDS = Map.of(
            "Seconds", 1, "Second", 1, "Minutes", 60, "Minute", 60, "Hours", 3600, "Hour", 3600, "Days", 86400, "Day",
            86400);
    private static final Map<String, Integer> OF_UNIT =
            Map.of("1 Second", 1, "1 Minute", 60, "1 Hour", 3600, "1 Day", 86400);
    private static final Set<String> USED = Set.of("Usage", "DiscountedUsage", "SavingsPlanCoveredUsage");
    private static final Set<String> NO_USAGE =
            Set.of(("Credit Tax Fee Refund RIFee EdpDiscount PrivateRateDiscount BundledDiscount SavingsPlanNegation"
                            + " SavingsPlanUpfrontFee SavingsPlanRecurringFee")
                    .split(" "));
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    private Tables() {}

    // --- CSV

    /** Null where the header can't be one. */
    static @Nullable List<String> header(String log, String line) {
        var cells = cells(line);
        if (cells == null) return null;
        var names =
                cells.stream().map(name -> name.replace("\0", "\\x00").trim()).toList();
        if (names.stream().anyMatch(name -> name.contains(",") && name.contains("\n"))) return null;
        for (String needed : NEEDED.getOrDefault(log, List.of())) {
            if (names.stream().filter(needed::equals).count() != 1) return null;
        }
        for (String optional : TWICE.getOrDefault(log, Set.of())) {
            if (names.stream().filter(optional::equals).count() > 1) return null;
        }
        return names;
    }

    static String row(String log, List<String> header, String line) {
        try {
            var cells = cells(line.replaceFirst("^\r+", ""));
            if (cells == null) throw new Odd("quotes");
            int named = header.size();
            while (named > 0 && header.get(named - 1).isEmpty()) named--;
            if (cells.size() < named) throw new Odd("cells missing");
            for (int i = header.size(); i < cells.size(); i++) if (!cells.get(i).isEmpty()) throw new Odd("more cells");
            var row = new HashMap<String, String>();
            for (int i = 0; i < header.size(); i++) row.put(header.get(i), i < cells.size() ? cells.get(i) : "");
            return switch (log) {
                case "aws-cur" -> aws(row);
                case "focus" -> focus(row);
                default -> azure(row);
            };
        } catch (Odd | DateTimeException | ArithmeticException e) {
            return SaidByLogs.ODD;
        }
    }

    private static String aws(Map<String, String> row) {
        String type = row.getOrDefault("lineItem/LineItemType", "");
        if (NO_USAGE.contains(type)) return SaidByLogs.OUT;
        if (!USED.contains(type)) throw new Odd("type");
        String id = key(List.of(
                row.getOrDefault("lineItem/UsageAccountId", ""),
                type,
                row.getOrDefault("lineItem/UsageStartDate", ""),
                row.getOrDefault("lineItem/UsageType", ""),
                "-",
                "-",
                "-",
                "-",
                "-",
                "-"));
        return SaidByLogs.said(
                "aws-cur/" + id,
                row.getOrDefault("lineItem/UsageAccountId", ""),
                row.getOrDefault("lineItem/UsageType", ""),
                number(row.getOrDefault("lineItem/UsageAmount", "")),
                SaidByLogs.instant(row.getOrDefault("lineItem/UsageStartDate", "")),
                "");
    }

    private static String focus(Map<String, String> row) {
        String category = row.getOrDefault("ChargeCategory", "");
        if (Set.of("Purchase", "Tax", "Credit", "Adjustment").contains(category)) return SaidByLogs.OUT;
        if (!category.equals("Usage")) throw new Odd("category");
        String tags = row.getOrDefault("Tags", "");
        String unit = row.getOrDefault("ConsumedUnit", "");
        var parts = new ArrayList<String>();
        for (String name :
                List.of("SubAccountId", "SkuMeter", "ConsumedUnit", "ChargePeriodStart", "ChargePeriodEnd")) {
            parts.add(row.getOrDefault(name, ""));
        }
        parts.addAll(List.of("-", "-", "-", "-", "-", "-", "-", tags.isEmpty() ? "-" : tags));
        if (!SECONDS.containsKey(unit)) throw new Odd("unit");
        return SaidByLogs.said(
                "focus/" + key(parts),
                row.getOrDefault("SubAccountId", ""),
                row.getOrDefault("SkuMeter", ""),
                number(row.getOrDefault("ConsumedQuantity", "")).multiply(BigDecimal.valueOf(SECONDS.get(unit))),
                SaidByLogs.instant(row.getOrDefault("ChargePeriodStart", "")),
                "");
    }

    private static String azure(Map<String, String> row) {
        String unit = row.getOrDefault("UnitOfMeasure", "");
        if (!OF_UNIT.containsKey(unit)) throw new Odd("unit");
        var date = Pattern.compile("(\\d\\d)/(\\d\\d)/(\\d{4})").matcher(row.getOrDefault("Date", ""));
        if (!date.matches()) throw new Odd("date");
        var day = LocalDate.of(
                Integer.parseInt(date.group(3)), Integer.parseInt(date.group(1)), Integer.parseInt(date.group(2)));
        var parts = new ArrayList<String>();
        for (String name : NEEDED.getOrDefault("azure-cost", List.of())) {
            if (!name.equals("Quantity")) parts.add(row.getOrDefault(name, ""));
        }
        return SaidByLogs.said(
                "azure-cost/" + key(parts),
                row.getOrDefault("SubscriptionId", ""),
                row.getOrDefault("ProductName", ""),
                number(row.getOrDefault("Quantity", "")).multiply(BigDecimal.valueOf(OF_UNIT.get(unit))),
                SaidByLogs.billable(day.atStartOfDay().toInstant(ZoneOffset.UTC)),
                "");
    }

    private static BigDecimal number(String text) {
        return SaidByLogs.number(text.strip());
    }

    /** What tells rows of a report apart: what stands in their columns, or of much of it a hash. */
    static String key(List<String> parts) {
        var key = String.join(
                "|",
                parts.stream()
                        .map(part ->
                                part.replace("\\", "\\\\").replace("|", "\\|").strip())
                        .toList());
        if (key.length() <= 120) return key;
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 15);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Null where a quote is not closed as one. A quote within a cell that does not begin with one is a character. */
    static @Nullable List<String> cells(String line) {
        var cells = new ArrayList<String>();
        int at = 0;
        while (true) {
            var cell = new StringBuilder();
            if (at < line.length() && line.charAt(at) == '"') {
                at++;
                while (true) {
                    int quote = line.indexOf('"', at);
                    if (quote < 0) return null;
                    cell.append(line, at, quote);
                    at = quote + 1;
                    if (at == line.length() || line.charAt(at) != '"') break;
                    cell.append('"');
                    at++;
                }
                if (at < line.length() && line.charAt(at) != ',') return null;
            } else {
                int comma = line.indexOf(',', at);
                int end = comma < 0 ? line.length() : comma;
                cell.append(line, at, end);
                if (cell.indexOf("\r") >= 0) return null;
                at = end;
            }
            cells.add(cell.toString());
            if (at == line.length()) return cells;
            at++;
        }
    }

    /** Whether the last cell begins with a quote that does not end. */
    static boolean opensQuote(String line) {
        for (int at = 0; at <= line.length(); ) {
            if (at == line.length() || line.charAt(at) != '"') {
                int comma = line.indexOf(',', at);
                if (comma < 0) return false;
                at = comma + 1;
                continue;
            }
            at++;
            while (at < line.length() && (line.charAt(at) != '"' || line.startsWith("\"\"", at))) {
                at += line.charAt(at) == '"' ? 2 : 1;
            }
            if (at >= line.length()) return true;
            int comma = line.indexOf(',', at + 1);
            if (comma < 0) return false;
            at = comma + 1;
        }
        return false;
    }

    // --- The log of a web server

    static String request(String line) {
        try {
            return request(line.split("\"", -1));
        } catch (Odd | DateTimeException e) {
            return SaidByLogs.ODD;
        }
    }

    /** Between quotes: who and when, the request, how it went, from where, and by what. */
    private static String request(String[] parts) {
        if (parts.length != 7 || !parts[6].isEmpty() || !parts[4].equals(" ")) throw new Odd("quotes");
        var who = Pattern.compile("([0-9A-Fa-f.:]+) [^ ]+ ([^ ]+) \\[([^\\]]+)\\] ")
                .matcher(parts[0]);
        String[] asked = parts[1].split(" ", -1);
        String[] went = parts[2].split(" ", -1);
        if (!who.matches() || asked.length != 3 || went.length != 4 || !went[0].isEmpty() || !went[3].isEmpty()) {
            throw new Odd("spaces");
        }
        if (!asked[0].matches("[A-Z]+") || asked[1].isEmpty() || !asked[2].matches("HTTP/[0-9.]+"))
            throw new Odd("request");
        if (!went[1].matches("[1-5][0-9][0-9]") || !went[2].matches("[0-9]+|-")) throw new Odd("status");
        if (who.group(2).equals("-")) return SaidByLogs.OUT;
        return SaidByLogs.said(
                "nginx-combined/#",
                who.group(2),
                SaidByLogs.product(asked[1]),
                BigDecimal.ONE,
                time(who.group(3)),
                went[1].charAt(0) < '4' ? "" : " failed");
    }

    private static String time(String text) {
        var parts = Pattern.compile("(\\d\\d)/(\\w{3})/(\\d{4}):(\\d\\d):(\\d\\d):(\\d\\d) ([+-])(\\d\\d)(\\d\\d)")
                .matcher(text);
        if (!parts.matches()) throw new Odd("time");
        int month = MONTHS.indexOf(parts.group(2).toLowerCase(Locale.ROOT)) + 1;
        var local = LocalDateTime.of(
                LocalDate.of(Integer.parseInt(parts.group(3)), month, Integer.parseInt(parts.group(1))),
                LocalTime.of(
                        Integer.parseInt(parts.group(4)),
                        Integer.parseInt(parts.group(5)),
                        Integer.parseInt(parts.group(6))));
        return SaidByLogs.billable(
                local.toInstant(ZoneOffset.of(parts.group(7) + parts.group(8) + ":" + parts.group(9))));
    }
}
