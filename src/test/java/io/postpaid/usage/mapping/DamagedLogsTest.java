package io.postpaid.usage.mapping;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.usage.format.LineBatch;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.ParsedLine.Fact;
import io.postpaid.usage.record.UsageRecord;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.io.ClassPathResource;

/**
 * Real logs, damaged at random: each line is read as it then says, or quarantined, or the file is refused. Nothing else, and
 * above all never a number that is not there. {@code -Dseeds=1000000} tries many; {@code -Dseed=N} tries one again.
 */
class DamagedLogsTest {
    private static final int SEEDS = Integer.getInteger("seeds", 12_000);
    private static final int MOST_FAULTS = 20;

    /** What a file gives: its lines, and why it was refused. */
    record Read(List<String> lines, @Nullable String refused) {}

    @Test
    @Timeout(3_600)
    void aDamagedLineIsReadRightOrNotAtAll() throws IOException {
        record Log(String file, Mapping mapping, String text) {}
        var logs = new ArrayList<Log>();
        for (String file : BuiltInMappingsTest.files()) {
            String text = new ClassPathResource("logs/" + file).getContentAsString(ISO_8859_1);
            logs.add(new Log(file, BuiltInMappingsTest.mapping(file), text));
        }
        var faults = new ArrayList<String>();
        var counts = new TreeMap<String, Integer>();
        var only = Long.getLong("seed");
        for (long seed = only == null ? 0 : only; seed < (only == null ? SEEDS : only + 1); seed++) {
            var log = logs.get((int) (seed % logs.size()));
            String file = log.file();
            String text = new Damage(new Random(seed), file.replaceFirst("\\..*", "")).of(log.text());
            var said = said(file, text);
            var read = read(file, log.mapping(), text.getBytes(ISO_8859_1));
            count(read, counts);
            String fault = fault(said, read);
            if (fault != null)
                faults.add("-Dseed=%d %s: %s%n  file: %s%n  said: %s%n  read: %s"
                        .formatted(seed, file, fault, text, said, read));
        }
        assertThat(faults.stream().limit(MOST_FAULTS))
                .as("%d faults", faults.size())
                .isEmpty();
        if (only == null) assertThat(counts.keySet()).containsExactly("left out", "quarantined", "read", "refused");
    }

    private static void count(Read read, Map<String, Integer> counts) {
        if (read.refused() != null) counts.merge("refused", 1, Integer::sum);
        for (String line : read.lines()) {
            counts.merge(
                    line.equals(SaidByLogs.OUT) ? "left out" : line.startsWith("odd") ? "quarantined" : "read",
                    1,
                    Integer::sum);
        }
    }

    // --- What the product says

    private static Read read(String file, Mapping mapping, byte[] bytes) {
        var lines = new ArrayList<String>();
        try (var opened = Opened.stream(new ByteArrayInputStream(bytes), file, mapping)) {
            var parser = opened.layout().parser();
            var ids = new HashSet<String>();
            for (LineBatch batch = opened.lines().next(2);
                    batch != null;
                    batch = opened.lines().next(2)) {
                for (int i = 0; i < batch.size(); i++) lines.add(shown(batch.parse(i, parser), mapping, ids));
            }
            var torn = opened.lines().torn();
            return new Read(lines, torn == null ? null : String.valueOf(torn.getMessage()));
        } catch (UnreadableUsage | IOException e) {
            return new Read(lines, String.valueOf(e.getMessage()));
        }
    }

    /** Quarantine is for what cannot be read, and for what cannot be billed. */
    private static String shown(ParsedLine line, Mapping mapping, Set<String> ids) {
        String shown = LineParserTest.show(line);
        if (line instanceof ParsedLine.Malformed) return "odd: " + shown;
        String hashed =
                mapping.identity() == Identity.OWN ? shown : shown.replaceFirst("/[0-9a-f]{32}(\\.\\d+)? ", "/# ");
        assertThat(hashed.equals(shown) || ids.add(shown.replaceFirst(" .*", "")))
                .as("%s twice", shown)
                .isTrue();
        boolean odd =
                facts(line).stream().anyMatch(fact -> fact instanceof UsageRecord usage && Billable.refuses(usage));
        return odd ? "odd to bill: " + hashed : hashed;
    }

