package io.postpaid.billing.invoicing;

import io.postpaid.pricing.exchange.Exchange;
import io.postpaid.pricing.tax.Tax;
import io.postpaid.pricing.tax.TaxReason;
import java.math.BigDecimal;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One tax of an invoice, or what a credit note returns of it.
 *
 * @param position in the invoice; its lines name it
 * @param category of EN 16931, such as S
 * @param rate the imported rate, null where it is none of these
 * @param name such as VAT; empty where there is no tax to name
 * @param base what it is charged on: its lines, rounded, less the credit that covers them
 * @param note what the law wants said of it, or empty
 * @param evidence what another service said that it follows from, such as a consultation number of VIES, or empty
 * @param local the tax in the currency of its country; null where that is the invoice's, or there is no tax
 */
public record InvoiceTax(
        int position,
        String category,
        @Nullable Long rate,
        String name,
        BigDecimal percent,
        BigDecimal base,
        BigDecimal tax,
        String note,
        String evidence,
        @Nullable LocalTax local) {

    static InvoiceTax of(int position, Tax tax, BigDecimal base, BigDecimal amount) {
        return new InvoiceTax(
                position,
                tax.reason().code(),
                tax.rate(),
                tax.name(),
                tax.percent(),
                base,
                amount,
                tax.note(),
                tax.evidence(),
                null);
    }

    /** The same of other amounts, by the same exchange rate. */
    InvoiceTax of(BigDecimal otherBase, BigDecimal otherTax) {
        return new InvoiceTax(position, category, rate, name, percent, otherBase, otherTax, note, evidence, null)
                .in(local == null ? null : local.exchange());
    }

    /** The same with its tax in another currency. */
    InvoiceTax in(@Nullable Exchange exchange) {
        return with(exchange == null || tax.signum() == 0 ? null : new LocalTax(exchange, exchange.convert(tax)));
    }

    InvoiceTax with(@Nullable LocalTax other) {
        return new InvoiceTax(position, category, rate, name, percent, base, tax, note, evidence, other);
    }

    /** Why it is that much, in words. */
    public String reason() {
        return TaxReason.of(category).toString();
    }

    /** Whether it stands on invoices. A tax that the seller has nothing to do with does not. */
    public boolean printed() {
        return !name.isEmpty() || !category.equals(TaxReason.NOT_REGISTERED.code());
    }

    /** Such as {@code VAT 25.5 %}, or the reason where there is no tax to name. */
    public String label() {
        return name.isEmpty()
                ? reason()
                : name + " " + percent.stripTrailingZeros().toPlainString() + " %";
    }

    /** What there is to say of it: its note, and by what it can be proved. */
    public String remark() {
        return Stream.of(note, evidence).filter(text -> !text.isEmpty()).collect(Collectors.joining(" "));
    }

    @Nullable
    BigDecimal localAmount() {
        return local == null ? null : local.amount();
    }

    BigDecimal gross() {
        return base.add(tax);
    }
}
