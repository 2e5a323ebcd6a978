package io.postpaid.payments.dunning;

import io.postpaid.account.Accounts;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.mail.NoticeKind;
import io.postpaid.mail.Wording;
import io.postpaid.payments.charging.CollectionPolicy;
import io.postpaid.payments.charging.PaymentMails;
import io.postpaid.payments.charging.Reactivation;
import io.postpaid.payments.dunning.DunningStore.Settled;
import io.postpaid.payments.dunning.DunningStore.Unpaid;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Takes the steps that are due. */
@Component
class Dunning {
    private static final int PAGE = 500;

    private final DunningStore store;
    private final Accounts accounts;
    private final Invoices invoices;
    private final Reactivation reactivation;
    private final PaymentMails mails;
    private final CollectionPolicy policy;
    private final TransactionTemplate transaction;

    Dunning(
            DunningStore store,
            Accounts accounts,
            Invoices invoices,
            Reactivation reactivation,
            PaymentMails mails,
            CollectionPolicy policy,
            PlatformTransactionManager transactions) {
        this.store = store;
        this.accounts = accounts;
        this.invoices = invoices;
        this.reactivation = reactivation;
        this.mails = mails;
        this.policy = policy;
        this.transaction = new TransactionTemplate(transactions);
    }

    Items<Unpaid> unpaid(Run run) {
        return Items.some(
                PAGE,
                store.unpaid(run.date().minusDays(policy.reminderDay())),
                unpaid -> Item.of("unpaid invoice", unpaid.invoice(), unpaid.account()),
                some -> {
                    var taken = Objects.requireNonNull(transaction.execute(status -> advance(some, run.date())));
                    return Done.of(some.size(), taken, 0);
                });
    }

    Items<Settled> settled(Run run) {
        return Items.each(
                store.settled(run.date(), policy.suspensionDay()),
                settled -> Item.account(settled.account()),
                settled -> {
                    var reactivated = transaction.execute(status -> {
                        accounts.locked(settled.account());
                        return reactivation.after(invoices.get(settled.invoice()), run.date());
                    });
                    return Boolean.TRUE.equals(reactivated) ? Done.WRITTEN : Done.READ;
                });
    }

    private int advance(List<Unpaid> page, LocalDate today) {
        int taken = 0;
        var due = new LinkedHashMap<Unpaid, DunningStep>();
        for (var unpaid : page) {
            DunningPolicy.due(policy, unpaid.owedSince(), today, unpaid.taken())
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
                case REMINDER -> mail(NoticeKind.PAYMENT_REMINDER, invoice, unpaid);
                case SUSPENSION -> {
                    if (accounts.suspend(unpaid.account(), "invoice " + invoice.number() + " is unpaid")) {
                        mail(NoticeKind.ACCOUNT_SUSPENDED, invoice, unpaid);
                    }
                }
            }
        }
        return taken;
    }

    /** What is owed again later than it was issued is dunned again, with its own days. */
    private void mail(NoticeKind kind, Invoice invoice, Unpaid unpaid) {
        var open = invoices.openAmount(invoice);
        if (unpaid.owedSince().equals(invoice.issuedOn())) {
            mails.queue(kind, invoice, open);
            return;
        }
        var suspendOn = Wording.day(unpaid.owedSince().plusDays(policy.suspensionDay()));
        mails.queue(kind, invoice, unpaid.owedSince().toString(), open, Map.of("suspend_on", suspendOn));
    }
}
