package io.postpaid.usage.admission;

import io.postpaid.usage.admission.Verdict.Taken;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.ParsedLine.Fact;
import io.postpaid.usage.record.UsageVoid;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A line with where it stands, with its key and content hash if it states usage, and with what is decided on it. */
public final class Claim {
    final long file;
    final long line;
    final ParsedLine said;
    final long content;
    private final @Nullable UUID key;
    Verdict verdict = Taken.ACCEPTED;

    public Claim(long file, long line, ParsedLine said) {
        this.file = file;
        this.line = line;
        this.said = said;
        this.key = said instanceof Fact fact ? fact.key() : null;
        this.content = said instanceof Fact fact ? fact.contentHash() : 0;
    }

    UUID key() {
        if (key == null) throw new IllegalStateException("line " + line + " states no usage and so has no key");
        return key;
    }

    public @Nullable UUID keyIfAny() {
        return key;
    }

    /** Null when the line does not tell it. */
    public @Nullable String account() {
        return said instanceof Fact fact ? fact.account() : null;
    }

    /** True if it takes another back. */
    public boolean corrects() {
        return said instanceof UsageVoid;
    }

    /** The UTC day of the usage. */
    LocalDate day() {
        return ((Fact) said).day();
    }

    public Verdict verdict() {
        return verdict;
    }

    boolean accepted() {
        return verdict == Taken.ACCEPTED;
    }
}
