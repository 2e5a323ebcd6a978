package io.postpaid.usage.mapping;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Does to a file what disks, editors, programs and people do. A character of the text is a byte of the file. */
record Damage(Random random, String log) {
    private static final String SIGNS = "\"'\\{}[]:,;|\t\r\n 0e-.+/^";
    private static final List<String> NO_TEXT = List.of(
            "\0",
            "\u0080",
            "\u00ff",
            "\u00ed\u00a0\u0080",
            "\u00c3",
            "\u00e4",
            "\u00c0\u0080",
            "\u00c3\u00a4",
            "\u00e2\u0080\u00ae",
            "\u00ef\u00bb\u00bf",
            "\u00c2\u00a0",
            "\u00d9\u00a3");
    private static final List<String> VALUES = List.of(
            "null",
            "\"\"",
            "true",
            "false",
            "{}",
            "[]",
            "[1]",
            "{\"a\":1}",
            "0",
            "-1",
            "-0",
            "1e999999",
            "1e-999999",
            "1E+2",
            "NaN",
            "Infinity",
            "99999999999999999999999999",
            "0.0000000001",
            "1.50",
            "01",
            "0x10",
            "\" \"",
            "\"x\"",
            "\"1,5\"",
            "\"+5\"",
            "\"-\"",
            "\" 7 \"",
            "\"null\"",
            "\"\\ud800\"",
            "\"a\\u0000b\"",
            "\"\\n\"",
            "\"\\u0661\"",
            "\"\u00d9\u00a1\"",
            "1790928000",
            "1790928000000",
            "\"1790928000\"");
    private static final List<String> CELLS = List.of(
            "",
            " ",
            "-",
            "null",
            "0",
            "-1",
            "1e999999",
            "1E+2",
            "NaN",
            "1,5",
            "99999999999999999999999999",
            "0.0000000001",
            "\"\"",
            "\"",
            "\"x\"",
            "x\"y",
            "\"1,5\"",
            "true",
            "{}",
            "[]",
            "Usage",
            "Tax",
            "\u00d9\u00a1",
            " 7 ",
            "\"a\"b",
            "07");
    private static final List<String> TIMES = List.of(
            "2026-02-30T12:00:00Z",
            "2026-10-03T24:00:00Z",
            "2026-10-03T12:00:60Z",
            "2026-10-03T12:00:00+02:00",
            "2026-10-03T12:00:00-0530",
            "2026-10-03T12:00:00",
            "2026-10-03 12:00",
            "2026-10-03",
            "2026-13-01T00:00:00Z",
            "2026-10-03T12:00:00+25:00",
            "1999-12-31T23:59:59Z",
            "2026-10-03T12:00:00.Z",
            "2026-10-3T12:00:00Z",
            "02/30/2026",
            "13/01/2026",
            "1/2/2026",
            "31/Sep/2026:10:00:00 +0000",
            "10/Oct/2026:24:00:00 +0000",
            "10/Okt/2026:13:55:36 +0000",
            "10/Oct/2026:13:55:36 Z",
            "10/oct/2026:13:55:36 +0530",
            "2026-10-03T12:00:00Z2026-10-03T12:00:00Z");
    private static final Pattern CELL = Pattern.compile("(?<=^|,)(?:\"(?:[^\"]|\"\")*\"|[^,]*)(?=,|$)");
    private static final Pattern WORD = Pattern.compile("[^ ]+");
    private static final Pattern TIME =
            Pattern.compile("20\\d\\d-[-0-9T:.]+Z|\\d\\d/\\d\\d/\\d{4}|\\d\\d/[A-Z][a-z]+/[0-9:]+ [+-]\\d{4}");
    private static final Pattern DIGIT = Pattern.compile("[0-9]");

    String of(String file) {
        var damaged = file;
        for (int i = random.nextInt(5) == 0 ? 2 : 1; i > 0; i--) damaged = once(damaged);
        return damaged;
    }

    private String once(String file) {
        var lines = new ArrayList<>(List.of(file.split("(?<=\n)", -1)));
        int at = random.nextInt(lines.size());
        String line = lines.get(at);
        String text = line.replaceFirst("\n$", "");
        String end = line.substring(text.length());
        if (random.nextInt(12) == 0) return moved(lines, at);
        lines.set(at, (random.nextInt(5) < 2 ? bytes(text) : random.nextInt(6) == 0 ? time(text) : value(text)) + end);
        return String.join("", lines);
    }

    /** Of whole lines. */
    private String moved(List<String> lines, int at) {
        String line = lines.get(at);
        switch (random.nextInt(5)) {
            case 0 -> lines.set(at, line.replaceFirst("\n$", ""));
            case 1 -> lines.remove(at);
            case 2 -> lines.add(at, line);
            case 3 -> lines.set(at, "\n" + line);
            default -> lines.set(at, line.replaceFirst("\n$", "\r\n"));
        }
        return String.join("", lines);
    }

