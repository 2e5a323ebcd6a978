package io.postpaid.cli;

import io.postpaid.bench.Figure;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The figures of a bench that was run before, from the JSON that it answered. */
record EarlierBench(String file, long records, long accounts, Map<String, BigDecimal> values) {
    private static final long BYTES_MAX = 1 << 20;
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    static EarlierBench read(String file) {
        try {
            var path = Path.of(file);
            if (!Files.isRegularFile(path)) throw new NoSuchFileException(file);
            if (Files.size(path) > BYTES_MAX) throw new IllegalArgumentException("too long");
            var json = JsonMapper.shared().readTree(Files.readString(path));
            var values = new LinkedHashMap<String, BigDecimal>();
            for (var figure : json.required("figures")) {
                var value = Cli.amount(figure.required("value").stringValue());
                if (value.signum() == 0) throw new IllegalArgumentException("nothing measured");
                values.put(Table.shown(figure.required("figure").stringValue(), 100), value);
            }
            if (values.isEmpty()) throw new IllegalArgumentException("nothing measured");
            return new EarlierBench(
                    file,
                    json.required("records").longValue(),
                    json.required("accounts").longValue(),
                    values);
        } catch (IOException e) {
            throw new TypeConversionException("'" + file + "' cannot be read");
        } catch (JacksonException | IllegalArgumentException e) {
            throw new TypeConversionException("'" + file + "' is not what bench answers with --json");
        }
    }

    Fields<Figure> fields() {
        return new Fields<Figure>()
                .field("earlier", figure -> earlier(figure, BigDecimal::toPlainString))
                .field(
                        "change_percent",
                        figure -> earlier(figure, was -> change(figure, was).toPlainString()))
                .column(
                        "EARLIER",
                        figure -> earlier(
                                figure,
                                was -> "was %,.3f".formatted(was).replaceFirst("\\.?0+$", "") + ", "
                                        + "%+d %%".formatted(change(figure, was).longValueExact())));
    }

    private <T> @Nullable T earlier(Figure figure, Function<BigDecimal, T> told) {
        var was = values.get(figure.name());
        return was == null ? null : told.apply(was);
    }

    private static BigDecimal change(Figure figure, BigDecimal was) {
        return figure.value().subtract(was).multiply(HUNDRED).divide(was, 0, RoundingMode.HALF_UP);
    }

    /** Figures that it does not have. */
    List<String> onlyNow(Collection<Figure> figures) {
        return figures.stream()
                .map(Figure::name)
                .filter(name -> !values.containsKey(name))
                .toList();
    }

    /** Figures that only it has. */
    List<String> onlyEarlier(Collection<Figure> figures) {
        var now = figures.stream().map(Figure::name).toList();
        return values.keySet().stream().filter(name -> !now.contains(name)).toList();
    }

    String remarks(Collection<Figure> figures, long recordsNow, long accountsNow) {
        var text = new StringBuilder();
        if (records != recordsNow || accounts != accountsNow) {
            text.append("%s was measured with %d records and %d accounts%n".formatted(file, records, accounts));
        }
        onlyNow(figures).forEach(name -> text.append("Only now: %s%n".formatted(name)));
        onlyEarlier(figures).forEach(name -> text.append("Only in %s: %s%n".formatted(file, name)));
        return text.toString().stripTrailing();
    }
}
