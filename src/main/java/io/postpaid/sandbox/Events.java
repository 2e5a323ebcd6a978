package io.postpaid.sandbox;

import java.io.IOException;
import java.util.List;

/** {@code /v1/events}: what happened, each with its object as it was then. */
final class Events {
    private Events() {}

    static Answer read(Call call) throws IOException {
        call.form().allow();
        return Answer.ok(call.expanded(call.load("event", "event")));
    }

    static Answer list(Call call) throws IOException {
        var form = call.form().allow("type", "types", "created", "limit", "starting_after", "ending_before");
        var types = form.has("type") ? List.of(form.text("type")) : form.list("types");
        return types.isEmpty()
                ? Listing.of(call, "event", "/v1/events")
                : Listing.page(call, "event", "/v1/events", "type", types);
    }
}
