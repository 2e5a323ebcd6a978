package io.postpaid.books.close;

import io.postpaid.books.journal.Journals;
import io.postpaid.payments.bank.BankTie;
import io.postpaid.payments.reconciliation.ProviderTie;
import io.postpaid.platform.batch.Row;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.SqlFiles;
import io.postpaid.platform.calendar.BillingPeriod;
import io.postpaid.platform.money.Amounts;
import java.util.ArrayList;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** What keeps a month from being closed, and what its books are held beside. */
@Component
class CloseChecks {
    private final SqlFiles sql;
    private final Journals journals;
    private final ProviderTie provider;
    private final BankTie bank;

    CloseChecks(SqlFiles sql, Journals journals, ProviderTie provider, BankTie bank) {
        this.bank = bank;
        this.sql = sql;
        this.journals = journals;
        this.provider = provider;
    }

    /** What must be settled first, in the order in which it is done. */
    @Transactional(readOnly = true)
    List<Blocker> blockers(BillingPeriod period) {
        var blockers = new ArrayList<>(sql.statement(Run.ofClose(period), "find-blockers")
                .query(Row.to(Blocker.class))
                .list());
        var differences = provider.of(period).stream()
                .flatMap(tie -> tie.differences().stream())
                .filter(difference -> !difference.same())
                .toList();
        if (!differences.isEmpty()) {
            var first = differences.getFirst();
            blockers.add(new Blocker(
                    "The books and the provider do not have the same",
                    differences.size(),
                    first.kind() + " " + first.reference() + ": " + Amounts.text(first.amount(), first.currency()),
                    "./postpaid reconcile --period " + period,
                    "/console/payments"));
        }
        var open = bank.of(period).open();
        if (!open.isEmpty()) {
            var first = open.getFirst();
            blockers.add(new Blocker(
                    "Nobody has said yet what lines of bank statements are",
                    open.size(),
                    "line " + first.line() + " of " + first.bookedOn() + ": "
                            + Amounts.text(first.amount(), first.currency()),
                    "./postpaid bank list --open",
                    "/console/bank"));
        }
        for (var missing : journals.missingRates(period)) {
            blockers.add(new Blocker(
                    "There are no rates of exchange for the books",
                    missing.days(),
                    missing.sentence(),
                    "./postpaid rates import FILE",
                    "/console/close/" + period));
        }
        return List.copyOf(blockers);
    }

    /** What the books say of a month, beside what each figure must be equal to. */
    @Transactional(readOnly = true)
    List<Tie> ties(BillingPeriod period) {
        var ties = new ArrayList<>(sql.statement(Run.ofClose(period), "tie-out")
                .query(Row.to(Tie.class))
                .list());
        for (var tie : provider.of(period)) {
            // What moved on the last day and is booked on the first, or the other way round.
            var timing = tie.booked().subtract(tie.moved()).subtract(tie.unexplained());
            ties.add(new Tie(
                    "Movement of provider clearing",
                    tie.currency(),
                    tie.booked(),
                    "movements of its balance" + (timing.signum() == 0 ? "" : ", with what is booked in another month"),
                    tie.moved().add(timing)));
        }
        for (var tie : bank.of(period).ties()) {
            var named = tie.posted().subtract(tie.lines()).subtract(tie.unexplained());
            ties.add(new Tie(
                    "Movement of the bank",
                    tie.currency(),
                    tie.posted(),
                    "lines of its statements"
                            + (named.signum() == 0 ? "" : ", with what is on none of them or on one of another month"),
                    tie.lines().add(named)));
        }
        return List.copyOf(ties);
    }
}
