package io.postpaid.usage.format;

import io.postpaid.usage.record.OwnVoice;
import io.postpaid.usage.record.ParsedLine;
import io.postpaid.usage.record.RecordDraft;
import io.postpaid.usage.record.UsageRecord;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines that nearly all senders send, and leaves every other to whoever reads with all the rules: a record
 * with its own fields, each once, as ASCII strings without escapes, with a usual quantity and a usual UTC instant.
 */
final class PlainJson {
    private static final int DIGITS = 17;
    private static final byte DELETE = 0x7f;

    private final Texts texts = new Texts();

    /** Null for a line that must be read with all the rules, whether it is right or wrong. */
    @Nullable
    ParsedLine read(byte[] bytes, int from, int length) {
        try {
            return new Line(bytes, from, from + length).record();
        } catch (NotPlain | DateTimeException | IndexOutOfBoundsException e) {
            return null;
        }
    }

    private final class Line {
        private final byte[] bytes;
        private final int end;
        private int at;
        private int textFrom;
        private int textTo;

        private @Nullable String source;
        private @Nullable String id;
        private @Nullable String account;
        private @Nullable String product;
        private @Nullable String outcome;
        private @Nullable String operation;
        private @Nullable BigDecimal quantity;
        private @Nullable Instant occurredAt;

        Line(byte[] bytes, int from, int end) {
            this.bytes = bytes;
            this.at = from;
            this.end = end;
        }

        ParsedLine record() {
            expect('{');
            do {
                field();
            } while (more());
            if (at != end
                    || id == null
                    || account == null
                    || product == null
                    || quantity == null
                    || occurredAt == null
                    || source != null && source.startsWith(OwnVoice.PREFIX)
                    || outcome != null && !outcome.equals("succeeded") && !outcome.equals("failed")) {
                throw NotPlain.LINE;
            }
            return new UsageRecord(
                    source == null ? RecordDraft.DEFAULT_SOURCE : source,
                    id,
                    account,
                    product,
                    quantity,
                    occurredAt,
                    "failed".equals(outcome),
                    operation,
                    null);
        }

        private void field() {
            text();
            String name = texts.of(bytes, textFrom, textTo);
            expect(':');
            switch (name) {
                case "source" -> source = repeated(source);
                case "account" -> account = repeated(account);
                case "product" -> product = repeated(product);
                case "outcome" -> outcome = repeated(outcome);
                case "operation" -> operation = repeated(operation);
                case "id" -> {
                    once(id);
                    text();
                    id = new String(bytes, textFrom, textTo - textFrom, StandardCharsets.ISO_8859_1);
                }
                case "quantity" -> {
                    once(quantity);
                    quantity = quantity();
                }
                case "occurred_at" -> {
                    once(occurredAt);
                    text();
                    occurredAt = instant();
                }
                default -> throw NotPlain.LINE;
            }
        }

        private static void once(@Nullable Object before) {
            if (before != null) throw NotPlain.LINE;
        }

        private String repeated(@Nullable String before) {
            once(before);
            text();
            return texts.of(bytes, textFrom, textTo);
        }

        /** Passes over white space and then this character. */
        private void expect(char wanted) {
            space();
            if (at == end || bytes[at] != wanted) throw NotPlain.LINE;
            at++;
        }

        /** True behind a comma, false behind the end of the object and of the line. */
        private boolean more() {
            space();
            if (at < end && bytes[at] == ',') {
                at++;
                return true;
            }
            expect('}');
            space();
            return false;
        }

        private void space() {
            while (at < end && (bytes[at] == ' ' || bytes[at] == '\t' || bytes[at] == '\r')) {
                at++;
            }
        }

        /** Leaves where a string is that is neither empty nor too long. */
        private void text() {
            expect('"');
            textFrom = at;
            while (at < end && bytes[at] != '"') {
                // All but ASCII is negative.
                if (bytes[at] < ' ' || bytes[at] == '\\' || bytes[at] == DELETE) throw NotPlain.LINE;
                at++;
            }
            textTo = at;
            if (at == end
                    || textTo == textFrom
                    || bytes[textFrom] == ' '
                    || textTo - textFrom > RecordDraft.TEXT_LIMIT) {
                throw NotPlain.LINE;
            }
            at++;
        }

