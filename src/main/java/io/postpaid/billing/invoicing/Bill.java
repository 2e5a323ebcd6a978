package io.postpaid.billing.invoicing;

import static java.math.BigDecimal.ZERO;
import static java.util.stream.Collectors.collectingAndThen;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.postpaid.credit.MonthlyCost;
import io.postpaid.platform.money.Rounding;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/**
 * What a period bills to an account, in numbers; or would bill, if nothing were in the way.
 *
 * @param cost exactly, and what credit covers of it
 * @param total after tax; where the account is held, what is left before tax
 * @param held why it cannot be billed; empty if it can
 */
public record Bill(
        String currency,
        MonthlyCost cost,
        BigDecimal subtotal,
        BigDecimal credits,
        BigDecimal tax,
        BigDecimal total,
        List<InvoiceTax> taxes,
        String held) {

    static Bill of(Draft draft, MonthlyCost cost, String currency) {
        var nothing = Rounding.toMinorUnit(ZERO, currency);
        return switch (draft) {
            case Draft.Drafted(var invoice, var _, var taxes) -> of(invoice, cost, taxes);
            case Draft.NothingToBill _ -> new Bill(currency, cost, nothing, nothing, nothing, nothing, List.of(), "");
            case Draft.Held(var _, var reason, var _) ->
                new Bill(
                        currency,
                        cost,
                        nothing,
                        nothing,
                        nothing,
                        Rounding.toMinorUnit(cost.accrued(), currency),
                        List.of(),
                        reason.name());
        };
    }

    static Bill of(Invoice invoice, MonthlyCost cost, List<InvoiceTax> taxes) {
        return new Bill(
                invoice.currency(),
                cost,
                invoice.subtotal(),
                invoice.credits(),
                invoice.tax(),
                invoice.total(),
                taxes,
                "");
    }

    /** Whether every figure is the same: exact cost, what credit covered, subtotal, each tax and total. */
    public boolean sameAs(Bill other) {
        return held.equals(other.held)
                && same(cost.cost(), other.cost.cost())
                && same(cost.credits(), other.cost.credits())
                && same(subtotal, other.subtotal)
                && same(credits, other.credits)
                && same(total, other.total)
                && byRate().equals(other.byRate());
    }

    /** Whether it is taxed at the same rates for the same reasons, whatever the amounts. */
    public boolean taxedAs(Bill other) {
        return byRate().keySet().equals(other.byRate().keySet());
    }

    private record Rate(String category, String name, BigDecimal percent) {}

    private record Amounts(BigDecimal base, BigDecimal tax) {}

    /** What nothing is charged on is not compared. */
    private Map<Rate, Amounts> byRate() {
        return taxes.stream()
                .filter(tax -> tax.base().signum() != 0 || tax.tax().signum() != 0)
                .collect(groupingBy(
                        tax -> new Rate(
                                tax.category(), tax.name(), tax.percent().stripTrailingZeros()),
                        collectingAndThen(
                                toList(),
                                some -> new Amounts(
                                        Taxing.sum(some, InvoiceTax::base).stripTrailingZeros(),
                                        Taxing.sum(some, InvoiceTax::tax).stripTrailingZeros()))));
    }

    private static boolean same(BigDecimal one, BigDecimal other) {
        return one.compareTo(other) == 0;
    }
}
