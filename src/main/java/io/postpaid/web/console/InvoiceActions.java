package io.postpaid.web.console;

import io.postpaid.payments.approval.GiveBack;
import io.postpaid.payments.approval.Outcome;
import io.postpaid.payments.settlement.Refund;
import io.postpaid.payments.settlement.Transfers;
import io.postpaid.platform.money.Amounts;
import io.postpaid.web.WebActor;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What operators do with an issued invoice; each is what the command of that name does. */
@ConsolePages
class InvoiceActions {
    private final Console console;
    private final GiveBack giveBack;
    private final Transfers transfers;

    InvoiceActions(Console console, GiveBack giveBack, Transfers transfers) {
        this.console = console;
        this.giveBack = giveBack;
        this.transfers = transfers;
    }

    @PostMapping("/console/invoices/{number}/credit-note")
    ResponseEntity<String> creditNote(
            HttpServletRequest request,
            @PathVariable String number,
            @RequestParam(defaultValue = "") String amount,
            @RequestParam(defaultValue = "") String reason) {
        var asked = giveBack.creditNote(WebActor.of(request), number, Typed.amount(amount), Typed.reason(reason));
        return switch (asked) {
            case Outcome.Waits(var approval) -> console.waits(request, approval);
            case Outcome.Done(var note) ->
                done(
                        request,
                        number,
                        "Credit note " + note.number() + " corrects invoice " + number
                                + ". The next run renders and mails it.");
        };
    }

    @PostMapping("/console/invoices/{number}/refund")
    ResponseEntity<String> refund(
            HttpServletRequest request,
            @PathVariable String number,
            @RequestParam(defaultValue = "") String amount,
            @RequestParam(defaultValue = "") String reason) {
        return switch (giveBack.refund(WebActor.of(request), number, Typed.amount(amount), Typed.reason(reason))) {
            case Outcome.Waits(var approval) -> console.waits(request, approval);
            case Outcome.Done(var refund) -> done(request, number, text(refund));
        };
    }

    static String text(Refund refund) {
        return "The refund is " + refund.status().name().toLowerCase(Locale.ROOT) + " at Stripe"
                + (refund.message() == null ? "." : ": " + refund.message());
    }

    @PostMapping("/console/invoices/{number}/transfer")
    ResponseEntity<String> transfer(
            HttpServletRequest request,
            @PathVariable String number,
            @RequestParam(defaultValue = "") String amount,
            @RequestParam(defaultValue = "") String reference) {
        var recorded = transfers.record(number, Typed.amount(amount), Typed.reason(reference), null);
        var invoice = recorded.invoice();
        return done(
                request,
                number,
                recorded.known()
                        ? "This transfer was recorded before: nothing was done."
                        : "Recorded. Open of invoice " + number + ": "
                                + Amounts.text(recorded.open(), invoice.currency()) + "."
                                + (recorded.balance().signum() == 0
                                        ? ""
                                        : " More than was open, " + Amounts.text(recorded.balance(), invoice.currency())
                                                + ", went to the balance of " + invoice.account() + "."));
    }

    @PostMapping("/console/invoices/{number}/write-off")
    ResponseEntity<String> writeOff(
            HttpServletRequest request, @PathVariable String number, @RequestParam(defaultValue = "") String reason) {
        return switch (giveBack.writeOff(WebActor.of(request), number, Typed.reason(reason))) {
            case Outcome.Waits(var approval) -> console.waits(request, approval);
            case Outcome.Done(var invoice) ->
                done(request, number, "What was open of invoice " + invoice.number() + " is given up.");
        };
    }

    private ResponseEntity<String> done(HttpServletRequest request, String number, String text) {
        return console.message(request, HttpStatus.OK, "Done", text, Hrefs.invoice(number));
    }
}
