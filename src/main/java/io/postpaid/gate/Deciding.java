package io.postpaid.gate;

import io.postpaid.gate.GateStore.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Decides calls together. When it comes back, what it answers is on disk. */
@Component
class Deciding {
    private static final String NEEDS_CHARGE = "NEEDS_CHARGE";

    private final GateStore store;
    private final GatePrices prices;
    private final TransactionTemplate transaction;
    private final TransactionTemplate byItself;

    Deciding(GateStore store, GatePrices prices, PlatformTransactionManager transactions) {
        this.store = store;
        this.prices = prices;
        this.transaction = new TransactionTemplate(transactions);
        this.byItself = new TransactionTemplate(transactions);
        // One statement that commits itself. In the transaction of a caller others would be told what may be rolled
        // back.
        byItself.setPropagationBehavior(TransactionDefinition.PROPAGATION_NEVER);
    }

    /**
     * Answers calls in their order. Where it fails, all of them can be asked again: none is decided twice.
     *
     * @param patience how long it may wait for the lock of an account
     */
    List<Outcome> decide(List<Call> calls, Duration patience) {
        var outcomes = new ArrayList<>(Objects.requireNonNull(byItself.execute(_ -> store.decide(calls, patience))));
        var unsettled = IntStream.range(0, calls.size())
                .filter(n -> outcomes.get(n).outcome().equals(NEEDS_CHARGE))
                .boxed()
                .toList();
        if (unsettled.isEmpty()) return outcomes;
        transaction.executeWithoutResult(_ -> {
            var ends = unsettled.stream().map(calls::get).toList();
            var again = store.decide(ends, patience);
            for (int n = 0; n < ends.size(); n++) {
                outcomes.set(unsettled.get(n), settledByMonth(ends.get(n), again.get(n), patience));
            }
        });
        return outcomes;
    }

    /** Where tiers or packages are counted over the month, the charge is reckoned while no other call can come between. */
    private Outcome settledByMonth(Call end, Outcome locked, Duration patience) {
        if (!locked.outcome().equals(NEEDS_CHARGE)) return locked;
        var charges = end.items().stream()
                .map(used -> prices.charge(end.account(), locked.held(), used))
                .toList();
        return store.decide(List.of(end.costing(charges)), patience).getFirst();
    }
}
