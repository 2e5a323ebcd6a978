package io.postpaid.usage.intake;

import io.postpaid.usage.admission.Claim;
import io.postpaid.usage.admission.UsageStore;
import io.postpaid.usage.admission.Verdict.Refused;
import io.postpaid.usage.admission.Verdict.Taken;
import io.postpaid.usage.admission.Windows;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.intake.ParsePipeline.Parsed;
import io.postpaid.usage.mapping.Mapping;
import io.postpaid.usage.mapping.Opened;
import io.postpaid.usage.record.ParsedLine.Fact;
import io.postpaid.usage.record.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Shows how the first lines of a file would be taken, and writes nothing. */
@Component
public class Trial {
    private final DataSource database;
    private final InstantSource clock;
    private final Windows windows;

    public Trial(DataSource database, InstantSource clock, Windows windows) {
        this.database = database;
        this.clock = clock;
        this.windows = windows;
    }

    /**
     * A line that would be taken, or not.
     *
     * @param verdict accepted, duplicate, left_out or quarantined
     * @param reason why it would be quarantined, and in words; both null if it would not
     * @param facts the records that it gives, of the accounts that are meant
     */
    public record Line(
            long number,
            String verdict,
            @Nullable Reason reason,
            @Nullable String detail,
            List<Fact> facts,
            String text) {}

    /** @param counts of the lines that were looked at */
    public record Outcome(IngestOutcome counts, List<Line> lines) {}

    /** @throws UnreadableUsage if the file cannot be read */
    public Outcome of(Path file, @Nullable Mapping mapping, int lines) {
        try (var opened = Opened.file(file, String.valueOf(file.getFileName()), mapping)) {
            return of(opened, lines);
        } catch (IOException e) {
            throw UnreadableUsage.of(file, e);
        }
    }

    private Outcome of(Opened opened, int lines) {
        String name = opened.layout().file();
        var parser = opened.layout().parser();
        var raw = opened.lines().next(lines);
        var torn = opened.lines().torn();
        if (raw == null && torn != null) {
            throw new UnreadableUsage("%s cannot be read: %s".formatted(name, torn.getMessage()), torn);
        }
        if (raw == null) return new Outcome(new IngestOutcome(name, 0, 0, 0, 0), List.of());
        var claims = Parsed.of(raw, parser, 0).claims();
        try (var store = new UsageStore(database, clock, windows, false)) {
            store.judge(claims);
        }
        return new Outcome(
                FileLog.Entry.begun(0, name).plus(claims, 0).outcome(),
                IntStream.range(0, claims.size())
                        .mapToObj(i -> line(claims.get(i), raw.text(i), raw.number(i)))
                        .toList());
    }

    private static Line line(Claim claim, String text, long number) {
        return switch (claim.verdict()) {
            case Taken taken ->
                new Line(number, taken.name().toLowerCase(Locale.ROOT), null, null, claim.facts(), text);
            case Refused why -> new Line(number, "quarantined", why.reason(), why.detail(), claim.facts(), text);
        };
    }
}