    private <T> T of(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private String bytes(String line) {
        if (line.isEmpty()) return of(NO_TEXT);
        int at = random.nextInt(line.length());
        String before = line.substring(0, at);
        String here = line.substring(at, at + 1);
        String after = line.substring(at + 1);
        return switch (random.nextInt(10)) {
            case 0 -> before + (char) (here.charAt(0) ^ 1 << random.nextInt(8)) + after;
            case 1 -> before + after;
            case 2 -> before + here + here + after;
            case 3 -> before + SIGNS.charAt(random.nextInt(SIGNS.length())) + here + after;
            case 4 -> before + SIGNS.charAt(random.nextInt(SIGNS.length())) + after;
            case 5 -> before + of(NO_TEXT) + (random.nextBoolean() ? here : "") + after;
            case 6 -> before;
            case 7 -> after.isEmpty() ? before : before + after.charAt(0) + here + after.substring(1);
            case 8 -> digit(line, Character.toString("xO lo,.".charAt(random.nextInt(7))));
            default -> digit(line, Integer.toString(random.nextInt(10)));
        };
    }

    private String digit(String line, String instead) {
        var digits = DIGIT.matcher(line).results().toList();
        return digits.isEmpty() ? line + instead : put(line, of(digits), instead);
    }

    private String time(String line) {
        var times = TIME.matcher(line).results().toList();
        return times.isEmpty() ? value(line) : put(line, of(times), of(TIMES));
    }

    private static String put(String line, MatchResult place, String instead) {
        return line.substring(0, place.start()) + instead + line.substring(place.end());
    }

    private String value(String line) {
        if (log.endsWith("combined")) return word(line);
        return line.startsWith("{") || line.startsWith("[") || line.startsWith(" {") ? member(line) : cell(line);
    }

    private String word(String line) {
        var words = WORD.matcher(line).results().toList();
        if (words.isEmpty()) return bytes(line);
        var word = of(words);
        return switch (random.nextInt(4)) {
            case 0 -> put(line, word, of(CELLS));
            case 1 -> put(line, word, "");
            case 2 -> put(line, word, word.group() + " " + word.group());
            default -> put(line, word, of(words).group());
        };
    }

    private String cell(String line) {
        var cells = CELL.matcher(line).results().toList();
        if (cells.isEmpty()) return bytes(line);
        var cell = of(cells);
        int from = cell.start();
        return switch (random.nextInt(8)) {
            case 0, 1 -> put(line, cell, of(CELLS));
            case 2 -> line.substring(0, Math.max(0, from - 1)) + line.substring(cell.end());
            case 3 -> line.substring(0, from) + of(CELLS) + "," + line.substring(from);
            case 4 -> put(line, cell, "\"" + cell.group());
            case 5 -> put(line, cell, "\"" + cell.group().replace("\"", "\"\"") + "\"");
            case 6 -> put(line, cell, of(cells).group());
            default -> line + "," + of(CELLS);
        };
    }

    /** Of a line or, where documents go over several lines, of what of it is an object. */
    private String member(String line) {
        List<StrictJson.Member> members;
        int start = Math.max(0, line.indexOf('{'));
        int stop = line.lastIndexOf('}') + 1;
        if (stop <= start) return bytes(line);
        String object = line.substring(start, stop);
        try {
            members = StrictJson.members(StrictJson.read(object));
        } catch (StrictJson.Odd e) {
            return bytes(line);
        }
        if (members.isEmpty()) return bytes(line);
        return line.substring(0, start) + changed(object, of(members), of(members)) + line.substring(stop);
    }

    private String changed(String object, StrictJson.Member member, StrictJson.Member other) {
        String before = object.substring(0, member.from());
        String named = object.substring(member.from(), member.valueFrom());
        String value = object.substring(member.valueFrom(), member.to());
        String after = object.substring(member.to());
        String more = after.startsWith(",") ? after.substring(1) : after;
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> before + named + of(VALUES) + after;
            case 3 ->
                before
                        + named.replaceFirst("(.)\":", of(List.of("\":", "$1$1\":", "_\":", "\\\\u0061\":", " \":")))
                        + value
                        + after;
            case 4 -> before.endsWith(",") ? before.substring(0, before.length() - 1) + after : before + more;
            case 5 -> before + named + value + "," + named + (random.nextBoolean() ? value : of(VALUES)) + after;
            case 6 ->
                object.substring(0, object.length() - 1) + "," + named + (random.nextBoolean() ? value : of(VALUES))
                        + "}";
            case 7 -> before + named + (random.nextBoolean() ? "[" + value + "]" : "{\"a\":" + value + "}") + after;
            case 8 ->
                before
                        + named
                        + (value.startsWith("\"")
                                ? value.substring(1, value.length() - 1)
                                : "\"" + value.replace("\"", "\\\"") + "\"")
                        + after;
            default -> before + named + object.substring(other.valueFrom(), other.to()) + after;
        };
    }
}