    private static List<? extends Fact> facts(ParsedLine line) {
        return switch (line) {
            case Fact fact -> List.of(fact);
            case ParsedLine.Several several -> several.records();
            default -> List.of();
        };
    }

    private static @Nullable String fault(Read said, Read read) {
        boolean maybe = said.refused() != null;
        if (maybe != (read.refused() != null)) return maybe ? "it was not refused" : "it was refused";
        if (!maybe && said.lines().size() != read.lines().size()) return "it has other lines";
        for (int i = 0; i < read.lines().size(); i++) {
            // Where a file breaks off, what it breaks in may be there, as nothing that can be billed.
            String wanted = i < said.lines().size() ? said.lines().get(i) : SaidByLogs.ODD;
            String got = read.lines().get(i);
            boolean right = got.startsWith("odd to bill")
                    ? wanted.equals(SaidByLogs.ODD) || got.equals("odd to bill: " + wanted)
                    : got.startsWith("odd") ? wanted.equals(SaidByLogs.ODD) : got.equals(wanted);
            if (!right) return "line " + (i + 1);
        }
        return null;
    }

    // --- What the file says

    private static Read said(String file, String text) {
        String log = file.replaceFirst("\\..*", "");
        if (text.startsWith("\u00ff\u00fe") || text.startsWith("\u00fe\u00ff")) return new Read(List.of(), "UTF-16");
        if (text.startsWith("\u00ef\u00bb\u00bf")) text = text.substring(3);
        if (file.endsWith(".json")) return document(log, text);
        var lines = new ArrayList<>(List.of(text.split("\n")));
        lines.replaceAll(line -> line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
        if (file.endsWith(".csv")) return table(log, lines);
        lines.removeIf(DamagedLogsTest::isBlank);
        return new Read(
                lines.stream()
                        .map(line -> SaidByLogs.decoded(line.getBytes(ISO_8859_1)))
                        .map(line -> line == null
                                ? SaidByLogs.ODD
                                : file.endsWith(".log")
                                        ? Tables.request(line)
                                        : SaidByLogs.line(log, line.replaceFirst("^\ufeff", "")))
                        .toList(),
                null);
    }

    private static boolean isBlank(String line) {
        return line.chars().allMatch(c -> c == ' ' || c == '\t' || c == '\r');
    }

    private static Read document(String log, String text) {
        String decoded = SaidByLogs.decoded(text.getBytes(ISO_8859_1));
        int fault = text.length();
        while (decoded == null)
            decoded = SaidByLogs.decoded(text.substring(0, --fault).getBytes(ISO_8859_1));
        var document = SaidByLogs.document(log, decoded);
        return new Read(document.rows(), document.breaksOff() || fault < text.length() ? "it breaks off" : null);
    }

    private static Read table(String log, List<String> lines) {
        while (!lines.isEmpty() && isBlank(lines.getFirst())) lines.removeFirst();
        if (lines.isEmpty()) return new Read(List.of(), null);
        int used = 1 + spanned(lines.subList(1, lines.size()), lines.getFirst());
        String whole = String.join("\n", lines.subList(0, used));
        String first = SaidByLogs.decoded(whole.getBytes(ISO_8859_1));
        var header = Tables.header(log, first == null ? whole : first);
        if (header == null) return new Read(List.of(), "no header");
        var rows = new ArrayList<String>();
        while (used < lines.size()) {
            String line = lines.get(used++);
            if (isBlank(line)) continue;
            int more = spanned(lines.subList(used, lines.size()), line);
            String record = String.join("\n", lines.subList(used - 1, used + more));
            used += more;
            String decoded = SaidByLogs.decoded(record.getBytes(ISO_8859_1));
            rows.add(decoded == null ? SaidByLogs.ODD : Tables.row(log, header, decoded));
        }
        return new Read(rows, null);
    }

    /** How many of the lines belong to the one whose quote is open. */
    private static int spanned(List<String> next, String line) {
        String whole = line;
        for (int more = 0; more <= next.size(); more++) {
            if (more > 0) whole += "\n" + next.get(more - 1);
            if (!Tables.opensQuote(whole)) return Tables.cells(whole) == null ? 0 : more;
        }
        return 0;
    }
}
