package io.postpaid.cli;

import io.postpaid.events.Delivered;
import io.postpaid.events.EventState;
import io.postpaid.events.Events;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "events", description = "What left as webhooks, and what the receiver answered.")
final class EventCommands {
    private static final int LISTED_MAX = 1_000;
    private static final int WIDEST = 60;

    private static final Fields<Events.Entry> ENTRIES = new Fields<Events.Entry>()
            .both("id", "ID", Events.Entry::id)
            .both("occurred_at", "AT", Events.Entry::occurredAt)
            .both("account", "ACCOUNT", Events.Entry::account)
            .both("type", "TYPE", Events.Entry::type)
            .both("access", "ACCESS", Events.Entry::access)
            .both("state", "STATE", Events.Entry::state)
            .both("tries", "TRIES", Events.Entry::tries)
            .field("tried_at", Events.Entry::triedAt)
            .both("status", "HTTP", Events.Entry::status)
            .field("answer", Events.Entry::answer)
            .column("ANSWER", entry -> entry.answer() == null ? "" : Table.shown(entry.answer(), WIDEST))
            .both("next_try_at", "NEXT TRY", Events.Entry::nextTryAt);

    private static final Fields<Events.Attempt> ATTEMPTS = new Fields<Events.Attempt>()
            .both("began_at", "AT", Events.Attempt::beganAt)
            .both("millis", "MS", Events.Attempt::millis)
            .both("status", "HTTP", Events.Attempt::status)
            .both("delivered", "DELIVERED", Events.Attempt::delivered)
            .field("answer", Events.Attempt::answer)
            .column("ANSWER", attempt -> Table.shown(attempt.answer(), WIDEST));

    @Autowired
    private Events events;

    @Command(name = "list", description = "Lists events, the newest first.")
    Answer list(
            @Option(names = "--account", paramLabel = "ID", description = "Those of one account.") @Nullable
                    String account,
            @Option(names = "--type", paramLabel = "TYPE", description = "Such as account.suspended.") @Nullable
                    String type,
            @Option(names = "--state", description = "WRITTEN, WAITING, DELIVERED, GIVEN_UP or SKIPPED.") @Nullable
                    EventState state) {
        var filter = new Events.Filter(account, type, state);
        return ENTRIES.list(events.list(filter, Long.MAX_VALUE, LISTED_MAX), "There are no events");
    }

    @Command(name = "show", description = "Shows the deliveries of an event and their answers.")
    Answer show(@Parameters(paramLabel = "ID", description = "As events list shows it.") String id) {
        return ATTEMPTS.list(events.attempts(id), "It was never sent");
    }

    @Command(name = "status", description = "Shows whether events are delivered, and how many wait.")
    Answer status() {
        var status = events.status();
        return Answer.of(status, text(status), status.offSince() == null);
    }

    private static String text(Events.Status status) {
        var waiting = status.waiting() + " events wait, " + status.givenUp() + " were given up";
        if (status.offSince() != null) {
            return "Switched off since " + status.offSince() + ", because " + status.offBecause() + ": " + waiting;
        }
        if (!status.configured()) return "POSTPAID_EVENTS_URL is not set: " + waiting;
        return status.failingSince() == null
                ? "Delivering: " + waiting
                : "Nothing was taken since " + status.failingSince() + ": " + waiting;
    }

    @Command(name = "deliver", description = "Delivers all that waits now; serve does it by itself.")
    Answer deliver() {
        return switch (events.deliver()) {
            case Delivered.Tried(int taken, int refused) ->
                Answer.of(
                        Map.of("taken", taken, "refused", refused),
                        taken + " events delivered, " + refused + " not taken",
                        refused == 0);
            case Delivered.NoReceiver() -> not("POSTPAID_EVENTS_URL is not set");
            case Delivered.SwitchedOff(String because) ->
                not("The deliveries are switched off, because " + because
                        + ": ./postpaid events resume switches them on");
            case Delivered.Later() -> not("Another process delivers at the moment");
        };
    }

    private static Answer not(String why) {
        return Answer.of(Map.of("error", Map.of("code", "FAILED", "message", why)), why, false);
    }

    @Command(name = "send-again", description = "Sends an event once more, under the same id.")
    Answer sendAgain(@Parameters(paramLabel = "ID", description = "As events list shows it.") String id) {
        var attempt = events.sendAgain(id);
        if (attempt.isEmpty()) {
            return Answer.of(
                    Map.of("waits", true), "It still waits, and is tried next: ./postpaid events deliver, or serve");
        }
        var made = attempt.get();
        return Answer.of(ATTEMPTS.json(made), ATTEMPTS.table(List.of(made)).toString(), made.delivered());
    }

    @Command(name = "resume", description = "Switches the deliveries on again.")
    Answer resume(
            @Option(names = "--skip", description = "Leaves out what waits, and delivers only what comes.")
                    boolean skip) {
        int skipped = events.resume(skip);
        return Answer.of(
                Map.of("skipped", skipped),
                skip ? "Switched on; " + skipped + " events were left out" : "Switched on; what waits is delivered");
    }
}
