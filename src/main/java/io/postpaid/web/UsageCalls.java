package io.postpaid.web;

import io.postpaid.usage.format.JsonDocuments;
import io.postpaid.usage.format.JsonDocuments.NotJson;
import io.postpaid.usage.intake.SentUsage;
import io.postpaid.web.key.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Usage records, sent one or many at a time. */
@RestController
class UsageCalls {
    private static final byte GZIP = 0x1f;

    private final SentUsage usage;

    UsageCalls(SentUsage usage) {
        this.usage = usage;
    }

    record Counts(long accepted, long duplicates, long quarantined) {}

    /** All of a request is taken, or none of it: whoever gets no answer sends it again. */
    @PostMapping(
            path = "/v1/usage",
            consumes = {
                "application/json",
                "application/x-ndjson",
                "application/cloudevents+json",
                "application/cloudevents-batch+json"
            })
    Counts post(Caller caller, HttpServletRequest request) throws IOException {
        var body = request.getInputStream().readAllBytes();
        if (body.length == 0) throw HttpRefusal.invalid("body", "Usage records are needed as the body");
        if (body[0] == GZIP) throw HttpRefusal.invalid("body", "A packed body cannot be read here: send it as it is");
        boolean lines = Objects.requireNonNullElse(request.getContentType(), "").startsWith("application/x-ndjson");
        try {
            var outcome = usage.take(lines ? body : JsonDocuments.lines(body), "api/" + caller.key(), caller.account());
            return new Counts(outcome.accepted(), outcome.duplicates(), outcome.quarantined());
        } catch (NotJson e) {
            throw new HttpRefusal(HttpStatus.BAD_REQUEST, Objects.requireNonNull(e.getMessage()));
        } catch (SentUsage.TooManyRecords e) {
            throw new HttpRefusal(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "BODY_TOO_LARGE",
                    "A request may have at most " + SentUsage.RECORDS_MAX + " records: send less at once",
                    Map.of("limit_records", SentUsage.RECORDS_MAX));
        } catch (SentUsage.NotForSender e) {
            throw new HttpRefusal(
                    HttpStatus.FORBIDDEN,
                    "FORBIDDEN",
                    e.getMessage() + "; nothing of the request was taken",
                    Map.of("record", e.record()));
        }
    }
}
