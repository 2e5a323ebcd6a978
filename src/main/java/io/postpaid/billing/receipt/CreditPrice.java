package io.postpaid.billing.receipt;

import io.postpaid.platform.money.Rounding;
import io.postpaid.pricing.tax.Tax;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What credit costs: it is net, and tax comes on top.
 *
 * @param net the credit
 * @param category why it bears this tax: of EN 16931, such as S
 * @param rate the imported rate, null where it is none of these
 * @param name such as VAT; empty where there is no tax to name
 * @param note what the law wants said of it, or empty
 * @param evidence what another service said that it follows from, or empty
 */
public record CreditPrice(
        BigDecimal net,
        BigDecimal tax,
        String category,
        @Nullable Long rate,
        String name,
        BigDecimal percent,
        String note,
        String evidence) {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    static CreditPrice of(BigDecimal net, Tax tax, String currency) {
        var amount = Rounding.toMinorUnit(net.multiply(tax.percent()), HUNDRED, currency);
        return new CreditPrice(
                net, amount, tax.reason().code(), tax.rate(), tax.name(), tax.percent(), tax.note(), tax.evidence());
    }

    public BigDecimal total() {
        return net.add(tax);
    }
}
