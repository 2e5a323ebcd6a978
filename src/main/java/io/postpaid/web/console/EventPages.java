package io.postpaid.web.console;

import io.postpaid.events.Event;
import io.postpaid.events.EventState;
import io.postpaid.events.Events;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What left for the seller's systems, what they answered, and sending it again. */
@ConsolePages
class EventPages {
    private static final int PAGE = 50;
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Console console;
    private final Events events;

    EventPages(Console console, Events events) {
        this.console = console;
        this.events = events;
    }

    @GetMapping("/console/events")
    ResponseEntity<String> list(
            HttpServletRequest request,
            @RequestParam(defaultValue = "") String account,
            @RequestParam(defaultValue = "") String state,
            @RequestParam(defaultValue = "" + Long.MAX_VALUE) long before) {
        var wanted = state.isBlank() ? null : Typed.one(EventState.class, state);
        var filter = new Events.Filter(account.isBlank() ? null : Typed.text(account.strip()), null, wanted);
        var found = events.list(filter, before, PAGE + 1);
        var status = events.status();
        var view = new HashMap<String, @Nullable Object>();
        view.put("events", found.stream().limit(PAGE).map(EventPages::row).toList());
        view.put("account", account);
        view.put(
                "states",
                Stream.of(EventState.values())
                        .map(each -> Map.of(
                                "name", each.name(),
                                "word", each.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                                "chosen", each == wanted))
                        .toList());
        view.put("filter", "account=" + Hrefs.parameter(account) + "&state=" + Hrefs.parameter(state));
        view.put("older", found.size() > PAGE ? found.get(PAGE - 1).number() : null);
        view.put("configured", status.configured());
        view.put("waiting", status.waiting());
        view.put("given_up", status.givenUp());
        view.put("failing_since", Moments.text(status.failingSince()));
        view.put("off_since", Moments.text(status.offSince()));
        view.put("off_because", status.offBecause());
        return console.page(request, "events", "events", view);
    }

    private static Map<String, ?> row(Events.Entry entry) {
        return Map.ofEntries(
                Map.entry("id", entry.id()),
                Map.entry("at", Moments.text(entry.occurredAt())),
                Map.entry("type", entry.type()),
                Map.entry("account", entry.account()),
                Map.entry("href", Hrefs.account(entry.account())),
                Map.entry("access", Objects.requireNonNullElse(entry.access(), "")),
                Map.entry("state", entry.state().name().toLowerCase(Locale.ROOT).replace('_', ' ')),
                Map.entry("class", entry.state() == EventState.GIVEN_UP ? "bad" : "good"),
                Map.entry("tries", entry.tries() == 0 ? "" : Moments.count(entry.tries(), "try", "tries")),
                Map.entry("answer", answer(entry.status(), entry.answer())),
                Map.entry("next", Moments.text(entry.nextTryAt())));
    }

    private static String answer(@Nullable Integer status, @Nullable String answer) {
        return ((status == null ? "" : status + " ") + Objects.requireNonNullElse(answer, "")).strip();
    }

    @GetMapping("/console/events/{id}")
    ResponseEntity<String> event(HttpServletRequest request, @PathVariable String id) {
        var event = get(id);
        return console.page(
                request,
                "events",
                "event",
                Map.of(
                        "id",
                        id,
                        "json",
                        JSON.writeValueAsString(event.json()),
                        "attempts",
                        events.attempts(id).stream().map(EventPages::row).toList()));
    }

    private Event get(String id) {
        try {
            return events.get(id);
        } catch (IllegalArgumentException none) {
            throw new ConsoleErrors.NotFoundException();
        }
    }

    private static Map<String, ?> row(Events.Attempt attempt) {
        return Map.of(
                "at",
                Moments.text(attempt.beganAt()),
                "took",
                attempt.millis() + " ms",
                "answer",
                answer(attempt.status(), attempt.answer()),
                "taken",
                attempt.delivered() ? "taken" : "not taken",
                "class",
                attempt.delivered() ? "good" : "bad");
    }

    @PostMapping("/console/events/{id}/send-again")
    ResponseEntity<String> sendAgain(HttpServletRequest request, @PathVariable String id) {
        var attempt = events.sendAgain(id);
        return done(
                request,
                attempt.map(made -> made.delivered()
                                ? "The receiver has taken it: " + answer(made.status(), made.answer())
                                : "The receiver has not taken it: " + answer(made.status(), made.answer()))
                        .orElse("It still waits behind others of its account, which are tried now."),
                "/console/events/" + Hrefs.segment(id));
    }

    /** @param skip whether what waits is left out */
    @PostMapping("/console/events/resume")
    ResponseEntity<String> resume(HttpServletRequest request, @RequestParam(defaultValue = "") String skip) {
        int skipped = events.resume(!skip.isEmpty());
        return done(
                request,
                skip.isEmpty()
                        ? "Deliveries are on again; what waits is delivered."
                        : "Deliveries are on again; " + skipped + " events were left out.",
                "/console/events");
    }

    private ResponseEntity<String> done(HttpServletRequest request, String text, String back) {
        return console.message(request, HttpStatus.OK, "Done", text, back);
    }
}
