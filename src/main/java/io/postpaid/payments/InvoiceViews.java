package io.postpaid.payments;

import io.postpaid.account.Account;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.mail.Wording;
import io.postpaid.platform.money.Amounts;
import io.postpaid.platform.template.Seller;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What mails about an invoice print. */
@Component
public class InvoiceViews {
    private final Seller seller;
    private final CollectionPolicy policy;

    InvoiceViews(Seller seller, CollectionPolicy policy) {
        this.seller = seller;
        this.policy = policy;
    }

    /** @param amount what is, or was, to be paid */
    public Map<String, Object> of(Invoice invoice, Account account, BigDecimal amount) {
        return of(invoice, account, invoice.total(), amount);
    }

    /** What was left of an invoice, and is not to be paid now. */
    Map<String, Object> carried(Invoice invoice, Account account, BigDecimal left) {
        return of(invoice, account, left, BigDecimal.ZERO);
    }

    private Map<String, Object> of(Invoice invoice, Account account, BigDecimal total, BigDecimal amount) {
        return Map.of(
                "account", Map.of("name", account.name(), "id", account.id()),
                "invoice",
                        Map.of(
                                "number", invoice.issuedNumber(),
                                "period", Wording.month(invoice.period()),
                                "total", Amounts.text(total, invoice.currency()),
                                "amount_due", Amounts.text(amount, invoice.currency()),
                                "due_on", Wording.day(invoice.dueOn())),
                "pay_url", seller.payUrl(invoice.issuedNumber()),
                "suspend_on", Wording.day(policy.suspendsOn(invoice)));
    }

    /** The invoice's PDF under the folder of documents, once it is rendered. */
    public static @Nullable String attachment(Invoice invoice) {
        return invoice.pdfSha256() == null ? null : invoice.pdfFile();
    }
}
