package io.postpaid.usage.record;

import io.postpaid.platform.file.PlainText;
import io.postpaid.usage.record.ParsedLine.Malformed;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The fields of a line as text, on their way to a record. The rules of what a record must have are here, once. */
public final class Draft {
    /** Ten times what any sensible sender uses, and short enough to print. */
    public static final int TEXT_LIMIT = 500;

    private static final int NUMBER_LIMIT = 100;
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    public static final String DEFAULT_SOURCE = "default";

    @Nullable
    public String source;

    @Nullable
    public String id;

    @Nullable
    public String type;

    @Nullable
    public String voids;

    @Nullable
    public String account;

    @Nullable
    public String product;

    @Nullable
    public String quantity;

    @Nullable
    public String occurredAt;

    @Nullable
    public String outcome;

    @Nullable
    public String operation;

    @Nullable
    public String metadata;

    /** To how many decimals a mapping lets the quantity be rounded; none without it. */
    @Nullable
    public Integer round;

    /** Set instead of the text by a mapping, which has its own ways to write instants. */
    @Nullable
    public Instant exactInstant;

    public ParsedLine finish() {
        return finish(ZoneOffset.UTC);
    }

    public ParsedLine finish(ZoneId zone) {
        try {
            String from = source == null ? DEFAULT_SOURCE : identity("source", source);
            String itself = identity("id", id);
            String customer = text("account", account);
            Instant instant = instant(zone);
            if (voids != null || "void".equals(type)) {
                return new UsageVoid(from, itself, identity("voids", voids), customer, instant);
            }
            if (type != null && !type.equals("usage")) {
                throw new Unfit("type '" + type + "' is neither usage nor void");
            }
            if (from.startsWith(OwnVoice.PREFIX)) return Malformed.ofReservedSource(from);
            return new UsageRecord(
                    from,
                    itself,
                    customer,
                    text("product", product),
                    quantity(),
                    instant,
                    failed(),
                    operation == null ? null : text("operation", operation),
                    metadata);
        } catch (Unfit e) {
            return Malformed.because(Objects.requireNonNull(e.getMessage()));
        }
    }

    private boolean failed() {
        return switch (outcome) {
            case null -> false;
            case "succeeded" -> false;
            case "failed" -> true;
            default -> throw new Unfit("outcome '" + outcome + "' is neither succeeded nor failed");
        };
    }

    private BigDecimal quantity() {
        if (quantity == null) {
            throw new Unfit("quantity is missing");
        }
        BigDecimal number = decimal("quantity", quantity);
        return round != null && number.scale() > round ? number.setScale(round, RoundingMode.HALF_UP) : number;
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

    private Instant instant(ZoneId zone) {
        Instant instant = exactInstant;
        if (instant == null) {
            if (occurredAt == null) {
                throw new Unfit("occurred_at is missing");
            }
            try {
                instant = Timestamps.parse(occurredAt, zone);
            } catch (DateTimeException e) {
                throw new Unfit("occurred_at " + e.getMessage(), e);
            }
        }
        if (instant.isBefore(EARLIEST)) {
            throw new Unfit("occurred_at " + instant + " is before the year 2000");
        }
        return instant;
    }

    /** What a record is known by: it is listed, and typed by people. */
    private static String identity(String name, @Nullable String given) {
        String text = text(name, given);
        if (text.isBlank()) {
            throw new Unfit(name + " is blank");
        }
        if (PlainText.hasControl(text)) {
            throw new Unfit(name + " has a line break or another control character");
        }
        return text;
    }

    private static String text(String name, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            throw new Unfit(name + " is missing");
        }
        if (text.length() > TEXT_LIMIT) {
            throw new Unfit(name + " has more than " + TEXT_LIMIT + " characters");
        }
        if (!storable(text)) {
            throw new Unfit(name + " has a NUL character or half of a surrogate pair");
        }
        return text;
    }

    /** What PostgreSQL cannot keep as text, or not without turning two different texts into the same. */
    public static boolean storable(String text) {
        return PlainText.isStorable(text);
    }

    /** Why a line is malformed. It never leaves the parsers, and costs no stack trace. */
    public static final class Unfit extends RuntimeException {
        private static final long serialVersionUID = 1;

        public Unfit(String message) {
            this(message, null);
        }

        public Unfit(String message, @Nullable Throwable cause) {
            super(message, cause, false, false);
        }
    }
}
