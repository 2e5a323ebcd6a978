package io.postpaid.web.console;

import io.postpaid.payments.approval.Approval;
import io.postpaid.payments.approval.Approvals;
import io.postpaid.payments.settlement.Refund;
import io.postpaid.web.WebActor;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What needs two people: who asked, and the other who decides. */
@ConsolePages
class ApprovalPages {
    private static final int PAGE = 50;

    private final Console console;
    private final Approvals approvals;

    ApprovalPages(Console console, Approvals approvals) {
        this.console = console;
        this.approvals = approvals;
    }

    @GetMapping("/console/approvals")
    ResponseEntity<String> list(
            HttpServletRequest request,
            @RequestParam(defaultValue = "") String all,
            @RequestParam(defaultValue = "" + Long.MAX_VALUE) long before) {
        var who = WebActor.of(request).who();
        var found = approvals.list(!all.isEmpty(), before, PAGE + 1);
        var view = new HashMap<String, @Nullable Object>();
        view.put(
                "approvals",
                found.stream().limit(PAGE).map(approval -> row(approval, who)).toList());
        view.put("all", !all.isEmpty());
        view.put("older", found.size() > PAGE ? found.get(PAGE - 1).id() : null);
        return console.page(request, "overview", "approvals", view);
    }

    private static Map<String, ?> row(Approval approval, String who) {
        boolean waits = approval.status() == Approval.Status.WAITING;
        return Map.ofEntries(
                Map.entry("id", approval.id()),
                Map.entry("text", approval.text()),
                Map.entry("account", approval.account()),
                Map.entry("href", Hrefs.account(approval.account())),
                Map.entry("reason", approval.reason()),
                Map.entry("asked_by", approval.askedBy()),
                Map.entry("asked_at", Moments.text(approval.askedAt())),
                Map.entry("status", approval.status().name().toLowerCase(Locale.ROOT)),
                Map.entry("decided_by", Objects.requireNonNullElse(approval.decidedBy(), "")),
                Map.entry("decided_at", Moments.text(approval.decidedAt())),
                Map.entry("because", Objects.requireNonNullElse(approval.decidedBecause(), "")),
                Map.entry("decidable", waits && !approval.askedBy().equals(who)),
                Map.entry("own", waits && approval.askedBy().equals(who)));
    }

    @PostMapping("/console/approvals/{id}/approve")
    ResponseEntity<String> approve(HttpServletRequest request, @PathVariable long id) {
        var approved = approvals.approve(id, WebActor.of(request));
        return done(
                request,
                "Approved, and done: " + approved.approval().text() + "."
                        + (approved.made() instanceof Refund refund ? " " + InvoiceActions.text(refund) : ""));
    }

    @PostMapping("/console/approvals/{id}/reject")
    ResponseEntity<String> reject(
            HttpServletRequest request, @PathVariable long id, @RequestParam(defaultValue = "") String reason) {
        var rejected =
                approvals.reject(id, WebActor.of(request), Typed.text(reason).strip());
        return done(request, "Rejected: " + rejected.text() + ".");
    }

    private ResponseEntity<String> done(HttpServletRequest request, String text) {
        return console.message(request, HttpStatus.OK, "Done", text, "/console/approvals");
    }
}
