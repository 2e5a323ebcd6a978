package io.postpaid.pricing.tax;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.platform.file.RefusedFileException;
import io.postpaid.platform.template.Seller;
import io.postpaid.pricing.tax.TaxFile.Content;
import io.postpaid.pricing.vies.ConfirmedIds;
import io.postpaid.pricing.vies.VatIds;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Imports tax files, and hands out the rules as they stand. */
@Component
public class Taxes {
    private static final Logger LOG = LoggerFactory.getLogger(Taxes.class);

    private static final Path TEXT = Path.of("the tax file");

    private static final String NO_RATES =
            ": has no rates, and none were imported before: without a rate the percentages of"
                    + " the seller file hold, and this file has no effect";

    private final TaxStore store;
    private final Accounts accounts;
    private final Seller seller;
    private final VatIds vatIds;
    private final TransactionTemplate transaction;

    Taxes(TaxStore store, Accounts accounts, Seller seller, VatIds vatIds, PlatformTransactionManager transactions) {
        this.store = store;
        this.accounts = accounts;
        this.seller = seller;
        this.vatIds = vatIds;
        this.transaction = new TransactionTemplate(transactions);
    }

    /** What an import did, in rates, exemptions and reverse charge together. */
    public record Imported(int added, int updated, int unchanged) {}

    /** By what invoices are taxed now; whoever depends on VIES is held, since nothing that it said is loaded. */
    public TaxRules rules() {
        return rules(List.of());
    }

    /** The same, with what VIES has said of these customers. Nobody is asked. */
    public TaxRules rules(Collection<TaxCustomer> customers) {
        var table = table();
        var rules = table.rates().isEmpty() ? new SellerTaxes(seller, ConfirmedIds.BY_FORM) : table;
        return rules.with(vatIds.known(customers.stream()
                .map(rules::reverseChargeId)
                .filter(Objects::nonNull)
                .toList()));
    }

    /**
     * Decides for one amount, and asks whoever has to be asked: not within a transaction.
     *
     * @param category of the product
     * @param day on which the tax point lies
     */
    public TaxDecision decide(TaxCustomer customer, String category, LocalDate day) {
        confirm(customer);
        return rules(List.of(customer)).decide(customer, category, day);
    }

    /** Asks VIES for a customer, where that is turned on: not within a transaction. */
    public void confirm(TaxCustomer customer) {
        ask(rules(), customer, vatIds.round());
    }

    /** Asks VIES for the tax id of a customer, where reverse charge depends on it. */
    boolean ask(TaxRules rules, TaxCustomer customer, VatIds.Round round) {
        var id = rules.reverseChargeId(customer);
        return id == null || round.ask(id, rules.seller());
    }

    /** What was imported, whether anything was or not. */
    public TaxTable table() {
        var reverse = store.reverseCharge().orElse(null);
        var home = reverse == null ? seller.country() : reverse.sellerCountry();
        return new TaxTable(store.rates(), reverse, store.exemptions(), home);
    }

    public Optional<ReverseCharge> reverseCharge() {
        return store.reverseCharge();
    }

    /** Whether the imported rates hold, and not the percentages of the seller file. */
    public boolean hasRates() {
        return store.hasRates();
    }

    /**
     * Adds what a tax file says, all of it or nothing; what is stored and not in the file stays.
     *
     * @throws RefusedFileException with every problem of the file
     */
    public Imported importFile(Path yaml) {
        return carryOut(yaml, TaxFile.read(yaml), false).counts();
    }

    /** The same for the text of a tax file. */
    public Imported importText(String yaml) {
        return carryOut(TEXT, TaxFile.read(TEXT, new StringReader(yaml)), false).counts();
    }

    /** What the import of a text would do: it is carried out, with all its checks, and taken back. */
    public TaxesPreview preview(String yaml) {
        return carryOut(TEXT, TaxFile.read(TEXT, new StringReader(yaml)), true);
    }

    /** By what invoices of earlier days are taxed again. */
    public TaxesAgain again() {
        return new TaxesAgain(rules(), Set.of());
    }

    /**
     * The same with what a tax file says: nothing is stored. Rates may be others than those that were charged, which an import
     * refuses.
     *
     * @throws RefusedFileException with every other problem of the file
     */
    public TaxesAgain given(Path yaml) {
        var content = TaxFile.read(yaml);
        var before = table();
        if (before.rates().isEmpty() && content.rates().isEmpty()) {
            throw new RefusedFileException(yaml, List.of(yaml + NO_RATES));
        }
        return TaxesAgain.given(
                before,
                content,
                content.reverseCharge() == null
                        ? before.home()
                        : content.reverseCharge().sellerCountry());
    }

