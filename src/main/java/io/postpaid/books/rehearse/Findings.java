package io.postpaid.books.rehearse;

import static java.util.Comparator.comparing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What a rehearsal found so far: the accounts that change, and sums. */
public final class Findings implements Consumer<Rehearsed> {
    private final Map<String, BigDecimal> differences = new TreeMap<>();
    private final Map<Group, Sum> groups = new TreeMap<>(comparing(Group::why).thenComparing(Group::currency));
    private final List<Changed> changed = new ArrayList<>();
    private int accounts;

    /** An account that changes, with its totals. */
    public record Changed(String account, String currency, BigDecimal before, BigDecimal after, String why) {
        public BigDecimal difference() {
            return after.subtract(before);
        }
    }

    private record Group(String why, String currency) {}

    private record Sum(int accounts, BigDecimal amount) {
        Sum plus(Sum more) {
            return new Sum(accounts + more.accounts, amount.add(more.amount));
        }
    }

    /** The accounts that change for the same causes, in one currency. */
    public record OfCause(String why, String currency, int accounts, BigDecimal amount) {}

    @Override
    public void accept(Rehearsed account) {
        accounts++;
        var currency = account.after().currency();
        differences.merge(currency, account.difference(), BigDecimal::add);
        if (!account.changed()) return;
        groups.merge(new Group(account.why(), currency), new Sum(1, account.difference()), Sum::plus);
        changed.add(new Changed(
                account.account(),
                currency,
                account.before().total(),
                account.after().total(),
                account.why()));
    }

    public int accounts() {
        return accounts;
    }

    /** In the order of their ids. */
    public List<Changed> changed() {
        return List.copyOf(changed);
    }

    /** Of all accounts together, by currency. */
    public Map<String, BigDecimal> differences() {
        return Map.copyOf(differences);
    }

    public List<OfCause> causes() {
        return groups.entrySet().stream()
                .map(group -> new OfCause(
                        group.getKey().why(),
                        group.getKey().currency(),
                        group.getValue().accounts(),
                        group.getValue().amount()))
                .toList();
    }

    /** Those that change most. */
    public List<Changed> largest(int most) {
        return changed.stream()
                .sorted(comparing((Changed one) -> one.difference().abs())
                        .reversed()
                        .thenComparing(Changed::account))
                .limit(most)
                .toList();
    }
}
