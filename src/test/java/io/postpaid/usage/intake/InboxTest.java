package io.postpaid.usage.intake;

import static io.postpaid.usage.intake.UsageFixture.line;
import static io.postpaid.usage.intake.UsageFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.usage.format.UnreadableUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxTest {
    private static final String GATEWAY = """
            format: ndjson
            source: %s
            fields:
              id:          {line: true}
              account:     {column: who}
              product:     {value: image}
              quantity:    {column: n}
              occurred_at: {value: "2026-10-03T12:00:00Z"}
            """;

    private final UsageFixture usage = new UsageFixture();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Inbox inbox;

    @BeforeEach
    void make() throws IOException {
        folder = Files.createDirectories(home.resolve("inbox"));
        inbox = usage.inbox(home, 10);
    }

    @Test
    void eachFileIsTakenInAndMovedWithItsTieOut() throws IOException {
        write(folder.resolve("a.ndjson"), line("1", "acme", "audio", "1", "2026-10-03T12:00:00Z"));
        write(folder.resolve("b.csv"), "id,account\n1,acme\n");
        write(folder.resolve("c.csv"), "who,n\nacme,3\n");
        write(folder.resolve("c.csv.mapping.yaml"), """
                format: csv
                fields:
                  id:          {line: true}
                  account:     {column: who}
                  product:     {value: image}
                  quantity:    {column: n}
                  occurred_at: {value: "2026-10-03T12:00:00Z"}
                """);
        write(folder.resolve("d.ndjson.part"), "half");
        write(folder.resolve(".hidden"), "nothing");
        assertThat(ingestAll())
                .containsExactly(
                        new IngestOutcome("a.ndjson", 1, 1, 0, 0),
                        "b.csv: the column 'occurred_at' is missing; the header has [id, account]",
                        new IngestOutcome("c.csv", 1, 1, 0, 0));
        assertThat(names(folder)).containsExactly(".hidden", "b.csv", "c.csv.mapping.yaml", "d.ndjson.part", "done");
        assertThat(names(folder.resolve("done")))
                .containsExactly("a.ndjson", "a.ndjson.tieout.json", "c.csv", "c.csv.tieout.json");
        assertThat(folder.resolve("done/a.ndjson.tieout.json")).hasContent("""
                        {"file":"a.ndjson","lines":1,"records":1,"accepted":1,"duplicates":0,"quarantined":0,"left_out":0}""");
    }

    @Test
    void theSameNameComesAgain() throws IOException {
        for (int i = 0; i < 2; i++) {
            write(folder.resolve("a.ndjson"), line("1", "acme", "audio", "1", "2026-10-03T12:00:00Z"));
            assertThat(ingestAll()).containsExactly(new IngestOutcome("a.ndjson", 1, 1 - i, i, 0));
        }
        assertThat(names(folder.resolve("done")))
                .containsExactly("a.ndjson", "a.ndjson.1", "a.ndjson.1.tieout.json", "a.ndjson.tieout.json");
        assertThat(usage.records()).containsExactly("acme audio 2026-10-03 1 1 0 0");
    }

    /** Who can put a link there must not have other files read, or shown from quarantine. */
    @Test
    void aLinkIsNotRead(@TempDir Path elsewhere) throws IOException {
        var secret = elsewhere.resolve("secret.ndjson");
        write(secret, line("1", "acme", "audio", "1", "2026-10-03T12:00:00Z"));
        Files.createSymbolicLink(folder.resolve("link.ndjson"), secret);
        assertThat(ingestAll()).containsExactly("link.ndjson is a link to another file: put the file itself there");
        assertThat(secret).exists();
    }

    /** Each is reported with the way out, and what is beside it is taken. */
    @Test
    void whatIsNoFileIsReportedAndNotWaitedFor() throws Exception {
        write(home.resolve("mappings/gateway.yaml"), GATEWAY.formatted("gw"));
        Files.createDirectories(folder.resolve("a-folder"));
        write(folder.resolve("a-folder/in-it.ndjson"), "not looked at");
        var pipe = folder.resolve("b-pipe.ndjson").toString();
        assertThat(new ProcessBuilder("mkfifo", pipe).start().waitFor()).isZero();
        Files.createSymbolicLink(folder.resolve("c-nowhere.ndjson"), folder.resolve("gone"));
        write(folder.resolve("d.ndjson"), line("1", "acme", "audio", "1", "2026-10-03T12:00:00Z"));
        assertThat(ingestAll())
                .containsExactly(
                        "a-folder is a folder, and neither is there a mapping of this name nor a mapping.yaml in it. There are aws-cur, azure-cost, cloudflare-ai-gateway, focus, gateway, kong-http-log, litellm-spend, nginx-combined, openai-usage-page, openmeter-cloudevents, stripe-meter-events, tokens-cached, whisper-verbose, what is put into "
                                + home.resolve("mappings")
                                + ". Put the files that are in it into the folder of their mapping, or into the inbox itself",
                        "b-pipe.ndjson is no regular file, but a pipe or device: put a file there",
                        "c-nowhere.ndjson is a link to another file: put the file itself there",
                        new IngestOutcome("d.ndjson", 1, 1, 0, 0));
        assertThat(ingestAll()).hasSize(3);
    }

    /** A folder may hold more names than fit into the memory, also such as cannot be read and stay. */
    @Test
    void filesAreTakenByNameAPageAtATime() throws IOException {
        for (int n = 0; n < 25; n++) write(folder.resolve("f%02d.csv".formatted(n)), "neither\n");
        var seen = new ArrayList<String>();
        write(home.resolve("mappings/gateway.yaml"), GATEWAY.formatted("gw"));
        for (int n = 0; n < 10; n++) write(folder.resolve("gateway/g%d.csv".formatted(n)), "neither\n");
        inbox.waiting(folder, 10).forEachRemaining(file -> {
            if (seen.isEmpty()) write(folder.resolve("a-late-one.csv"), "neither\n");
            seen.add(file.name());
        });
        assertThat(seen)
                .containsExactlyElementsOf(Stream.concat(
                                IntStream.range(0, 25).mapToObj("f%02d.csv"::formatted),
                                IntStream.range(0, 10).mapToObj("gateway/g%d.csv"::formatted))
                        .toList());
    }

    /** Each with the mapping that its name says, or that lies in it, and with a folder of its own for what is taken. */
    @Test
    void aFolderIsAFeed() throws IOException {
        write(home.resolve("mappings/gateway.yaml"), GATEWAY.formatted("gw"));
        var log = "{\"n\":3,\"who\":\"acme\"}\n";
        for (var feed : List.of("gateway", "edge", "unknown")) write(folder.resolve(feed + "/a.log"), log);
        write(folder.resolve("edge/mapping.yaml"), GATEWAY.formatted("edge"));
        write(folder.resolve("gateway/b.log"), log);
        write(folder.resolve("gateway/b.log.mapping.yaml"), GATEWAY.formatted("b"));
        write(folder.resolve("gateway/deeper/c.log"), log);
        write(folder.resolve("gateway/done/d.log"), log);
        write(folder.resolve("a.log"), log);
        Files.createSymbolicLink(folder.resolve("link"), folder.resolve("gateway"));
        assertThat(ingestAll())
                .satisfiesExactly(
                        told -> assertThat(told).isEqualTo(new IngestOutcome("a.log", 1, 0, 0, 1)),
                        told -> assertThat(told).asString().startsWith("link is a link"),
                        told -> assertThat(told)
                                .asString()
                                .startsWith("unknown is a folder, and neither is there a mapping of this name"),
                        told -> assertThat(told).isEqualTo(new IngestOutcome("a.log", 1, 1, 0, 0)),
                        told -> assertThat(told).isEqualTo(new IngestOutcome("a.log", 1, 1, 0, 0)),
                        told -> assertThat(told).isEqualTo(new IngestOutcome("b.log", 1, 1, 0, 0)),
                        told -> assertThat(told)
                                .isEqualTo(
                                        "deeper is a folder within a folder: put the files that are in it beside it"));
        assertThat(names(folder.resolve("gateway/done")))
                .containsExactly("a.log", "a.log.tieout.json", "b.log", "b.log.tieout.json", "d.log");
        assertThat(names(folder.resolve("edge"))).containsExactly("done", "mapping.yaml");
        assertThat(usage.jdbc
                        .sql("select count(distinct mapping) from usage_file")
                        .query(Long.class)
                        .single())
                .isEqualTo(3);
    }

    /** As the nightly step does; what is not taken says why. */
    private List<Object> ingestAll() {
        var told = new ArrayList<>();
        inbox.waiting(folder).forEachRemaining(file -> {
            try {
                told.add(inbox.take(file));
            } catch (UnreadableUsage e) {
                told.add(String.valueOf(e.getMessage()));
            }
        });
        return told;
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
