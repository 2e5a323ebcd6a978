package io.postpaid.web;

import io.postpaid.books.usage.AccountUsage;
import io.postpaid.books.usage.UsedRecord;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.file.PlainText;
import io.postpaid.usage.archive.AccountRecords.Position;
import io.postpaid.usage.intake.Quarantine;
import io.postpaid.usage.record.Reason;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** An account's own records, as they were billed, were free, were taken back, or wait in quarantine. */
@RestController
class RecordCalls {
    private static final MediaType CSV = new MediaType("text", "csv", StandardCharsets.UTF_8);
    private static final int PAGE_MAX = 1_000;
    private static final int DAYS_MAX = 400;

    private final AccountUsage usage;
    private final Quarantine quarantine;
    private final UsageFiles files;
    private final Downloads downloads;
    private final BillingClock clock;

    RecordCalls(AccountUsage usage, Quarantine quarantine, UsageFiles files, Downloads downloads, BillingClock clock) {
        this.usage = usage;
        this.quarantine = quarantine;
        this.files = files;
        this.downloads = downloads;
        this.clock = clock;
    }

    record Used(
            String status,
            Instant occurredAt,
            String product,
            String quantity,
            String source,
            String id,
            String outcome,
            @Nullable String operation,
            boolean late,
            List<String> billedIn) {
        static Used of(UsedRecord used) {
            var record = used.record();
            return new Used(
                    UsageFiles.status(used),
                    record.occurredAt(),
                    record.product(),
                    UsageFiles.plain(record.quantity()),
                    record.source(),
                    record.id(),
                    record.failed() ? "failed" : "succeeded",
                    record.operation(),
                    used.late(),
                    used.billedIn().stream().map(BillingPeriod::toString).toList());
        }
    }

    record UsedPage(List<Used> records, @Nullable String next) {}

    /** The earliest first, so that what arrives meanwhile moves no page. */
    @GetMapping("/v1/usage")
    UsedPage list(
            Acting acting,
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable String product,
            @RequestParam(required = false) @Nullable String cursor,
            @RequestParam(defaultValue = "100") String limit) {
        var begin = from == null ? clock.today().withDayOfMonth(1) : day("from", from);
        var end = to == null ? latest(begin) : day("to", to);
        if (end.isBefore(begin) || end.isAfter(begin.plusDays(DAYS_MAX))) {
            throw HttpRefusal.invalid(
                    "to", "to is a day not before from, and at most " + DAYS_MAX + " days behind it: " + begin);
        }
        var behind = cursor == null
                ? null
                : Cursors.read(cursor)
                        .orElseThrow(
                                () -> HttpRefusal.invalid("cursor", "cursor is the field 'next' of an earlier page"));
        try {
            var page = usage.page(
                    acting.account(), product, start(begin), start(end.plusDays(1)), behind, size(limit, PAGE_MAX));
            return new UsedPage(page.records().stream().map(Used::of).toList(), next(page.next()));
        } catch (AccountUsage.ArchivedException archived) {
            throw HttpRefusal.invalid(
                    "from",
                    archived.getMessage() + ": GET /v1/usage.csv?period=" + archived.month() + " returns all of them");
        }
    }

    private LocalDate latest(LocalDate begin) {
        var today = clock.today().plusDays(1);
        var most = begin.plusDays(DAYS_MAX);
        return today.isBefore(begin) ? begin : today.isBefore(most) ? today : most;
    }

    private static @Nullable String next(@Nullable Position position) {
        return position == null ? null : Cursors.write(position);
    }

    record Refused(Instant receivedAt, Reason reason, String message) {
        static Refused of(Quarantine.OfAccount line) {
            return new Refused(
                    line.receivedAt(),
                    line.reason(),
                    "Not billed, because " + line.reason().sentence());
        }
    }

    record RefusedPage(List<Refused> records, @Nullable Long next) {}

    /** The newest first. */
    @GetMapping("/v1/usage/quarantine")
    RefusedPage quarantined(
            Acting acting,
            @RequestParam(required = false) @Nullable String before,
            @RequestParam(defaultValue = "100") String limit) {
        if (before != null && !before.matches("[0-9]{1,18}")) {
            throw HttpRefusal.invalid("before", "before is the field 'next' of an earlier page");
        }
        long behind = before == null ? Long.MAX_VALUE : Long.parseLong(before);
        int most = size(limit, PAGE_MAX);
        var found =
                quarantine.open(acting.account(), Instant.EPOCH, clock.instant().plusSeconds(1), behind, most + 1);
        var page = found.stream().limit(most).toList();
        return new RefusedPage(
                page.stream().map(Refused::of).toList(),
                found.size() > most ? page.getLast().id() : null);
    }

    @GetMapping("/v1/usage.csv")
    void csv(Acting acting, HttpServletResponse response, @RequestParam String period) throws IOException {
        var month = month(period);
        downloads.send(response, CSV, "usage-" + month + ".csv", out -> files.ofMonth(acting.account(), month, out));
    }

    static int size(String limit, int most) {
        int size = limit.matches("[0-9]{1,4}") ? Integer.parseInt(limit) : 0;
        if (size < 1 || size > most) throw HttpRefusal.invalid("limit", "limit is a number from 1 to " + most);
        return size;
    }

    private static BillingPeriod month(String period) {
        if (!period.matches("2[0-9]{3}-(0[1-9]|1[0-2])")) {
            throw HttpRefusal.invalid("period", "period is a month such as 2026-10");
        }
        return BillingPeriod.parse(period);
    }

    private static LocalDate day(String name, String text) {
        try {
            var day = LocalDate.parse(text);
            if (PlainText.isAscii(text) && PlainText.isUsable(day)) return day;
        } catch (DateTimeException _) {
            // Said below, as for every other text that is no day.
        }
        throw HttpRefusal.invalid(name, name + " is a UTC day such as 2026-10-03");
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
