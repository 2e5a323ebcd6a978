package io.postpaid.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.Postpaid;
import io.postpaid.cli.Cli;
import io.postpaid.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The command line as a user has it, in this process, on a database and a home of its own. */
public final class CommandLine {
    private final Map<String, Object> settings = new HashMap<>();

    public CommandLine(Path home) {
        settings.put("POSTPAID_HOME", home.toString());
        settings.put("spring.datasource.url", TestDatabase.create());
        settings.put("spring.datasource.username", "postgres");
    }

    /** What a command answered. */
    public record Result(int exitCode, String out, String err) {
        public JsonNode json() {
            return JsonMapper.shared().readTree(out);
        }
    }

    /** Sets a setting, as the environment would. */
    public CommandLine with(String name, Object value) {
        settings.put(name, value);
        return this;
    }

    public String database() {
        return String.valueOf(settings.get("spring.datasource.url"));
    }

    public CommandLine at(String now) {
        return with("POSTPAID_NOW", now);
    }

    public Result run(String... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        int exitCode = Cli.run(Postpaid.class, terminal, settings, arguments);
        return new Result(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Runs what must succeed. */
    public Result must(String... arguments) {
        var result = run(arguments);
        assertThat(result.exitCode())
                .as("%s%n%s%n%s", String.join(" ", arguments), result.out(), result.err())
                .isZero();
        return result;
    }
}
