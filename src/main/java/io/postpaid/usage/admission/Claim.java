package io.postpaid.usage.admission;

import io.postpaid.usage.admission.Verdict.Taken;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.ParsedLine.Fact;
import io.postpaid.usage.record.ParsedLine.LeftOut;
import io.postpaid.usage.record.ParsedLine.Malformed;
import io.postpaid.usage.record.ParsedLine.Several;
import io.postpaid.usage.record.UsageVoid;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A line with where it stands, with the records that it states, and with what is decided on it: on all of them together. */
public final class Claim {
    /** A record with its key and the hash of its content. */
    public static final class Stated {
        /** What it says, of the account that is meant. */
        Fact fact;

        final UUID key;
        /** Of what was sent: it stays the same whoever is called by the account's name. */
        final long content;
        /** The UTC day of the usage, counted from 1970. */
        final int epochDay;
        /** Whether it was there before, as it is. */
        boolean known;

        Stated(Fact fact) {
            this.fact = fact;
            this.key = fact.key();
            this.content = fact.contentHash();
            this.epochDay = Math.toIntExact(fact.day().toEpochDay());
        }

        /** The UTC day of the usage. */
        LocalDate day() {
            return fact.day();
        }

        public Fact fact() {
            return fact;
        }

        public UUID key() {
            return key;
        }

        public long content() {
            return content;
        }
    }

    final long file;
    final long line;
    /** None of a line that cannot be read, or that is left out. */
    final List<Stated> stated;

    private final @Nullable Malformed malformed;
    Verdict verdict = Taken.ACCEPTED;

    public Claim(long file, long line, ParsedLine said) {
        this.file = file;
        this.line = line;
        this.malformed = said instanceof Malformed fault ? fault : null;
        this.stated = switch (said) {
            case Fact fact -> List.of(new Stated(fact));
            case Several several -> several.records().stream().map(Stated::new).toList();
            case LeftOut _, Malformed _ -> List.of();
        };
    }

    public List<Stated> stated() {
        return stated;
    }

    @Nullable
    Malformed malformed() {
        return malformed;
    }

    /** Of the last record that it states; null when it states none. */
    public @Nullable UUID keyIfAny() {
        return stated.isEmpty() ? null : stated.getLast().key;
    }

    /** Null when the line does not tell it. */
    public @Nullable String account() {
        return stated.isEmpty() ? null : stated.getFirst().fact.account();
    }

    /** True if it takes another back. */
    public boolean corrects() {
        for (Stated each : stated) if (each.fact instanceof UsageVoid) return true;
        return false;
    }

    /** What it says of each record, in order. */
    public List<Fact> facts() {
        return stated.stream().map(each -> each.fact).toList();
    }

    public Verdict verdict() {
        return verdict;
    }

    /** How many records of it are new. */
    public long records() {
        return taken().size();
    }

    boolean accepted() {
        return verdict == Taken.ACCEPTED;
    }

    /** The records that are written with it. */
    List<Stated> taken() {
        if (!accepted()) return List.of();
        return stated.size() == 1 && !stated.getFirst().known
                ? stated
                : stated.stream().filter(each -> !each.known).toList();
    }
}
