package io.postpaid.books.journal;

import io.postpaid.books.ledger.GeneralAccount;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The user's chart of accounts, and what the accounting programs must know besides.
 *
 * @param file its name, for messages
 */
record Chart(String file, List<ChartAccount> accounts, Programs programs) {
    /** The most specific comes first, and of equal ones the newest. */
    private static final Comparator<ChartAccount> SPECIFIC = Comparator.comparingInt(ChartAccount::conditions)
            .thenComparing(account -> Objects.requireNonNullElse(account.from(), LocalDate.MIN));

    Chart {
        accounts = List.copyOf(accounts);
    }

    /** What the accounting programs must know besides; {@code datev} is null where the file says nothing of it. */
    record Programs(
            Xero xero,
            QuickBooks quickBooks,
            NetSuite netSuite,
            @Nullable Datev datev) {}

    /**
     * @param taxRate of accounts that name none
     * @param systemAccounts numbers that no manual journal may use, since Xero keeps these accounts itself
     */
    record Xero(String taxRate, Set<String> systemAccounts) {
        Xero {
            systemAccounts = Set.copyOf(systemAccounts);
        }
    }

    /** @param dates how the user's program reads them, such as {@code MM/dd/uuuu} */
    record QuickBooks(String dates) {}

    /**
     * @param subsidiary empty where the user has none
     * @param byName whether the program finds accounts by their names, not by their numbers
     */
    record NetSuite(String subsidiary, boolean byName, String dates) {}

    /**
     * @param yearMonth the month in which the fiscal year begins
     * @param length digits of the numbers of accounts
     * @param clearing the account that each line is booked against, and that each entry leaves as it was
     * @param chart 03 or 04, for the standard charts; empty for another
     */
    record Datev(int consultant, int client, int yearMonth, int length, String clearing, String chart) {}

    /** @throws IllegalArgumentException if an account has no place in the chart on a day */
    void check(LocalDate day) {
        for (var account : GeneralAccount.values()) {
            var placed = accounts.stream()
                    .filter(of -> of.account() == account && of.conditions() == 0)
                    .toList();
            if (placed.stream().noneMatch(of -> of.holdsOn(day))) {
                throw new IllegalArgumentException(
                        "%s, line %d: %s has no account on %s: give it an earlier from, or none"
                                .formatted(file, placed.getFirst().line(), account, day));
            }
        }
    }

    ChartAccount of(JournalLine line) {
        return accounts.stream()
                .filter(account -> account.holds(line))
                .max(SPECIFIC)
                .orElseThrow();
    }

    String at(ChartAccount account) {
        return file + ", line " + account.line() + ": ";
    }
}
