package io.postpaid.web.console;

import io.postpaid.mail.Outbox;
import io.postpaid.platform.batch.HeldItems;
import io.postpaid.platform.batch.Row;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;

/** What waits for a person, and is neither a run nor a record: held items, requests for a higher limit, mails that were not sent. */
@ConsolePages
class ToDoPages {
    private static final int MOST = 200;

    private final Console console;
    private final HeldItems held;
    private final Outbox outbox;
    private final JdbcClient jdbc;

    ToDoPages(Console console, HeldItems held, Outbox outbox, JdbcClient jdbc) {
        this.console = console;
        this.held = held;
        this.outbox = outbox;
        this.jdbc = jdbc;
    }

    @GetMapping("/console/held")
    ResponseEntity<String> held(HttpServletRequest request) {
        var items = held.open();
        return console.page(
                request,
                "overview",
                "held",
                Map.of(
                        "items",
                        items.stream()
                                .limit(MOST)
                                .map(item -> Map.of(
                                        "step", item.step(),
                                        "period", Objects.requireNonNullElse(item.period(), ""),
                                        "item", item.item(),
                                        "account", Objects.requireNonNullElse(item.account(), ""),
                                        "href", Hrefs.account(item.account()),
                                        "why", item.reason() + ": " + item.detail(),
                                        "first", Moments.text(item.firstAt()),
                                        "last", Moments.text(item.lastAt())))
                                .toList(),
                        "full",
                        items.size() > MOST));
    }

    record Asked(String account, String amount, String has, String currency, String reason, Instant at) {}

    @GetMapping("/console/limits")
    ResponseEntity<String> limits(HttpServletRequest request) {
        var asked = jdbc.sql("""
                        select r.account, trim_scale(r.amount)::text as amount, trim_scale(a.monthly_limit)::text as has,
                               a.currency, r.reason, r.asked_at as at
                          from limit_request r
                          join account a on a.id = r.account
                         where r.status = 'OPEN'
                         order by r.id
                         limit :most""").param("most", MOST).query(Row.to(Asked.class)).list();
        return console.page(
                request,
                "overview",
                "limits",
                Map.of(
                        "requests",
                        asked.stream()
                                .map(each -> Map.of(
                                        "account", each.account(),
                                        "href", Hrefs.account(each.account()),
                                        "amount", each.amount(),
                                        "has", each.has(),
                                        "currency", each.currency(),
                                        "reason", each.reason(),
                                        "at", Moments.text(each.at())))
                                .toList()));
    }

    @GetMapping("/console/mails")
    ResponseEntity<String> mails(HttpServletRequest request) {
        var view = new HashMap<String, @Nullable Object>();
        view.put("mails", outbox.notSent(MOST).stream().map(ToDoPages::mail).toList());
        return console.page(request, "overview", "mails", view);
    }

    private static Map<String, ?> mail(Outbox.Entry mail) {
        return Map.of(
                "id", mail.id(),
                "account", mail.account(),
                "href", Hrefs.account(mail.account()),
                "kind", mail.kind(),
                "recipient", mail.recipient(),
                "status", mail.status().toLowerCase(Locale.ROOT),
                "queued", Moments.text(mail.queuedAt()),
                "tries", mail.tries(),
                "error", Objects.requireNonNullElse(mail.error(), ""));
    }

    @PostMapping("/console/mails/{id}/resend")
    ResponseEntity<String> resend(HttpServletRequest request, @PathVariable long id) {
        var mail = outbox.resend(id);
        return console.message(
                request,
                HttpStatus.OK,
                "Done",
                "The mail to " + mail.recipient() + " is queued again, and goes out with the next run.",
                "/console/mails");
    }
}
