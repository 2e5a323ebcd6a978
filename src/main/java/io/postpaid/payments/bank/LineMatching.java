package io.postpaid.payments.bank;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceStatus;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.billing.invoicing.PaymentReference;
import io.postpaid.payments.bank.MatchStore.Booked;
import io.postpaid.payments.settlement.Transfers;
import io.postpaid.platform.calendar.BillingClock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** Matches a line by what it says, where that leaves no doubt. */
@Component
class LineMatching {
    /** How payouts are called on statements; the rest of the words is the seller's to choose. */
    private static final String DESCRIPTOR = "STRIPE";

    private static final Pattern PAYOUT = Pattern.compile("\\bpo_[A-Za-z0-9_]{6,60}");

    private final MatchStore store;
    private final Invoices invoices;
    private final Transfers transfers;
    private final Charged charged;
    private final BillingClock clock;

    LineMatching(MatchStore store, Invoices invoices, Transfers transfers, Charged charged, BillingClock clock) {
        this.store = store;
        this.invoices = invoices;
        this.transfers = transfers;
        this.charged = charged;
        this.clock = clock;
    }

    /** @return whether it is matched; whoever dies in between leaves money that is found by the line's own reference */
    boolean match(BankLine line) {
        var recorded = store.recorded(line);
        if (recorded.isPresent()) return tie(line, recorded.get());
        if (line.charge()) return line.amount().signum() < 0 && charged.post(line);
        return line.amount().signum() > 0 && (matchInvoice(line) || matchPayout(line));
    }

    private boolean matchInvoice(BankLine line) {
        var named = PaymentReference.numbersIn(line.says()).stream()
                .map(invoices::find)
                .flatMap(Optional::stream)
                .filter(invoice -> invoice.currency().equals(line.currency()))
                .toList();
        if (named.size() != 1) return false;
        var invoice = named.getFirst();
        var recorded = store.recordedForInvoice(line, invoice.issuedNumber());
        if (recorded.isPresent()) return tie(line, recorded.get());
        if (!isExactly(invoice, line)) return false;
        transfers.record(invoice.issuedNumber(), line.amount(), line.booking(), line.bookedOn());
        return tie(line, new Booked("TRANSFER", line.booking()));
    }

    private boolean isExactly(Invoice invoice, BankLine line) {
        return invoice.status() == InvoiceStatus.OPEN
                && invoices.openAmount(invoice).compareTo(line.amount()) == 0
                && !line.bookedOn().isBefore(invoice.issuedOn())
                && !line.bookedOn().isAfter(clock.today());
    }

    private boolean matchPayout(BankLine line) {
        var id = PAYOUT.matcher(line.says());
        List<String> payouts;
        if (id.find()) payouts = store.payouts(line, id.group());
        else if (line.says().toUpperCase(Locale.ROOT).contains(DESCRIPTOR)) payouts = store.payouts(line, null);
        else return false;
        return payouts.size() == 1 && tie(line, new Booked("payout", payouts.getFirst()));
    }

    private boolean tie(BankLine line, Booked booked) {
        return store.match(line, booked.kind(), booked.reference());
    }
}