    /** For an invoice that is not drawn up yet. Nobody is asked. */
    public TaxRules now(TaxesAgain again, TaxCustomer customer) {
        var id = again.rules().reverseChargeId(customer);
        return again.of(id == null ? ConfirmedIds.BY_FORM : vatIds.known(List.of(id)));
    }

    /**
     * For an invoice that was drawn up at some moment, with what VIES had said by then.
     *
     * @param exemption what stands on it, null where there is none
     */
    public TaxRules ofInvoice(TaxesAgain again, TaxCustomer customer, @Nullable Exemption exemption, Instant at) {
        var id = again.rules().reverseChargeId(customer);
        return again.ofInvoice(
                customer.account(), exemption, id == null ? ConfirmedIds.BY_FORM : vatIds.knownAt(id, at));
    }

    private TaxesPreview carryOut(Path named, Content content, boolean takenBack) {
        return Objects.requireNonNull(transaction.execute(status -> {
            store.lock();
            if (takenBack) status.setRollbackOnly();
            return new Import(named, content, table()).run();
        }));
    }

    /** One import under way. */
    private final class Import {
        private final Path file;
        private final Content content;
        private final TaxTable before;
        private final List<String> problems = new ArrayList<>();
        private final List<TaxesPreview.Change> changes = new ArrayList<>();
        private int added;
        private int updated;
        private int unchanged;

        Import(Path file, Content content, TaxTable before) {
            this.file = file;
            this.content = content;
            this.before = before;
        }

        TaxesPreview run() {
            content.rates().forEach(this::rate);
            var reverse = content.reverseCharge();
            if (reverse != null && differs(before.reverseCharge(), reverse)) {
                changed("reverse charge", TaxesPreview.text(before.reverseCharge()), TaxesPreview.text(reverse));
                store.put(reverse);
            }
            exemptions();
            if (before.rates().isEmpty() && content.rates().isEmpty()) {
                problems.add(file + NO_RATES);
            }
            // Leaving by an exception takes back what was written.
            if (!problems.isEmpty()) throw new RefusedFileException(file, problems);
            return new TaxesPreview(new Imported(added, updated, unchanged), changes);
        }

        private void rate(TaxFile.Entry entry) {
            var rate = entry.rate();
            var old = before.rates().stream()
                    .filter(stored ->
                            stored.follows(rate) && stored.effectiveFrom().equals(rate.effectiveFrom()))
                    .findFirst()
                    .orElse(null);
            if (old != null && old.sameAs(rate)) {
                unchanged++;
                return;
            }
            // What it takes the place of, from its day on.
            var use = before.rates().stream()
                    .filter(stored ->
                            stored.follows(rate) && !stored.effectiveFrom().isAfter(rate.effectiveFrom()))
                    .flatMap(stored -> store.use(stored.id(), rate.effectiveFrom()).stream())
                    .findFirst();
            if (use.isPresent()) {
                problems.add(file + ", " + entry.path() + ": " + rate.key() + " would change what " + use.get()
                        + " charged: add it with a later effective_from");
                return;
            }
            count(old == null);
            changed(rate.key(), TaxesPreview.text(old), TaxesPreview.text(rate));
            store.put(rate);
        }

        private void exemptions() {
            var named = content.exemptions().stream().map(Exemption::account).toList();
            var known = accounts.findAll(named).stream().map(Account::id).toList();
            for (var exemption : content.exemptions()) {
                // Accounts and taxes may come in any order.
                if (!known.contains(exemption.account())) {
                    LOG.warn("exempt is account '{}', which is not there yet", exemption.account());
                }
                var old = before.exemptions().stream()
                        .filter(stored -> stored.account().equals(exemption.account()))
                        .findFirst()
                        .orElse(null);
                if (!differs(old, exemption)) continue;
                changed("exemption of " + exemption.account(), TaxesPreview.text(old), TaxesPreview.text(exemption));
                store.put(exemption);
            }
        }

        private <T> boolean differs(@Nullable T old, T wanted) {
            if (wanted.equals(old)) {
                unchanged++;
                return false;
            }
            count(old == null);
            return true;
        }

        private void changed(String what, String before, String after) {
            changes.add(new TaxesPreview.Change(what, before, after));
        }

        private void count(boolean isNew) {
            if (isNew) added++;
            else updated++;
        }
    }
}
