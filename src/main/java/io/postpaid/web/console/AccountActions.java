package io.postpaid.web.console;

import io.postpaid.account.Accounts;
import io.postpaid.credit.GrantKind;
import io.postpaid.gate.access.Access;
import io.postpaid.payments.approval.GiveBack;
import io.postpaid.payments.approval.Outcome;
import io.postpaid.platform.money.Amounts;
import io.postpaid.web.WebActor;
import io.postpaid.web.portal.PortalLinks;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What operators do for an account; each is what the command of that name does. */
@ConsolePages
class AccountActions {
    private static final Duration LINK = Duration.ofHours(1);

    private final Console console;
    private final Accounts accounts;
    private final Access access;
    private final GiveBack giveBack;
    private final PortalLinks links;

    AccountActions(Console console, Accounts accounts, Access access, GiveBack giveBack, PortalLinks links) {
        this.console = console;
        this.accounts = accounts;
        this.access = access;
        this.giveBack = giveBack;
        this.links = links;
    }

    @PostMapping("/console/accounts/{id}/limit")
    ResponseEntity<String> limit(
            HttpServletRequest request,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String amount,
            @RequestParam(defaultValue = "") String reason) {
        boolean approved = access.setLimit(id, Typed.amount(amount), Typed.reason(reason));
        var account = accounts.get(id);
        return done(
                request,
                id,
                "The monthly limit of " + id + " is " + Amounts.text(account.monthlyLimit(), account.currency())
                        + (approved ? ". Its request is approved, and it hears of that by mail." : "."));
    }

    @PostMapping("/console/accounts/{id}/limit/reject")
    ResponseEntity<String> reject(
            HttpServletRequest request, @PathVariable String id, @RequestParam(defaultValue = "") String reason) {
        access.rejectLimit(id, Typed.reason(reason));
        return done(request, id, "The request is rejected, and " + id + " hears of that by mail.");
    }

    @PostMapping("/console/accounts/{id}/credit")
    ResponseEntity<String> credit(
            HttpServletRequest request,
            @PathVariable String id,
            @RequestParam(defaultValue = "") String amount,
            @RequestParam(defaultValue = "GOODWILL") String kind,
            @RequestParam(defaultValue = "") String expires,
            @RequestParam(defaultValue = "") String reason) {
        var asked = giveBack.grant(
                WebActor.of(request),
                id,
                Typed.amount(amount),
                Typed.one(GrantKind.class, kind),
                day(expires),
                Typed.reason(reason));
        return switch (asked) {
            case Outcome.Waits(var approval) -> console.waits(request, approval);
            case Outcome.Done(var grant) ->
                done(
                        request,
                        id,
                        "Granted " + Amounts.text(grant.amount(), grant.currency()) + " of credit to " + id + ".");
        };
    }

    private static @Nullable LocalDate day(String typed) {
        try {
            return typed.isBlank() ? null : LocalDate.parse(typed.strip());
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "'" + Typed.text(typed) + "' is no day: write one such as 2027-01-31", e);
        }
    }

    @PostMapping("/console/accounts/{id}/suspend")
    ResponseEntity<String> suspend(
            HttpServletRequest request, @PathVariable String id, @RequestParam(defaultValue = "") String reason) {
        accounts.pause(id, Typed.reason(reason));
        return done(request, id, "The access of " + id + " is paused until you end that.");
    }

    @PostMapping("/console/accounts/{id}/reactivate")
    ResponseEntity<String> reactivate(HttpServletRequest request, @PathVariable String id) {
        accounts.pause(id, "");
        return done(
                request,
                id,
                "Nobody pauses " + id + " any more. Its access is "
                        + access.standing(id).access() + ".");
    }

    /** A link for the customer, to be sent by whoever talks with him. */
    @PostMapping("/console/accounts/{id}/link")
    ResponseEntity<String> link(HttpServletRequest request, @PathVariable String id) {
        var link = links.make(id, LINK, null);
        return done(
                request,
                id,
                "This link signs in to the pages of " + id + ", once, until " + Moments.text(link.expiresAt()) + ": "
                        + link.url());
    }

    /** A link that lets the customer enter a card at Stripe. */
    @PostMapping("/console/accounts/{id}/card-link")
    ResponseEntity<String> cardLink(HttpServletRequest request, @PathVariable String id) {
        var link = links.makeTo(id, LINK, "/billing/details");
        return done(
                request,
                id,
                "This link lets " + id + " enter its card, once, until " + Moments.text(link.expiresAt()) + ": "
                        + link.url());
    }

    private ResponseEntity<String> done(HttpServletRequest request, String id, String text) {
        return console.message(request, HttpStatus.OK, "Done", text, Hrefs.account(id));
    }
}
