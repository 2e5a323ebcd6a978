package io.postpaid.usage.mapping;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postpaid.usage.mapping.StrictJson.Odd;
import io.postpaid.usage.mapping.StrictJson.Value;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the lines of the real logs say, read a second time by hand and without anything of the mappings: a record as
 * {@link LineParserTest#show} writes it, {@code left out}, or {@link #ODD} for what nobody may bill. Ids that are hashes are #.
 */
final class SaidByLogs {
    static final String ODD = "odd";
    static final String OUT = "left out";

    private static final Pattern INSTANT = Pattern.compile(
            "(\\d{4})-(\\d\\d)-(\\d\\d)[Tt ](\\d\\d):(\\d\\d)(?::(\\d\\d)(?:[.,](\\d+))?)?(?:\\s*(Z|z|[+-][0-9:]+)\\s*)?");
    private static final Pattern DAY = Pattern.compile("(\\d{4})-(\\d\\d)-(\\d\\d)");
    private static final Set<String> COMPLETIONS =
            Set.of("completion", "acompletion", "text_completion", "atext_completion");
    private static final Set<String> NO_COMPLETIONS = Set.of(
            ("embedding aembedding image_generation aimage_generation moderation amoderation transcription atranscription"
                            + " speech aspeech rerank arerank responses aresponses get_responses aget_responses"
                            + " delete_responses adelete_responses list_batches alist_batches pass_through_endpoint")
                    .split(" "));

    private SaidByLogs() {}

    // --- Lines of JSON

    /** @param text of a line, which may be anything */
    static String line(String log, String text) {
        try {
            return String.join(", ", json(log, StrictJson.read(text)));
        } catch (Odd | DateTimeException | ArithmeticException e) {
            return ODD;
        }
    }

    private static List<String> json(String log, Value row) {
        if (!(row instanceof Value.Members)) throw new Odd("no object");
        return switch (log) {
            case "litellm-spend" -> litellm(row);
            case "tokens-cached" -> tokens(row);
            case "whisper-verbose" -> whisper(row);
            case "stripe-meter-events" -> stripe(row);
            case "openmeter-cloudevents" -> openmeter(row);
            case "cloudflare-ai-gateway" -> cloudflare(row);
            case "kong-http-log" -> kong(row);
            default -> throw new IllegalArgumentException(log);
        };
    }

    private static List<String> litellm(Value row) {
        unambiguous(row, "prompt_tokens completion_tokens startTime status cache_hit model request_id end_user");
        unworded(row, "request_id", "end_user");
        String kind = orEmpty(row, "call_type");
        if (kind.isEmpty() && orEmpty(row, "status").equals("failure")) return List.of(OUT);
        if (NO_COMPLETIONS.contains(kind) || kind.equals("failure")) return List.of(OUT);
        if (!COMPLETIONS.contains(kind)) throw new Odd("kind");
        boolean failed = oneOf(scalar(row, "status"), Map.of("success", false, "failure", true));
        String operation = oneOf(
                scalar(row, "cache_hit"),
                Map.of("True", " cached", "true", " cached", "False", "", "false", "", "None", "", "", ""));
        String end = (failed ? " failed" : "") + operation + " " + model(row);
        String at = instant(scalar(row, "startTime"));
        String who = "litellm-spend/" + name(row, "request_id");
        return List.of(
                said(who + ":input", name(row, "end_user"), "input", number(row, "prompt_tokens"), at, end),
                said(who + ":output", name(row, "end_user"), "output", number(row, "completion_tokens"), at, end));
    }

    private static List<String> tokens(Value row) {
        var records = new ArrayList<String>();
        String id = "tokens-cached/" + name(row, "id");
        String account = name(row, "customer");
        String at = instant(scalar(row, "ts"));
        var said = StrictJson.at(row, "usage", "cached_input_tokens");
        boolean none =
                isNull(said) || said instanceof Value.Text text && text.text().isEmpty();
        var cached = none ? BigDecimal.ZERO : number(row, "usage", "cached_input_tokens");
        var input = number(row, "usage", "input_tokens").subtract(cached);
        records.add(said(id + ":uncached", account, "uncached", input, at, ""));
        if (!none) records.add(said(id + ":cached", account, "cached", cached, at, ""));
        records.add(said(id + ":output", account, "output", number(row, "usage", "output_tokens"), at, ""));
        return records;
    }

    private static List<String> whisper(Value row) {
        if (!Set.of("transcribe", "translate").contains(scalar(row, "task"))) throw new Odd("task");
        var seconds = number(row, "duration");
        if (seconds.scale() > 9) seconds = seconds.setScale(9, RoundingMode.HALF_UP);
        return List.of(said(
                "whisper-verbose/" + name(row, "job"), name(row, "tenant"), "audio", seconds, epoch(row, 0, "at"), ""));
    }

    private static List<String> stripe(Value row) {
        var id = StrictJson.at(row, "identifier");
        boolean none = id == null
                || isNull(id)
                || id instanceof Value.Text text && text.text().isEmpty();
        return List.of(said(
                "stripe-meter-events/" + (none ? "#" : name(row, "identifier")),
                name(row, "payload", "stripe_customer_id"),
                name(row, "event_name"),
                number(row, "payload", "value"),
                epoch(row, 0, "timestamp"),
                ""));
    }

    private static List<String> openmeter(Value row) {
        if (!scalar(row, "specversion").equals("1.0")) throw new Odd("specversion");
        String type = scalar(row, "type");
        String quantity = oneOf(type, Map.of("request", "duration_seconds", "prompt", "tokens"));
        return List.of(said(
                "openmeter-cloudevents/" + text(row, "source") + "/" + text(row, "id") + ":" + type,
                name(row, "subject"),
                type,
                number(row, "data", quantity),
                instant(scalar(row, "time")),
                ""));
    }

    private static List<String> cloudflare(Value row) {
        var metadata = StrictJson.at(row, "metadata");
        var inside = metadata instanceof Value.Text text ? StrictJson.read(text.text()) : metadata;
        if (!(inside instanceof Value.Members)) throw new Odd("metadata");
        boolean succeeded = oneOf(scalar(row, "success"), Map.of("true", true, "false", false));
        String cached = oneOf(scalar(row, "cached"), Map.of("true", " cached", "false", ""));
        return List.of(said(
                "cloudflare-ai-gateway/" + name(row, "id"),
                name(inside, "customer"),
                name(row, "model"),
                number(row, "tokens_in").add(number(row, "tokens_out")),
                instant(scalar(row, "created_at")),
                (succeeded ? "" : " failed") + cached));
    }

    private static List<String> kong(Value row) {
        unambiguous(row, "started_at request.uri response.status");
        var uri = StrictJson.at(row, "request", "uri");
        if (uri != null && !isNull(uri)) textOrEmpty(uri);
        var consumer = StrictJson.at(row, "consumer");
        if (consumer != null && !storable(StrictJson.canonical(consumer))) throw new Odd("no text");
        if (consumer == null || isNull(consumer)) return List.of(OUT);
        if (consumer instanceof Value.Text text && text.text().isEmpty()) return List.of(OUT);
        String status = scalar(row, "response", "status");
        if (!status.matches("[1-5][0-9][0-9]")) throw new Odd("status");
        return List.of(said(
                "kong-http-log/#",
                name(row, "consumer", "username"),
                product(scalar(row, "request", "uri")),
                BigDecimal.ONE,
                epoch(row, -3, "started_at"),
                status.charAt(0) < '4' ? "" : " failed"));
    }

    // --- Documents

    /**
     * What the rows of a document say.
     *
     * @param breaksOff whether it is broken: then only rows before the fault are known
     */
    record Document(List<String> rows, boolean breaksOff) {}

    static Document document(String log, String text) {
        return new Reader(log, StrictJson.stream(text)).read();
    }

    private static final class Reader {
        private final String log;
        private final StrictJson.Stream stream;
        private final List<String> rows = new ArrayList<>();
        private boolean found;
        private boolean odd;

        Reader(String log, StrictJson.Stream stream) {
            this.log = log;
            this.stream = stream;
            this.odd = stream.breaksOff();
        }

        Document read() {
            for (var top : stream.values()) {
                if (log.equals("kong-http-log")) {
                    elements(top).forEach(row -> row(row, () -> json(log, row)));
                } else {
                    found |= elements(top).isEmpty();
                    elements(top)
                            .forEach(page -> below(
                                    page,
                                    "data",
                                    bucket -> below(bucket, "results", row -> row(row, () -> openai(bucket, row)))));
                }
            }
            return new Document(rows, odd || !found && !log.equals("kong-http-log"));
        }

        /** What lacks the way to its rows is a row that nobody can bill. */
        private void below(Value value, String name, Consumer<Value> each) {
            var named = StrictJson.first(value, name);
            if (named == null) {
                if (!stream.torn().contains(value)) rows.add(ODD);
                return;
            }
            var all = elements(named);
            found |= name.equals("results") || all.isEmpty();
            all.forEach(each);
            odd |= Stream.of(name, "start_time", "end_time").anyMatch(member -> isTwice(value, member));
        }

        private static boolean isTwice(Value value, String name) {
            return value instanceof Value.Members of
                    && of.members().stream()
                                    .filter(member -> member.name().equals(name))
                                    .count()
                            > 1;
        }

        private void row(Value row, Supplier<List<String>> read) {
            if (stream.torn().contains(row)) return;
            try {
                rows.add(String.join(", ", read.get()));
            } catch (Odd | DateTimeException | ArithmeticException e) {
                rows.add(ODD);
            }
        }

        /** A list stands for its elements, wherever it stands. */
        private static List<Value> elements(Value value) {
            return value instanceof Value.Items list
                    ? list.values().stream()
                            .flatMap(each -> elements(each).stream())
                            .toList()
                    : List.of(value);
        }
    }

    private static List<String> openai(Value bucket, Value row) {
        if (!scalar(row, "object").equals("organization.usage.completions.result")) throw new Odd("object");
        var parts = new ArrayList<String>();
        for (var part : Arrays.asList(
                StrictJson.first(bucket, "start_time"),
                StrictJson.first(bucket, "end_time"),
                StrictJson.at(row, "project_id"),
                StrictJson.at(row, "model"))) {
            if (part == null) throw new Odd("a part of the id is missing");
            parts.add(isNull(part) ? "" : part instanceof Value.Text text ? text.text() : StrictJson.canonical(part));
        }
        String id = "openai-usage-page/" + Tables.key(parts);
        String account = name(row, "project_id");
        String at = epoch(Objects.requireNonNull(StrictJson.first(bucket, "start_time")), 0);
        var cached = number(row, "input_cached_tokens");
        String end = " " + model(row);
        return List.of(
                said(
                        id + ":uncached",
                        account,
                        "uncached",
                        number(row, "input_tokens").subtract(cached),
                        at,
                        end),
                said(id + ":cached", account, "cached", cached, at, end),
                said(id + ":output", account, "output", number(row, "output_tokens"), at, end));
    }

    // --- Values

    /** Also of a line that is left out: what the mapping names is not there twice. */
    private static void unambiguous(Value row, String paths) {
        for (String path : paths.split(" ")) StrictJson.at(row, path.split("\\."));
    }

    /** Nor is somebody called true, or an object. */
    private static void unworded(Value row, String... names) {
        for (String name : names) {
            var value = StrictJson.at(row, name);
            if (value != null && !isNull(value)) textOrEmpty(value);
        }
    }

    private static String textOrEmpty(Value value) {
        return switch (value) {
            case Value.Text of -> of.text();
            case Value.Digits of -> of.text();
            default -> throw new Odd("no text");
        };
    }

    static String said(String id, String account, String product, BigDecimal quantity, String at, String end) {
        if (id.substring(id.indexOf('/') + 1).isBlank()) throw new Odd("no id");
        if (id.chars()
                .anyMatch(c -> Character.isISOControl(c) || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069)) {
            throw new Odd("a control character in the id");
        }
        if (account.isEmpty() || product.isEmpty()) throw new Odd("empty");
        for (String text : List.of(id, account, product)) if (!storable(text)) throw new Odd("no text");
        var plain = quantity.signum() == 0 ? "0" : quantity.stripTrailingZeros().toPlainString();
        return "%s %s %s %s %s%s".formatted(id, account, product, plain, at, end);
    }

    private static boolean isNull(@Nullable Value value) {
        return value instanceof Value.Word word && word.text().equals("null");
    }

    private static boolean storable(String text) {
        var bytes = UTF_8.newEncoder();
        return text.length() <= 620 && text.indexOf('\0') < 0 && bytes.canEncode(text);
    }

    /** The text of it, or of the number or word that it is; empty for null. */
    private static String scalar(Value row, String... names) {
        return switch (StrictJson.at(row, names)) {
            case Value.Text of -> of.text();
            case Value.Digits of -> of.text();
            case Value.Word of -> of.text().equals("null") ? "" : of.text();
            case null, default -> throw new Odd(names[names.length - 1]);
        };
    }

    private static String orEmpty(Value row, String name) {
        return StrictJson.at(row, name) == null ? "" : scalar(row, name);
    }

    /** A text or a number, and something. */
    private static String text(Value row, String... names) {
        if (StrictJson.at(row, names) instanceof Value.Word) throw new Odd("a word");
        String text = scalar(row, names);
        if (text.isEmpty()) throw new Odd("empty");
        return text;
    }

    private static String name(Value row, String... names) {
        String text = text(row, names);
        if (text.length() > 500) throw new Odd("long");
        return text;
    }

    private static BigDecimal number(Value row, String... names) {
        if (StrictJson.at(row, names) instanceof Value.Word) throw new Odd("a word");
        return number(scalar(row, names).strip());
    }

    static BigDecimal number(String text) {
        if (text.length() > 100 || !text.matches("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?0*[0-9]{1,9})?")) {
            throw new Odd("no number");
        }
        var number = new BigDecimal(text);
        if (Math.abs(number.scale()) > 100) throw new Odd("a number without bounds");
        return number;
    }

    private static <T> T oneOf(String text, Map<String, T> table) {
        T found = table.get(text);
        if (found == null) throw new Odd("none of " + table.keySet());
        return found;
    }

    static String product(String path) {
        var found = Pattern.compile("/v1/([a-z0-9-]+)([/?].*)?", Pattern.DOTALL).matcher(path);
        if (!found.matches()) throw new Odd("path");
        return found.group(1);
    }

    private static String model(Value row) {
        var model = StrictJson.at(row, "model");
        if (model == null) return "{}";
        String text = model instanceof Value.Text of ? of.text() : isNull(model) ? "" : StrictJson.canonical(model);
        if (!UTF_8.newEncoder().canEncode(text)) throw new Odd("half of a surrogate pair");
        return text.isEmpty() ? "{}" : StrictJson.object(Map.of("model", StrictJson.quoted(text)));
    }

    private static String epoch(Value row, int power, String name) {
        var value = StrictJson.at(row, name);
        if (value == null) throw new Odd(name);
        return epoch(value, power);
    }

    private static String epoch(Value value, int power) {
        String text = switch (value) {
            case Value.Text of -> of.text();
            case Value.Digits of -> of.text();
            default -> throw new Odd("no time");
        };
        var seconds = number(text).scaleByPowerOfTen(power);
        var whole = seconds.setScale(0, RoundingMode.FLOOR);
        if (whole.abs().compareTo(new BigDecimal("253402300799")) > 0) throw new Odd("no time");
        var nanos = seconds.subtract(whole).movePointRight(9).longValue();
        return billable(Instant.ofEpochSecond(whole.longValueExact(), nanos));
    }

    static String instant(String text) {
        var day = DAY.matcher(text);
        if (day.matches()) text += "T00:00Z";
        var parts = INSTANT.matcher(text);
        if (!parts.matches()) throw new Odd("no instant");
        String fraction = ((parts.group(7) == null ? "" : parts.group(7)) + "000000000").substring(0, 9);
        var local = LocalDateTime.of(
                Integer.parseInt(parts.group(1)),
                Integer.parseInt(parts.group(2)),
                Integer.parseInt(parts.group(3)),
                Integer.parseInt(parts.group(4)),
                Integer.parseInt(parts.group(5)),
                parts.group(6) == null ? 0 : Integer.parseInt(parts.group(6)),
                Integer.parseInt(fraction));
        return billable(local.toInstant(
                parts.group(8) == null
                        ? ZoneOffset.UTC
                        : ZoneOffset.of(parts.group(8).toUpperCase(Locale.ROOT))));
    }

    static String billable(Instant at) {
        if (at.isBefore(Instant.parse("2000-01-01T00:00:00Z"))) throw new Odd("before there were such logs");
        return at.truncatedTo(ChronoUnit.MICROS).toString();
    }

    static @Nullable String decoded(byte[] bytes) {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.indexOf('\0') < 0 ? text : null;
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
