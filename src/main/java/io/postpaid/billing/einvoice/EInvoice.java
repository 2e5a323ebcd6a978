package io.postpaid.billing.einvoice;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An invoice or credit note in the terms of EN 16931 (BT and BG are its numbers for them). Empty texts are not written.
 *
 * @param dueOn BT-9
 * @param taxPoint BT-7, where it is another day than that of issue
 * @param buyerReference BT-10
 * @param purchaseOrder BT-13
 * @param corrects BG-3, of a credit note
 * @param period BG-14: the first and the last day that anything was used
 * @param notes BT-22
 * @param adjustments BG-20, BG-21
 */
public record EInvoice(
        boolean creditNote,
        String number,
        LocalDate issuedOn,
        @Nullable LocalDate dueOn,
        @Nullable LocalDate taxPoint,
        String currency,
        String buyerReference,
        String purchaseOrder,
        @Nullable Corrected corrects,
        Days period,
        List<String> notes,
        Party seller,
        Party buyer,
        Payment payment,
        List<Line> lines,
        List<Adjustment> adjustments,
        List<Tax> taxes,
        Sums sums) {

    public EInvoice {
        notes = List.copyOf(notes);
        lines = List.copyOf(lines);
        adjustments = List.copyOf(adjustments);
        taxes = List.copyOf(taxes);
    }

    /** The invoice that a credit note corrects. */
    public record Corrected(String number, LocalDate issuedOn) {}

    public record Days(LocalDate first, LocalDate last) {}

    /**
     * BG-4 and BG-7.
     *
     * @param id BT-29, BT-46: what the other side knows it by
     * @param legalId BT-30, BT-47: where it is registered, other than for VAT
     * @param vatId BT-31, BT-48, with the letters of its country
     * @param taxNumber BT-32: what the seller's tax office knows it by, where that is no VAT id
     * @param endpoint BT-34, BT-49: where it receives e-invoices, with the scheme before a colon: {@code 0208:0123456789}
     */
    public record Party(
            String name,
            String id,
            String legalId,
            String vatId,
            String taxNumber,
            String endpoint,
            Place place,
            Contact contact) {}

    /** BG-5 and BG-8. */
    public record Place(
            String line1, String line2, String line3, String city, String postalCode, String region, String country) {}

    /** BG-6 and BG-9. */
    public record Contact(String name, String phone, String email) {}

    /**
     * BG-16.
     *
     * @param code of the list UNTDID 4461
     * @param terms BT-20, in words
     * @param card its last four digits (BT-87)
     */
    public record Payment(
            String code, String terms, String reference, String card, String network, String iban, String bic) {}

    /**
     * BG-25.
     *
     * @param price BT-146, for {@code per} units (BT-149)
     * @param unit of the list of UN/ECE Recommendation 20
     */
    public record Line(
            String name,
            String description,
            BigDecimal quantity,
            String unit,
            BigDecimal price,
            BigDecimal per,
            BigDecimal amount,
            Days period,
            Category category) {}

    /** What is taken off the lines of one tax; below zero what is added to them. */
    public record Adjustment(String reason, BigDecimal amount, Category category) {}

    /**
     * What a tax is by the standard.
     *
     * @param code of the list UNTDID 5305
     * @param percent null where there is no rate: outside of the scope of VAT
     */
    public record Category(String code, @Nullable BigDecimal percent) {}

    /**
     * BG-23.
     *
     * @param reason BT-120, why none is charged
     * @param reasonCode BT-121
     */
    public record Tax(Category category, BigDecimal base, BigDecimal amount, String reason, String reasonCode) {
        Tax with(Tax other) {
            boolean same = reason.equals(other.reason);
            return new Tax(
                    category,
                    base.add(other.base),
                    amount.add(other.amount),
                    same ? reason : reason + "; " + other.reason,
                    reasonCode);
        }
    }

    /**
     * BG-22, what the sums below do not follow from.
     *
     * @param lines BT-106
     * @param net BT-109
     * @param tax BT-110
     * @param gross BT-112
     * @param paid BT-113: by the account balance, and what is carried to the next invoice, less what was carried in
     * @param due BT-115
     * @param local BT-6, BT-111: the tax in the currency of the country where it is due, if that is another
     */
    public record Sums(
            BigDecimal lines,
            BigDecimal net,
            BigDecimal tax,
            BigDecimal gross,
            BigDecimal paid,
            BigDecimal due,
            @Nullable Local local) {}

    /** An amount in another currency. */
    public record Local(String currency, BigDecimal amount) {}

    BigDecimal allowances() {
        return adjustments.stream()
                .map(Adjustment::amount)
                .map(BigDecimal.ZERO::max)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    BigDecimal charges() {
        return adjustments.stream()
                .map(Adjustment::amount)
                .map(BigDecimal.ZERO::min)
                .reduce(BigDecimal.ZERO, BigDecimal::subtract);
    }
}
