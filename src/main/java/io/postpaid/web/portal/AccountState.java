package io.postpaid.web.portal;

import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.InvoiceStatus;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.gate.access.AccessDecision;
import io.postpaid.gate.access.Standing;
import io.postpaid.mail.Wording;
import io.postpaid.platform.money.Amounts;
import io.postpaid.platform.template.Seller;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;

/** The state of an account in a sentence, and the one action that mends it. */
@Component
@ConditionalOnWebApplication
class AccountState {
    private static final int INVOICES = 6;
    private static final int NEAR_LIMIT = 80;

    private final Invoices invoices;
    private final Seller seller;

    AccountState(Invoices invoices, Seller seller) {
        this.invoices = invoices;
        this.seller = seller;
    }

    /** Null where there is nothing to do. */
    @Nullable
    Map<String, ?> notice(Standing standing) {
        var account = standing.account();
        boolean suspended = standing.access() == AccessDecision.ACCOUNT_SUSPENDED;
        var open = oldestOpen(account.id());
        if (open.isPresent() && (suspended || account.card() == null)) return payment(open.get(), suspended);
        if (standing.access() == AccessDecision.MONTHLY_LIMIT_REACHED && account.capped()) {
            return notice(
                    "Your own cap of " + Amounts.text(account.mostPerMonth(), account.currency()) + " is reached.",
                    "Calls are refused with MONTHLY_LIMIT_REACHED until the month ends or you change the cap.",
                    "Change the cap",
                    "/billing/limit");
        }
        if (standing.access() == AccessDecision.MONTHLY_LIMIT_REACHED) {
            return notice(
                    account.monthlyLimit().signum() == 0
                            ? "Your monthly limit is " + Amounts.text(account.monthlyLimit(), account.currency())
                                    + ", and your credit is used up."
                            : "Your monthly limit is reached.",
                    "Calls are refused with MONTHLY_LIMIT_REACHED until the month ends or the limit is higher.",
                    "Ask for a higher limit",
                    "/billing/limit");
        }
        int used = ThisMonth.percentOf(standing.month().accrued(), account.monthlyLimit());
        if (used >= NEAR_LIMIT) {
            return notice(
                    used + " % of your monthly limit is used.",
                    "When it is reached, calls are refused with MONTHLY_LIMIT_REACHED.",
                    "Ask for a higher limit",
                    "/billing/limit");
        }
        return switch (standing.access()) {
            case ACCOUNT_SUSPENDED ->
                notice(
                        "Your access is paused.",
                        "Calls are refused with ACCOUNT_SUSPENDED. It is not about a payment: ask us.",
                        "Write to " + seller.email(),
                        "mailto:" + seller.email());
            case PAYMENT_METHOD_REQUIRED ->
                notice(
                        "There is no card on file.",
                        "Your credit is used up, so calls are refused with PAYMENT_METHOD_REQUIRED.",
                        "Add a card",
                        "#card");
            case PAYMENT_REQUIRED ->
                notice(
                        "A payment was taken back by your bank.",
                        "Calls are refused with PAYMENT_REQUIRED until it is settled.",
                        "Write to " + seller.email(),
                        "mailto:" + seller.email());
            default -> null;
        };
    }

    private Optional<Invoice> oldestOpen(String account) {
        return invoices.ofAccount(account, Long.MAX_VALUE, INVOICES).stream()
                .filter(invoice -> invoice.status() == InvoiceStatus.OPEN)
                .reduce((newer, older) -> older);
    }

    private Map<String, ?> payment(Invoice invoice, boolean suspended) {
        return notice(
                suspended ? "Your access is paused." : "A payment is due.",
                "Invoice " + invoice.issuedNumber() + " of "
                        + Amounts.text(invoices.openAmount(invoice), invoice.currency()) + " is open, due on "
                        + Wording.day(invoice.dueOn()) + ".",
                "Pay invoice " + invoice.issuedNumber(),
                "/billing/invoices/" + invoice.issuedNumber() + "/pay");
    }

    private static Map<String, ?> notice(String strong, String text, String action, String href) {
        return Map.of("strong", strong, "text", text, "action", action, "href", href);
    }
}
