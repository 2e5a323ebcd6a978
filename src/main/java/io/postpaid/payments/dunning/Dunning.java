package io.postpaid.payments.dunning;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.mail.Notice;
import io.postpaid.mail.NoticeKind;
import io.postpaid.mail.Outbox;
import io.postpaid.payments.CollectionPolicy;
import io.postpaid.payments.InvoiceMails;
import io.postpaid.payments.Payments;
import io.postpaid.payments.dunning.DunningStore.Settled;
import io.postpaid.payments.dunning.DunningStore.Unpaid;
import io.postpaid.platform.batch.Crew;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Tally;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Takes the steps that are due. */
@Component
class Dunning {
    private final DunningStore store;
    private final Accounts accounts;
    private final Invoices invoices;
    private final Payments payments;
    private final Outbox outbox;
    private final InvoiceMails mails;
    private final CollectionPolicy policy;
    private final TransactionTemplate transaction;

    Dunning(
            DunningStore store,
            Accounts accounts,
            Invoices invoices,
            Payments payments,
            Outbox outbox,
            InvoiceMails mails,
            CollectionPolicy policy,
            PlatformTransactionManager transactions) {
        this.store = store;
        this.accounts = accounts;
        this.invoices = invoices;
        this.payments = payments;
        this.outbox = outbox;
        this.mails = mails;
        this.policy = policy;
        this.transaction = new TransactionTemplate(transactions);
    }

    void advance(Run run, Tally tally) {
        var today = run.date();
        long behind = 0;
        while (true) {
            var page = store.unpaid(today.minusDays(policy.reminderDay()), behind);
            if (page.isEmpty()) break;
            tally.read(page.size());
            tally.items(
                    page,
                    unpaid -> Item.of("unpaid invoice", unpaid.invoice(), unpaid.account()),
                    some -> tally.written(Objects.requireNonNull(transaction.execute(status -> advance(some, today)))));
            behind = page.getLast().invoice();
        }
        Crew.pages("", behindAccount -> store.settled(today, policy.suspensionDay(), behindAccount), Settled::account)
                .forEachRemaining(settled -> reactivate(settled, today, tally));
    }

    private void reactivate(Settled settled, LocalDate today, Tally tally) {
        tally.read(1);
        tally.item(Item.account(settled.account()), () -> {
            var invoice = invoices.get(settled.invoice());
            var reactivated = transaction.execute(status -> payments.reactivateIfNothingOverdue(invoice, today));
            if (Boolean.TRUE.equals(reactivated)) tally.written(1);
        });
    }

    private int advance(List<Unpaid> page, LocalDate today) {
        var notices = new ArrayList<Notice>();
        int taken = 0;
        var due = new LinkedHashMap<Unpaid, DunningStep>();
        for (var unpaid : page) {
            DunningPolicy.due(policy, unpaid.issuedOn(), today, unpaid.taken())
                    .ifPresent(step -> due.put(unpaid, step));
        }
        store.lockAccounts(due.keySet().stream().map(Unpaid::account).toList());
        for (var step : due.entrySet()) {
            var unpaid = step.getKey();
            if (!store.lockOpen(unpaid.invoice())) continue;
            if (!store.take(unpaid.invoice(), step.getValue(), today)) continue;
            taken++;
            var invoice = invoices.get(unpaid.invoice());
            switch (step.getValue()) {
                case REMINDER ->
                    notices.add(mails.of(NoticeKind.PAYMENT_REMINDER, invoice, invoices.openAmount(invoice)));
                case SUSPENSION -> {
                    if (accounts.suspend(unpaid.account(), "invoice " + invoice.number() + " is unpaid")) {
                        notices.add(mails.of(NoticeKind.ACCOUNT_SUSPENDED, invoice, invoices.openAmount(invoice)));
                    }
                }
            }
        }
        outbox.queueAll(notices);
        return taken;
    }
}
