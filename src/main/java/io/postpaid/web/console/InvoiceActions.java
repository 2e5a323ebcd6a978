package io.postpaid.web.console;

import io.postpaid.payments.settlement.Adjustments;
import io.postpaid.payments.settlement.Refunds;
import io.postpaid.payments.settlement.Transfers;
import io.postpaid.platform.money.Amounts;
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
    private final Adjustments adjustments;
    private final Refunds refunds;
    private final Transfers transfers;

    InvoiceActions(Console console, Adjustments adjustments, Refunds refunds, Transfers transfers) {
        this.console = console;
        this.adjustments = adjustments;
        this.refunds = refunds;
        this.transfers = transfers;
    }

    @PostMapping("/console/invoices/{number}/credit-note")
    ResponseEntity<String> creditNote(
            HttpServletRequest request,
            @PathVariable String number,
            @RequestParam(defaultValue = "") String amount,
            @RequestParam(defaultValue = "") String reason) {
        var note = adjustments.credit(number, Typed.amount(amount), Typed.reason(reason));
        return done(
                request,
                number,
                "Credit note " + note.number() + " corrects invoice " + number
                        + ". The next run renders and mails it.");
    }

    @PostMapping("/console/invoices/{number}/refund")
    ResponseEntity<String> refund(
            HttpServletRequest request,
            @PathVariable String number,
            @RequestParam(defaultValue = "") String amount,
            @RequestParam(defaultValue = "") String reason) {
        var refund = refunds.refund(number, Typed.amount(amount), Typed.reason(reason));
        return done(
                request,
                number,
                "The refund is " + refund.status().name().toLowerCase(Locale.ROOT) + " at Stripe"
                        + (refund.message() == null ? "." : ": " + refund.message()));
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
                                + Amounts.text(recorded.open(), invoice.currency()) + ".");
    }

    @PostMapping("/console/invoices/{number}/write-off")
    ResponseEntity<String> writeOff(
            HttpServletRequest request, @PathVariable String number, @RequestParam(defaultValue = "") String reason) {
        adjustments.writeOff(number, Typed.reason(reason));
        return done(request, number, "What was open of invoice " + number + " is given up.");
    }

    private ResponseEntity<String> done(HttpServletRequest request, String number, String text) {
        return console.message(request, HttpStatus.OK, "Done", text, Hrefs.invoice(number));
    }
}
