package io.postpaid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.CommandLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page about mappings is true: its files, read by its commands, give what it prints. */
class MappingManualTest {
    /** A block, and before it the name of the file that it shows, if it does. */
    private static final Pattern BLOCK =
            Pattern.compile("(?ms)^(?:`([\\w.-]+\\.\\w+)`[^\n]*:\n\n)?```\\w*\n(.*?)```\n");

    private static final String PROMPT = "$ ./postpaid ";

    @TempDir
    private Path folder;

    @Test
    void itsCommandsPrintWhatItShows() throws IOException {
        var postpaid = new CommandLine(folder.resolve("home")).at("2026-11-01T09:00:00Z");
        int commands = 0;
        var blocks = BLOCK.matcher(Files.readString(Path.of("src/docs/mapping.md")));
        while (blocks.find()) {
            if (blocks.group(1) != null) Files.writeString(folder.resolve(blocks.group(1)), blocks.group(2));
            var shown = new StringBuilder();
            for (String line : blocks.group(2).lines().toList()) {
                if (!line.startsWith("$ ")) continue;
                shown.append(line).append('\n');
                if (!line.startsWith(PROMPT)) continue;
                shown.append(answer(postpaid, line.substring(PROMPT.length())));
                commands++;
            }
            if (!shown.isEmpty()) assertThat(shown).hasToString(blocks.group(2));
        }
        assertThat(commands).isGreaterThan(8);
    }

    private String answer(CommandLine postpaid, String line) {
        var words = Arrays.stream(line.split(" "))
                .map(word -> Files.exists(folder.resolve(word))
                        ? folder.resolve(word).toString()
                        : word)
                .toArray(String[]::new);
        var answer = postpaid.run(words);
        return (answer.out() + answer.err()).replace(folder + "/", "");
    }
}
