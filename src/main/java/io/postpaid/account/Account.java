package io.postpaid.account;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A customer that is billed.
 *
 * @param monthlyLimit most that may accrue beyond credit in one period
 * @param freeCredit the allowance that is granted once
 * @param paymentMethodWanted what was asked for and is not attached yet
 * @param purchaseOrder the customer's own number, printed on invoices
 * @param spendingCap the customer's own, or null
 * @param billingEmails who gets each mail beside the account's own address
 */
public record Account(
        String id,
        String name,
        String email,
        Address address,
        String taxId,
        String currency,
        BigDecimal monthlyLimit,
        BigDecimal freeCredit,
        AccountStatus status,
        @Nullable String paymentMethodWanted,
        @Nullable String stripeCustomer,
        @Nullable Card card,
        LocalDate createdOn,
        String purchaseOrder,
        Buyer buyer,
        List<String> billingEmails,
        @Nullable BigDecimal spendingCap) {

    public Account {
        billingEmails = List.copyOf(billingEmails);
        if (monthlyLimit.signum() < 0) throw new IllegalArgumentException("account " + id + ": limit " + monthlyLimit);
        if (freeCredit.signum() < 0) throw new IllegalArgumentException("account " + id + ": credit " + freeCredit);
        if (card != null && stripeCustomer == null) {
            throw new IllegalArgumentException("account " + id + " has a card but no customer at Stripe");
        }
    }

    /** The most that may accrue in a month: the limit, or the customer's own cap if that is lower. */
    public BigDecimal mostPerMonth() {
        return spendingCap == null ? monthlyLimit : monthlyLimit.min(spendingCap);
    }

    /** Whether the customer's own cap is lower than the limit. */
    public boolean capped() {
        return spendingCap != null && spendingCap.compareTo(monthlyLimit) < 0;
    }

    public boolean suspended() {
        return status == AccountStatus.SUSPENDED;
    }
}
