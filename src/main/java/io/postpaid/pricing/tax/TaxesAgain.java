package io.postpaid.pricing.tax;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.postpaid.pricing.vies.ConfirmedIds;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rules by which invoices of earlier days are taxed again.
 *
 * @param rules as they are today, or with a file that is tried
 * @param exempted the accounts whose exemption that file has
 */
public record TaxesAgain(TaxRules rules, Set<String> exempted) {

    /** What is stored, and what takes its place or stands beside it; rates that are not stored have ids below zero. */
    static TaxesAgain given(TaxTable before, TaxFile.Content content, String home) {
        var rates = before.rates().stream().collect(toMap(TaxRate::key, Function.identity()));
        long id = 0;
        for (var entry : content.rates()) {
            var rate = entry.rate();
            var old = rates.get(rate.key());
            if (old == null || !old.sameAs(rate)) rates.put(rate.key(), rate.withId(--id));
        }
        var exempted = content.exemptions().stream().map(Exemption::account).collect(toUnmodifiableSet());
        var exemptions = Stream.concat(
                        content.exemptions().stream(),
                        before.exemptions().stream().filter(stored -> !exempted.contains(stored.account())))
                .toList();
        var reverse = content.reverseCharge() == null ? before.reverseCharge() : content.reverseCharge();
        return new TaxesAgain(new TaxTable(List.copyOf(rates.values()), reverse, exemptions, home), exempted);
    }

    /** For an account of which no invoice was drawn up. */
    TaxRules of(ConfirmedIds ids) {
        return rules.with(ids);
    }

    /**
     * For an invoice that was drawn up.
     *
     * @param exemption what stands on it, null where there is none
     */
    TaxRules ofInvoice(String account, @Nullable Exemption exemption, ConfirmedIds ids) {
        if (!(rules instanceof TaxTable table) || exempted.contains(account)) return of(ids);
        return new TaxTable(
                table.rates(),
                table.reverseCharge(),
                exemption == null ? List.of() : List.of(exemption),
                table.home(),
                ids);
    }
}
