package io.postpaid.payments.taxrecord;

import io.postpaid.payments.stripe.PaymentGateway.NoAnswerException;
import io.postpaid.payments.stripe.PaymentGateway.RefusedException;
import io.postpaid.payments.stripe.StripeLine;
import io.postpaid.payments.stripe.StripeTaxRecords;
import io.postpaid.payments.taxrecord.TaxRecordStore.Unrecorded;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Todo;
import io.postpaid.platform.calendar.BillingClock;
import java.util.List;
import org.springframework.stereotype.Component;

/** Tells Stripe Tax of each invoice and credit note, once. */
@Component
class TaxRecording {
    private final TaxRecordStore store;
    private final StripeTaxRecords stripe;
    private final StripeLine line;
    private final BillingClock clock;

    TaxRecording(TaxRecordStore store, StripeTaxRecords stripe, StripeLine line, BillingClock clock) {
        this.store = store;
        this.stripe = stripe;
        this.line = line;
        this.clock = clock;
    }

    Items<Unrecorded> invoices(Run run) {
        return recorded(store.invoices(), "invoice");
    }

    /** Of invoices that are recorded. */
    Items<Unrecorded> creditNotes(Run run) {
        return recorded(store.creditNotes(), "credit note");
    }

    private Items<Unrecorded> recorded(Todo<Unrecorded> todo, String kind) {
        var watch = line.watch();
        return Items.each(
                        todo,
                        document -> item(kind, document),
                        document -> record(document, item(kind, document), watch))
                .atOnce(line.width())
                .then(watch::end);
    }

    private static Item item(String kind, Unrecorded document) {
        return Item.of(kind, document.reference(), document.account());
    }

    private Done record(Unrecorded document, Item item, StripeLine.Watch watch) {
        store.claim(document, clock.instant());
        try {
            var transaction = document.creditNote() == null
                    ? stripe.record(document.reference(), document.ofWhat())
                    : stripe.reverse(document.reference(), document.ofWhat(), document.amount(), document.currency());
            watch.answered();
            store.recorded(document, transaction);
            return Done.WRITTEN;
        } catch (RefusedException e) {
            watch.answered();
            // Such as a calculation that has expired; it is listed once, and the invoice stays as it is.
            store.refused(document, e.getMessage());
            return new Done(1, 0, 1, List.of(new Done.Held(item, "NOT_RECORDED", e.getMessage())));
        } catch (NoAnswerException e) {
            watch.silent(e.getMessage());
            return new Done(1, 0, 1, List.of(new Done.Held(item, "NO_ANSWER", e.getMessage()).waiting()));
        }
    }
}
