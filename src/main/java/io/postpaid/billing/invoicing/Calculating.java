package io.postpaid.billing.invoicing;

import io.postpaid.billing.invoicing.DraftStore.HeldAccount;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.OutOfReachException;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Todo;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.pricing.calculation.TaxCalculations;
import io.postpaid.pricing.calculation.TaxCalculator.UnansweredException;
import io.postpaid.pricing.pricebook.PriceBooks;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Asks Stripe Tax, where it decides, for the invoices that a run is about to draw up. */
@Component
class Calculating {
    private static final int AT_ONCE = 16;
    /** So many questions without an answer, one after the other, mean that Stripe is down. */
    private static final int SILENCES_MAX = 2 * AT_ONCE;

    private final DraftStore drafts;
    private final PriceBooks prices;
    private final Taxations taxations;
    private final Drafting drafting;
    private final TaxCalculations calculations;

    Calculating(
            DraftStore drafts,
            PriceBooks prices,
            Taxations taxations,
            Drafting drafting,
            TaxCalculations calculations) {
        this.drafts = drafts;
        this.prices = prices;
        this.taxations = taxations;
        this.drafting = drafting;
        this.calculations = calculations;
    }

    Items<HeldAccount> ofRun(Run run) {
        if (!calculations.on()) {
            return Items.each(Todo.of(Collections.emptyIterator()), Calculating::item, _ -> Done.NOTHING);
        }
        var silence = new Silence();
        return Items.each(
                        run.monthly() ? drafts.toBill(run.period()) : drafts.heldOfCompletedMonths(),
                        Calculating::item,
                        account -> ask(account, silence))
                .atOnce(AT_ONCE)
                .then(silence::end);
    }

    private static Item item(HeldAccount account) {
        return Item.account(account.account()).in(account.period());
    }

    private Done ask(HeldAccount account, Silence silence) {
        var period = BillingPeriod.of(account.period());
        var facts = drafts.billables(List.of(account.account()), period, prices.load())
                .getFirst();
        var question = taxations.calculated(period, facts.account()).flatMap(taxes -> drafting.question(facts, taxes));
        if (question.isEmpty()) return Done.READ;
        try {
            calculations.ask(question.get());
        } catch (UnansweredException e) {
            throw silence.heard(e);
        }
        silence.answered();
        return Done.WRITTEN;
    }

    /** Tells a question that fails from a service that is down. */
    private static final class Silence {
        private final AtomicInteger inARow = new AtomicInteger();
        private volatile boolean answered;
        private volatile @Nullable UnansweredException last;

        void answered() {
            answered = true;
            inARow.set(0);
        }

        /** @return what to throw: for everybody, or for the one whose question it was */
        RuntimeException heard(UnansweredException silence) {
            last = silence;
            return inARow.incrementAndGet() >= SILENCES_MAX ? down(silence) : silence;
        }

        void end() {
            var silence = last;
            if (silence != null && !answered) throw down(silence);
        }

        private static OutOfReachException down(UnansweredException silence) {
            return new OutOfReachException(
                    silence.getMessage()
                            + ". What was calculated is kept, so that going on later asks for the rest alone",
                    silence);
        }
    }
}
