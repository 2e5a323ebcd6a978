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

/** The pages about tax and about the close are true: their files, read by their commands, give what they print. */
class ManualTest {
    /** A block, and before it the name of the file that it shows, if it does. */
    private static final Pattern BLOCK =
            Pattern.compile("(?ms)^(?:`([\\w.-]+\\.\\w+)`[^\n]*:\n\n)?```\\w*\n(.*?)```\n");

    @TempDir
    private Path folder;

    @Test
    void theCommandsOfTaxPrintWhatItShows() throws IOException {
        follow("tax.md", 9);
        assertThat(Files.readString(folder.resolve("2026-000001.xml"))).contains("CrossIndustryInvoice", "2026-000001");
    }

    @Test
    void theCommandsOfTheClosePrintWhatItShows() throws IOException {
        follow("close.md", 9);
    }

    private void follow(String page, int atLeast) throws IOException {
        var postpaid = new CommandLine(folder.resolve("home")).at("2026-11-01T09:00:00Z");
        int commands = 0;
        var blocks = BLOCK.matcher(Files.readString(Path.of("src/docs", page)));
        while (blocks.find()) {
            if (blocks.group(1) != null) Files.writeString(folder.resolve(blocks.group(1)), blocks.group(2));
            var shown = new StringBuilder();
            for (String line : blocks.group(2).lines().toList()) {
                if (!line.startsWith("$ ")) continue;
                shown.append(line).append('\n').append(answer(postpaid, line.substring("$ ".length())));
                commands++;
            }
            if (!shown.isEmpty()) assertThat(shown).hasToString(blocks.group(2));
        }
        assertThat(commands).isGreaterThanOrEqualTo(atLeast);
    }

    private String answer(CommandLine postpaid, String line) throws IOException {
        if (line.startsWith("cat ")) {
            return Files.readString(folder.resolve(line.substring("cat ".length())))
                    .replace("\r\n", "\n");
        }
        var command = line.split(" > ");
        var words = Arrays.stream(command[0].split(" "))
                .skip(1)
                .map(word -> word.matches("october(-report)?") || Files.exists(folder.resolve(word))
                        ? folder.resolve(word).toString()
                        : word)
                .toArray(String[]::new);
        var answer = postpaid.must(words);
        if (command.length == 1) {
            return answer.out()
                    .replace("\r\n", "\n")
                    .replace(folder + "/", "")
                    .replace("by " + System.getProperty("user.name") + " at", "by operator at");
        }
        Files.writeString(folder.resolve(command[1]), answer.out());
        return "";
    }
}
