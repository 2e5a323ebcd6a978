package io.postpaid.usage.record;

import io.postpaid.platform.file.PlainText;
import io.postpaid.usage.record.ParsedLine.Malformed;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The fields of a line as text, on their way to a record. The rules of what a record must have are here, once. */
public final class RecordDraft {
    /** Ten times what any sensible sender uses, and short enough to print. */
    public static final int TEXT_LIMIT = 500;

    public static final String DEFAULT_SOURCE = "default";

    private static final int NUMBER_LIMIT = 100;
    /** What lies before is no time of a call, but a number read in the wrong unit. */
    public static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");

    private static final int FIELDS = Field.values().length;

    private final @Nullable String[] texts = new @Nullable String[FIELDS];
    private @Nullable Integer decimals;
    private @Nullable Instant instant;

    public boolean has(Field field) {
        return texts[field.ordinal()] != null;
    }

    public void set(Field field, @Nullable String text) {
        texts[field.ordinal()] = text;
    }

    /** To how many decimals a mapping lets the quantity be rounded; none without it. */
    public void round(@Nullable Integer toDecimals) {
        decimals = toDecimals;
    }

    /** Instead of a text, by a mapping, which has its own ways to write instants. */
    public void occurredAt(@Nullable Instant at) {
        instant = at;
    }

    /** @throws Unfit for what is no record */
    public ParsedLine finish() {
        String source = has(Field.SOURCE) ? identity(Field.SOURCE) : DEFAULT_SOURCE;
        String id = identity(Field.ID);
        String account = text(Field.ACCOUNT);
        Instant at = instant();
        String type = texts[Field.TYPE.ordinal()];
        if (has(Field.VOIDS) || "void".equals(type)) {
            return new UsageVoid(source, id, identity(Field.VOIDS), account, at);
        }
        if (type != null && !type.equals("usage")) {
            throw of(Field.TYPE, " '" + type + "' is neither usage nor void");
        }
        if (source.startsWith(OwnVoice.PREFIX)) return Malformed.ofReservedSource(source);
        return new UsageRecord(
                source,
                id,
                account,
                text(Field.PRODUCT),
                quantity(),
                at,
                failed(),
                has(Field.OPERATION) ? text(Field.OPERATION) : null,
                texts[Field.METADATA.ordinal()]);
    }

    private boolean failed() {
        String outcome = texts[Field.OUTCOME.ordinal()];
        return switch (outcome) {
            case null -> false;
            case "succeeded" -> false;
            case "failed" -> true;
            default -> throw of(Field.OUTCOME, " '" + outcome + "' is neither succeeded nor failed");
        };
    }

    private BigDecimal quantity() {
        BigDecimal number;
        try {
            number = decimal("quantity", present(Field.QUANTITY));
        } catch (Unfit e) {
            throw new Unfit(Field.QUANTITY, Objects.requireNonNull(e.getMessage()), e.getCause());
        }
        return decimals != null && number.scale() > decimals ? number.setScale(decimals, RoundingMode.HALF_UP) : number;
    }

    /**
     * A number that is bounded before anything is computed with it: {@code 1e99999999} is a short text, but written out or
     * added to another it has a hundred million digits.
     */
    public static BigDecimal decimal(String name, String text) {
        if (text.length() > NUMBER_LIMIT) {
            throw new Unfit(name + " has more than " + NUMBER_LIMIT + " characters");
        }
        if (!PlainText.isAscii(text)) {
            throw new Unfit(name + " '" + text + "' is not a decimal number");
        }
        BigDecimal number;
        try {
            number = new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new Unfit(name + " '" + text + "' is not a decimal number", e);
        }
        if (number.scale() > NUMBER_LIMIT || number.scale() < -NUMBER_LIMIT) {
            throw new Unfit(name + " '" + text + "' has more than " + NUMBER_LIMIT + " digits when it is written out");
        }
        return number;
    }

    private Instant instant() {
        Instant at = instant;
        if (at == null) {
            try {
                at = Timestamps.parse(present(Field.OCCURRED_AT), ZoneOffset.UTC);
            } catch (DateTimeException e) {
                throw new Unfit("occurred_at " + e.getMessage(), e);
            }
        }
        if (at.isBefore(EARLIEST)) {
            throw of(Field.OCCURRED_AT, " " + at + " is before the year 2000");
        }
        return at;
    }

    private static Unfit of(Field field, String fault) {
        return new Unfit(field, field.key() + fault, null);
    }

    private String present(Field field) {
        String text = texts[field.ordinal()];
        if (text == null) throw of(field, " is missing");
        return text;
    }

    /** What a record is known by: it is listed, and typed by people. */
    private String identity(Field field) {
        String text = text(field);
        if (text.isBlank()) throw of(field, " is blank");
        if (PlainText.hasControl(text)) {
            throw of(field, " has a line break or another control character");
        }
        return text;
    }

    private String text(Field field) {
        String text = present(field);
        if (text.isEmpty()) throw of(field, " is missing");
        if (text.length() > TEXT_LIMIT) {
            throw of(field, " has more than " + TEXT_LIMIT + " characters");
        }
        if (!PlainText.isStorable(text)) {
            throw of(field, " has a NUL character or half of a surrogate pair");
        }
        return text;
    }

    /** Why a line is malformed. It never leaves the parsers, and costs no stack trace. */
    public static final class Unfit extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final @Nullable Field field;

        public Unfit(String message) {
            this(message, null);
        }

        public Unfit(String message, @Nullable Throwable cause) {
            this(null, message, cause);
        }

        private Unfit(@Nullable Field field, String message, @Nullable Throwable cause) {
            super(message, cause, false, false);
            this.field = field;
        }

        /** Null where it is not about the value of one field. */
        public @Nullable Field field() {
            return field;
        }

        public Unfit withBeginning(String text) {
            return new Unfit(field, text + getMessage(), getCause());
        }

        public Unfit withEnd(String text) {
            return new Unfit(field, getMessage() + text, getCause());
        }

        public Malformed line() {
            return Malformed.because(Objects.requireNonNull(getMessage()));
        }
    }
}
