package io.postpaid.simulation.year;

import static java.math.BigDecimal.ZERO;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;

/** Credit that is sold by card, with the tax on it, and what goes back of it: by hand. */
final class PlainTopUp {
    private final PlainAccount of;
    final String reference;
    final BigDecimal net;
    final BigDecimal tax;
    final String taxed;
    final PlainAccount.Grant grant;
    private BigDecimal netBack = ZERO;
    private BigDecimal taxBack = ZERO;
    private BigDecimal setAside = ZERO;
    private BigDecimal taxAside = ZERO;
    private BigDecimal owes = ZERO;

    PlainTopUp(PlainAccount of, String reference, BigDecimal net, LocalDate day) {
        this.of = of;
        this.reference = reference;
        this.net = net;
        taxed = of.who.tax(day);
        tax = net.multiply(PlainBill.percent(taxed)).divide(new BigDecimal(100), 2, RoundingMode.HALF_UP);
        grant = new PlainAccount.Grant("TOP_UP", net, null);
        of.grants.add(grant);
        of.move(day, "PROVIDER_CLEARING", "DEFERRED_CREDIT", net);
        of.move(day, "PROVIDER_CLEARING", "TAX_PAYABLE " + taxed, tax);
        of.charged(total(), day);
    }

    BigDecimal total() {
        return net.add(tax);
    }

    /** Whole cents that are left of the credit, with their tax. */
    BigDecimal refundable() {
        var left = grant.left.setScale(2, RoundingMode.FLOOR);
        return left.add(share(netBack.add(left), net));
    }

    private BigDecimal share(BigDecimal back, BigDecimal all) {
        return back.multiply(tax).divide(all, 2, RoundingMode.HALF_UP).subtract(taxBack);
    }

    private void take(BigDecimal amount) {
        taxAside = share(netBack.add(taxBack).add(amount), total());
        setAside = amount.subtract(taxAside);
        netBack = netBack.add(setAside);
        taxBack = taxBack.add(taxAside);
        grant.left = grant.left.subtract(setAside);
    }

    void refund(BigDecimal amount, LocalDate day) {
        take(amount);
        of.move(day, "DEFERRED_CREDIT", "PROVIDER_CLEARING", setAside);
        of.move(day, "TAX_PAYABLE " + taxed, "PROVIDER_CLEARING", taxAside);
    }

    void disputed(LocalDate day) {
        of.move(day, "DISPUTES_PENDING", "PROVIDER_CLEARING", total());
        take(refundable());
        owes = total().subtract(setAside).subtract(taxAside);
        of.move(day, "DEFERRED_CREDIT", "DISPUTES_PENDING", setAside);
        of.move(day, "RECEIVABLES", "DISPUTES_PENDING", owes);
        of.owed = of.owed.add(owes);
        of.toBalance(ZERO, day);
    }

    void won(LocalDate day) {
        of.move(day, "PROVIDER_CLEARING", "DISPUTES_PENDING", total());
        of.move(day, "DISPUTES_PENDING", "DEFERRED_CREDIT", setAside);
        var still = owes.min(of.owed);
        of.move(day, "DISPUTES_PENDING", "RECEIVABLES", still);
        of.owed = of.owed.subtract(still);
        grant.left = grant.left.add(setAside);
        netBack = netBack.subtract(setAside);
        taxBack = taxBack.subtract(taxAside);
        of.move(day, "DISPUTES_PENDING", "CUSTOMER_BALANCES", owes.subtract(still));
        of.toBalance(owes.subtract(still), day);
    }

    void lost(LocalDate day) {
        of.move(day, "TAX_PAYABLE " + taxed, "DISPUTES_PENDING", taxAside);
    }
}
