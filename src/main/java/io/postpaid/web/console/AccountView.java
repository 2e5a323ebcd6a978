package io.postpaid.web.console;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.account.LimitRequest;
import io.postpaid.account.LimitRequests;
import io.postpaid.billing.invoicing.InvoiceStatus;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.credit.CreditGrant;
import io.postpaid.credit.CreditLedger;
import io.postpaid.gate.access.Access;
import io.postpaid.gate.access.AccessDecision;
import io.postpaid.payments.settlement.AccountTransfers;
import io.postpaid.platform.batch.HeldItems;
import io.postpaid.platform.money.Amounts;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** An account as it stands. */
@Component
@ConditionalOnWebApplication
class AccountView {
    private static final int INVOICES = 12;

    private final Accounts accounts;
    private final Access access;
    private final LimitRequests limits;
    private final CreditLedger ledger;
    private final AccountTransfers transfers;
    private final HeldItems held;
    private final Invoices invoices;

    AccountView(
            Accounts accounts,
            Access access,
            LimitRequests limits,
            CreditLedger ledger,
            AccountTransfers transfers,
            HeldItems held,
            Invoices invoices) {
        this.accounts = accounts;
        this.access = access;
        this.limits = limits;
        this.ledger = ledger;
        this.transfers = transfers;
        this.held = held;
        this.invoices = invoices;
    }

    /** @throws ConsoleErrors.NotFoundException if there is none */
    Map<String, @Nullable Object> of(String id) {
        if (id.indexOf('\0') >= 0 || accounts.find(id).isEmpty()) throw new ConsoleErrors.NotFoundException();
        var standing = access.standing(id);
        var account = standing.account();
        var currency = account.currency();
        var money = transfers.standing(id);
        var month = standing.month();
        var view = new HashMap<String, @Nullable Object>();
        details(view, account);
        view.put("aliases", String.join(", ", accounts.aliases(id)));
        view.put("currency", currency);
        view.put("status", account.status().name().toLowerCase(Locale.ROOT));
        view.put("access", standing.access().name());
        view.put("allowed", standing.access() == AccessDecision.ALLOWED);
        view.put("paused", accounts.paused(id));
        view.put("period", month.period().toString());
        view.put("cost", Amounts.text(month.cost(), currency));
        view.put("covered", Amounts.text(month.credits(), currency));
        view.put("accrued", Amounts.text(month.accrued(), currency));
        view.put("limit", Amounts.text(account.monthlyLimit(), currency));
        view.put("limit_plain", Amounts.plain(account.monthlyLimit(), currency));
        view.put("credit", Amounts.text(standing.credit(), currency));
        view.put("balance", Amounts.text(money.amount(), currency));
        view.put("owed", money.owed().signum() == 0 ? null : Amounts.text(money.owed(), currency));
        view.put(
                "unpaid",
                invoices.ofAccount(id, Long.MAX_VALUE, INVOICES).stream()
                        .filter(invoice -> invoice.status() == InvoiceStatus.OPEN)
                        .map(invoice -> Map.of(
                                "number", invoice.issuedNumber(),
                                "href", Hrefs.invoice(invoice.issuedNumber()),
                                "due", invoice.dueOn().toString(),
                                "open", Amounts.text(invoices.openAmount(invoice), currency)))
                        .toList());
        view.put(
                "asked",
                limits.ofAccount(id, 1).stream()
                        .filter(request -> request.status() == LimitRequest.Status.OPEN)
                        .map(request ->
                                Map.of("amount", Amounts.plain(request.amount(), currency), "reason", request.reason()))
                        .toList());
        view.put(
                "grants",
                ledger.grants(id).reversed().stream()
                        .limit(20)
                        .map(AccountView::grant)
                        .toList());
        view.put(
                "held",
                held.ofAccount(id).stream()
                        .map(item -> Map.of(
                                "step", item.step(),
                                "period", Objects.requireNonNullElse(item.period(), ""),
                                "why", item.reason() + ": " + item.detail()))
                        .toList());
        return view;
    }

    private static void details(Map<String, @Nullable Object> view, Account account) {
        var address = account.address();
        view.put("id", account.id());
        view.put("href", Hrefs.account(account.id()));
        view.put("id_parameter", Hrefs.parameter(account.id()));
        view.put("name", account.name());
        view.put("email", account.email());
        view.put("billing_emails", String.join(", ", account.billingEmails()));
        view.put(
                "address",
                Stream.of(
                                address.line1(),
                                address.line2(),
                                address.postalCode() + " " + address.city(),
                                address.state(),
                                address.country())
                        .filter(line -> !line.isBlank())
                        .collect(Collectors.joining(", ")));
        view.put("tax_id", account.taxId());
        view.put("purchase_order", account.purchaseOrder());
        view.put("buyer_reference", account.buyer().reference());
        view.put("peppol_id", account.buyer().peppolId());
        view.put("language", account.buyer().language());
        view.put(
                "business",
                switch (account.buyer().business()) {
                    case "yes" -> "business";
                    case "no" -> "consumer";
                    default -> "";
                });
        view.put("card", account.card() == null ? "" : account.card().label());
        view.put("customer", account.stripeCustomer());
        view.put("created", account.createdOn().toString());
    }

    private static Map<String, ?> grant(CreditGrant grant) {
        return Map.of(
                "kind", grant.kind().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                "amount", Amounts.plain(grant.amount(), grant.currency()),
                "left", Amounts.plain(grant.remaining(), grant.currency()),
                "granted", Moments.text(grant.grantedAt()),
                "expires",
                        grant.expiresOn() == null ? "never" : grant.expiresOn().toString());
    }
}
