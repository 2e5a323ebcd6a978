package io.postpaid.web;

import io.postpaid.events.Event;
import io.postpaid.events.Events;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The feed of all events, for the seller's own servers. */
@RestController
class EventCalls {
    private static final int PAGE_MAX = 1_000;

    private final Events events;

    EventCalls(Events events) {
        this.events = events;
    }

    /** @param next where to go on, also where there is nothing behind yet */
    record EventPage(List<? extends Map<String, ?>> events, long next) {}

    @GetMapping("/v1/events")
    EventPage list(
            @RequestParam(required = false) @Nullable String account,
            @RequestParam(defaultValue = "0") String after,
            @RequestParam(defaultValue = "100") String limit) {
        if (!after.matches("[0-9]{1,18}")) {
            throw HttpRefusal.invalid("after", "after is the field 'next' of an earlier page");
        }
        long behind = Long.parseLong(after);
        var page = events.after(behind, account, RecordCalls.size(limit, PAGE_MAX));
        return new EventPage(
                page.stream().map(Event::json).toList(),
                page.isEmpty() ? behind : page.getLast().position());
    }
}
