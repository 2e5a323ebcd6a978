package io.postpaid.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.postpaid.support.CommandLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does about events at a shell. */
class EventCommandsTest {
    @Test
    void whatWaitedIsDeliveredListedAndSentAgain(@TempDir Path home) throws IOException {
        try (var receiver = new EventReceiver()) {
            var shell = new CommandLine(home).at("2026-11-01T08:00:00Z");
            shell.must(
                    "accounts",
                    "import",
                    Files.writeString(home.resolve("accounts.csv"), """
                            id,name,email
                            acme,Acme,acme@acme.test
                            """).toString());
            assertThat(shell.run("events", "deliver").err()
                            + shell.run("events", "deliver").out())
                    .contains("POSTPAID_EVENTS_URL is not set");
            assertThat(shell.must("events", "status", "--json")
                            .json()
                            .get("waiting")
                            .asInt())
                    .isPositive();

            shell.with("POSTPAID_EVENTS_URL", receiver.url());
            var unsigned = shell.run("events", "deliver");
            assertThat(unsigned.exitCode()).isEqualTo(1);
            assertThat(unsigned.err()).contains("POSTPAID_EVENTS_SECRET is not");

            shell.with("POSTPAID_EVENTS_SECRET", EventReceiver.SECRET);
            var delivered = shell.must("events", "deliver", "--json")
                    .json()
                    .get("taken")
                    .asInt();
            assertThat(receiver.taken()).hasSize(delivered);
            var listed = shell.must("events", "list", "--account", "acme", "--type", "account.created", "--json")
                    .json();
            assertThat(listed).hasSize(1);
            assertThat(listed.get(0).get("state").asString()).isEqualTo("DELIVERED");
            var id = listed.get(0).get("id").asString();
            assertThat(shell.must("events", "send-again", id).out()).contains("204");
            assertThat(receiver.taken().getLast().id()).isEqualTo(id);
            assertThat(shell.must("events", "show", id, "--json").json()).hasSize(2);
            assertThat(shell.must("events", "resume", "--skip").out()).contains("0 events were left out");

            receiver.answering(call -> call.answer(410, ""));
            shell.must("accounts", "limit", "acme", "7");
            assertThat(shell.run("events", "deliver").exitCode()).isEqualTo(1);
            var off = shell.run("events", "status");
            assertThat(off.exitCode()).isEqualTo(1);
            assertThat(off.out()).contains("it answered 410 Gone: 1 events wait");
            for (var wrong : new String[] {"evt_1", "", "'; drop table account", "evt_" + "0".repeat(32)}) {
                assertThat(shell.run("events", "show", wrong).err()).contains("There is no event");
            }
        }
    }
}
