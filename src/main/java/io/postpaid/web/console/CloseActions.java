package io.postpaid.web.console;

import io.postpaid.books.close.Blocker;
import io.postpaid.books.close.Closing;
import io.postpaid.platform.batch.RunFailedException;
import io.postpaid.platform.batch.RunHistory;
import io.postpaid.platform.batch.RunReport;
import io.postpaid.platform.batch.Schedules;
import io.postpaid.web.WebActor;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Closes a month, and opens it again. */
@ConsolePages
class CloseActions {
    private final Console console;
    private final CloseMonths months;
    private final Closing closing;
    private final RunHistory history;
    private final Schedules schedules;

    CloseActions(Console console, CloseMonths months, Closing closing, RunHistory history, Schedules schedules) {
        this.console = console;
        this.months = months;
        this.closing = closing;
        this.history = history;
        this.schedules = schedules;
    }

    /** Begins to close it. The page that follows shows how it goes. */
    @PostMapping(ClosePages.ROOT + "/{period}/close")
    ResponseEntity<String> close(HttpServletRequest request, @PathVariable String period) {
        var month = months.get(period);
        var page = ClosePages.ROOT + "/" + month.month();
        switch (month.state()) {
            case UNDER_WAY -> throw new IllegalArgumentException(month.month() + " is not over: its books stay open.");
            case CLOSED, CLOSED_WITH_LATER ->
                throw new IllegalArgumentException(month.month() + " is closed already, and stays as it is.");
            case OPEN, REOPENED -> {}
        }
        var blockers = closing.blockers(month.month());
        if (!blockers.isEmpty()) {
            throw new IllegalArgumentException(month.month() + " cannot be closed. "
                    + blockers.stream().map(Blocker::text).collect(Collectors.joining(". ")));
        }
        if (history.isInProgress()) return busy(request, page);
        long latest = history.latestClose(month.month()).map(RunReport::id).orElse(0L);
        try {
            schedules.close(month.month(), WebActor.of(request));
        } catch (RunFailedException another) {
            return busy(request, page);
        }
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .location(URI.create(page + "?begun=" + latest))
                .build();
    }

    private ResponseEntity<String> busy(HttpServletRequest request, String page) {
        return console.message(
                request,
                HttpStatus.CONFLICT,
                "Another run is in progress",
                "Wait for it to end, then close the month.",
                page);
    }

    /** @param month the month once more, as it was typed to confirm it */
    @PostMapping(ClosePages.ROOT + "/{period}/reopen")
    ResponseEntity<String> reopen(
            HttpServletRequest request,
            @PathVariable String period,
            @RequestParam(defaultValue = "") String month,
            @RequestParam(defaultValue = "") String reason) {
        var opened = months.get(period).month();
        if (!month.strip().equals(opened.toString())) {
            throw new IllegalArgumentException("Type " + opened + " to confirm that it is this month");
        }
        closing.reopen(opened, Typed.reason(reason));
        return console.message(
                request,
                HttpStatus.OK,
                opened + " is open again",
                "Closing it again writes what is different.",
                ClosePages.ROOT + "/" + opened);
    }
}
