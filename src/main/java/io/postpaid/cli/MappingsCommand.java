package io.postpaid.cli;

import io.postpaid.usage.mapping.Mappings;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "mappings",
        description = "Lists the logs that can be read by the name of a mapping, or prints one, to begin an own one.")
final class MappingsCommand implements Callable<Answer> {
    private final Fields<String> listed = new Fields<String>()
            .both("name", "NAME", name -> name)
            .both(
                    "format",
                    "FORMAT",
                    name -> mappings().named(name).format().name().toLowerCase(Locale.ROOT))
            .both("built_in", "BUILT IN", name -> mappings().builtIn().contains(name) ? "yes" : "no")
            .both("about", "ABOUT", name -> about(mappings().text(name)));

    @Autowired
    private Mappings mappings;

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "Prints this one.")
    private @Nullable String name;

    @Option(names = "--schema", description = "Prints the JSON Schema of mappings, for editors.")
    private boolean schema;

    @Override
    public Answer call() {
        if (schema)
            return Answer.of(
                    Map.of("schema", Mappings.schema()), Mappings.schema().strip());
        if (name != null) {
            String text = mappings.text(name);
            return Answer.of(Map.of("name", name, "text", text), text.strip());
        }
        return listed.list(mappings.names(), "There are no mappings");
    }

    private Mappings mappings() {
        return mappings;
    }

    /** The first sentence of the remark at its top, behind what is said to an editor. */
    private static String about(String yaml) {
        String first = yaml.lines()
                .filter(line -> !line.startsWith("# yaml-language-server:"))
                .findFirst()
                .orElse("");
        return first.startsWith("#") ? first.substring(1).strip().replaceFirst("\\. .*|\\.$", "") : "";
    }
}
