package io.postpaid.simulation.year;

import java.math.BigDecimal;
import java.time.YearMonth;
import java.util.Map;
import java.util.TreeMap;

/** A general ledger kept by hand: what was moved in a month from one account to another, in one currency. */
final class PlainBooks {
    private final Map<YearMonth, Map<String, BigDecimal>> months = new TreeMap<>();

    /** Debits one account and credits another; the other way round where the amount is below zero. */
    void move(YearMonth month, String currency, String debit, String credit, BigDecimal amount) {
        var sums = months.computeIfAbsent(month, none -> new TreeMap<>());
        sums.merge(currency + " " + debit, amount, BigDecimal::add);
        sums.merge(currency + " " + credit, amount.negate(), BigDecimal::add);
    }

    /** What stands on each account at a month's end, debits above zero; accounts with nothing are left out. */
    Map<String, BigDecimal> at(YearMonth end) {
        var balances = new TreeMap<String, BigDecimal>();
        months.forEach((month, sums) -> {
            if (!month.isAfter(end)) sums.forEach((account, sum) -> balances.merge(account, sum, BigDecimal::add));
        });
        balances.values().removeIf(balance -> balance.signum() == 0);
        balances.replaceAll((account, balance) -> balance.stripTrailingZeros());
        return balances;
    }
}