        private BigDecimal quantity() {
            space();
            if (at < end && bytes[at] == '"') {
                text();
                return decimal(textFrom, textTo);
            }
            int from = at;
            while (at < end && (digit(at) || bytes[at] == '.')) {
                at++;
            }
            if (at - from > 1 && bytes[from] == '0' && bytes[from + 1] != '.') {
                throw NotPlain.LINE;
            }
            return decimal(from, at);
        }

        /** Digits, and perhaps a point between them. */
        private BigDecimal decimal(int from, int to) {
            long unscaled = 0;
            int point = -1;
            for (int i = from; i < to; i++) {
                if (bytes[i] == '.' && point < 0) {
                    point = i;
                } else if (digit(i)) {
                    unscaled = unscaled * 10 + bytes[i] - '0';
                } else {
                    throw NotPlain.LINE;
                }
            }
            if (to == from || to - from > DIGITS || point == from || point == to - 1) {
                throw NotPlain.LINE;
            }
            return BigDecimal.valueOf(unscaled, point < 0 ? 0 : to - point - 1);
        }

        /** As in {@code 2026-10-03T12:00:00Z}, perhaps with a fraction of the second. */
        private Instant instant() {
            int t = textFrom;
            int last = textTo - 1;
            if (last < t + 19
                    || last > t + 29
                    || bytes[last] != 'Z'
                    || bytes[t + 4] != '-'
                    || bytes[t + 7] != '-'
                    || bytes[t + 10] != 'T'
                    || bytes[t + 13] != ':'
                    || bytes[t + 16] != ':') {
                throw NotPlain.LINE;
            }
            int nano = 0;
            if (last > t + 19) {
                if (bytes[t + 19] != '.' || last == t + 20) {
                    throw NotPlain.LINE;
                }
                nano = number(t + 20, last);
                for (int digits = last - t - 20; digits < 9; digits++) {
                    nano *= 10;
                }
            }
            int year = number(t, t + 4);
            int hour = number(t + 11, t + 13);
            int minute = number(t + 14, t + 16);
            int second = number(t + 17, t + 19);
            if (year < 2000 || hour > 23 || minute > 59 || second > 59) {
                throw NotPlain.LINE;
            }
            long day = LocalDate.of(year, number(t + 5, t + 7), number(t + 8, t + 10))
                    .toEpochDay();
            return Instant.ofEpochSecond(day * 86_400 + hour * 3_600L + minute * 60L + second, nano);
        }

        private int number(int from, int to) {
            int number = 0;
            for (int i = from; i < to; i++) {
                if (!digit(i)) {
                    throw NotPlain.LINE;
                }
                number = number * 10 + bytes[i] - '0';
            }
            return number;
        }

        private boolean digit(int i) {
            return bytes[i] >= '0' && bytes[i] <= '9';
        }
    }

    /**
     * Names of accounts, products and the like come again and again: remembered, they are neither made nor kept twice.
     * Threads may overwrite each other's entries, which costs one more string and nothing else.
     */
    private static final class Texts {
        private final @Nullable String[] seen = new @Nullable String[1 << 14];

        String of(byte[] bytes, int from, int to) {
            int hash = 0;
            for (int i = from; i < to; i++) {
                hash = hash * 31 + bytes[i];
            }
            int slot = (hash ^ hash >>> 15) & seen.length - 1;
            String candidate = seen[slot];
            if (candidate != null && same(candidate, bytes, from, to)) {
                return candidate;
            }
            var text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
            seen[slot] = text;
            return text;
        }

        private static boolean same(String text, byte[] bytes, int from, int to) {
            if (text.length() != to - from) {
                return false;
            }
            for (int i = from; i < to; i++) {
                if (text.charAt(i - from) != bytes[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Costs no stack trace, and never leaves this class. */
    private static final class NotPlain extends RuntimeException {
        private static final long serialVersionUID = 1;
        static final NotPlain LINE = new NotPlain();

        private NotPlain() {
            super(null, null, false, false);
        }
    }
}
