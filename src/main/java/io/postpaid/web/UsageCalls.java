package io.postpaid.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.postpaid.usage.format.JsonDocuments;
import io.postpaid.usage.format.JsonDocuments.NotJson;
import io.postpaid.usage.format.Unpacked;
import io.postpaid.usage.format.UnreadableUsage;
import io.postpaid.usage.intake.IngestOutcome;
import io.postpaid.usage.intake.SentUsage;
import io.postpaid.usage.mapping.Mappings;
import io.postpaid.web.key.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Usage records, sent one or many at a time. */
@RestController
class UsageCalls {
    private final SentUsage usage;
    private final Mappings mappings;

    UsageCalls(SentUsage usage, Mappings mappings) {
        this.usage = usage;
        this.mappings = mappings;
    }

    /**
     * Lines by what became of them, and with a mapping also those that it leaves out, and the records that are new: a line may give
     * several.
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Counts(
            long accepted,
            long duplicates,
            long quarantined,
            @Nullable Long leftOut,
            @Nullable Long records) {}

    /**
     * All of a request is taken, or none of it: whoever gets no answer sends it again.
     *
     * @param mapping the name of the one that reads the body; without it, the body has usage records
     */
    @PostMapping(
            path = "/v1/usage",
            consumes = {
                "application/json",
                "application/x-ndjson",
                "application/cloudevents+json",
                "application/cloudevents-batch+json",
                "text/csv",
                "text/plain"
            })
    Counts post(Caller caller, @RequestParam(required = false) @Nullable String mapping, HttpServletRequest request)
            throws IOException {
        var body = request.getInputStream().readAllBytes();
        if (body.length == 0) throw HttpRefusal.invalid("body", "Usage records are needed as the body");
        if (Unpacked.isPacked(body))
            throw HttpRefusal.invalid("body", "A packed body cannot be read here: send it as it is");
        try {
            var outcome = take(caller, mapping, Objects.requireNonNullElse(request.getContentType(), ""), body);
            return new Counts(
                    outcome.accepted(),
                    outcome.duplicates(),
                    outcome.quarantined(),
                    mapping == null ? null : (Long) outcome.leftOut(),
                    mapping == null ? null : (Long) outcome.records());
        } catch (UnreadableUsage e) {
            throw HttpRefusal.invalid(mapping == null ? "body" : "mapping", Objects.requireNonNull(e.getMessage()));
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

    private IngestOutcome take(Caller caller, @Nullable String mapping, String type, byte[] body) {
        String name = "api/" + caller.key();
        if (mapping != null) {
            var known = mappings.names();
            if (!known.contains(mapping)) {
                throw HttpRefusal.invalid(
                        "mapping", "There is no mapping '" + mapping + "'; there are " + String.join(", ", known));
            }
            return usage.take(body, name, mappings.named(mapping), caller.account());
        }
        if (type.startsWith("text/")) {
            throw HttpRefusal.invalid("mapping", "Text and CSV are read by a mapping: name it, as in ?mapping=NAME");
        }
        var lines = type.startsWith("application/x-ndjson") ? body : JsonDocuments.lines(body);
        return usage.take(lines, name, caller.account());
    }
}
