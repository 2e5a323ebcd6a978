package io.postpaid.pricing.pricebook;

import static java.util.stream.Collectors.toMap;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.platform.file.RefusedFileException;
import io.postpaid.pricing.pricebook.PriceFile.Content;
import io.postpaid.pricing.pricebook.PricesPreview.PriceChange;
import io.postpaid.pricing.pricebook.PricesPreview.ProductChange;
import io.postpaid.pricing.pricebook.PricesPreview.RatedAgain;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Imports price files, and hands out the price book as it stands. */
@Component
public class PriceBooks {
    private static final Logger LOG = LoggerFactory.getLogger(PriceBooks.class);

    private static final Path TEXT = Path.of("the price book");

    private final PriceStore store;
    private final Accounts accounts;
    private final TransactionTemplate transaction;
    private volatile @Nullable Kept kept;

    PriceBooks(PriceStore store, Accounts accounts, PlatformTransactionManager transactions) {
        this.store = store;
        this.accounts = accounts;
        this.transaction = new TransactionTemplate(transactions);
    }

    public PriceBook load() {
        return new PriceBook(store.products(), store.prices());
    }

    private record Kept(long version, PriceBook book) {}

    /** The price book as it stands, loaded again only when it has changed: for whoever asks often. */
    public PriceBook current() {
        long version = store.version();
        var known = kept;
        if (known == null || known.version() != version) {
            known = new Kept(version, load());
            kept = known;
        }
        return known.book();
    }

    /** Tells a price book that is kept in memory from a newer one: read it before {@link #load}. */
    public long version() {
        return store.version();
    }

    /**
     * Adds what a price file says, all of it or nothing; what is stored and not in the file stays.
     *
     * @throws RefusedFileException with every problem of the file
     */
    public PricesImported importFile(Path yaml) {
        return carryOut(yaml, PriceFile.read(yaml), false).counts();
    }

    /** The same for the text of a price file. */
    public PricesImported importText(String yaml) {
        return carryOut(TEXT, PriceFile.read(TEXT, new StringReader(yaml)), false)
                .counts();
    }

    /** What the import of a text would do: it is carried out, with all its checks, and taken back. */
    public PricesPreview preview(String yaml) {
        return carryOut(TEXT, PriceFile.read(TEXT, new StringReader(yaml)), true);
    }

    /**
     * The price book as it would be with what a price file says, to rehearse with: nothing is stored. Prices may be others than
     * those that were used, and of months that are invoiced, which an import refuses.
     *
     * @throws RefusedFileException with every other problem of the file
     */
    public PriceBook given(Path yaml) {
        return new Import(yaml, PriceFile.read(yaml), load()).given();
    }

    private PricesPreview carryOut(Path named, Content content, boolean takenBack) {
        return Objects.requireNonNull(transaction.execute(status -> {
            store.lock();
            if (takenBack) status.setRollbackOnly();
            return new Import(named, content, load()).run();
        }));
    }

    /** One import under way. */
    private final class Import {
        private final Path file;
        private final Content content;
        private final PriceBook before;
        private final List<String> problems = new ArrayList<>();
        private final List<ProductChange> products = new ArrayList<>();
        private final List<PriceChange> prices = new ArrayList<>();
        private final List<RatedAgain> ratedAgain = new ArrayList<>();
        private int unchanged;

        Import(Path file, Content content, PriceBook before) {
            this.file = file;
            this.content = content;
            this.before = before;
        }

        PricesPreview run() {
            var operations = changedOperations();
            content.products().forEach(this::product);
            check(new PriceBook(store.products(), List.of()));
            if (problems.isEmpty()) {
                content.operations().forEach(store::put);
                importPrices();
            }
            // Leaving by an exception takes back what was written.
            if (!problems.isEmpty()) throw new RefusedFileException(file, problems);
            return new PricesPreview(unchanged, products, prices, operations, RatedAgain.together(ratedAgain));
        }

        /** Prices that are not stored have ids below zero. */
        PriceBook given() {
            var products = before.products().stream().collect(toMap(Product::id, Function.identity()));
            for (var product : content.products()) {
                var stored = products.put(product.id(), product);
                if (stored != null && !stored.sameAs(product)) refuseIfUsed(product);
            }
            check(new PriceBook(products.values(), List.of()));
            if (!problems.isEmpty()) throw new RefusedFileException(file, problems);
            var prices = before.prices().stream().collect(toMap(Price::key, Function.identity()));
            long id = 0;
            for (var entry : content.prices()) {
                var price = entry.price();
                var old = prices.get(price.key());
                if (old == null || !old.sameAs(price)) prices.put(price.key(), price.withId(--id));
            }
            return new PriceBook(products.values(), prices.values());
        }

        private void refuseIfUsed(Product product) {
            store.useOfProduct(product.id())
                    .ifPresent(use -> problem(
                            "products." + product.id(),
                            "cannot be changed, since it was used (" + use + "): add another product"));
        }

        private Map<String, Boolean> changedOperations() {
            var stored = store.operations();
            var changed = new TreeMap<>(content.operations());
            changed.entrySet().removeAll(stored.entrySet());
            return changed;
        }

        private void problem(String path, String what) {
            problems.add(file + ", " + path + ": " + what);
        }

        private void product(Product product) {
            var stored = before.findProduct(product.id()).orElse(null);
            if (stored != null && stored.sameAs(product)) {
                unchanged++;
                return;
            }
            if (stored != null) refuseIfUsed(product);
            products.add(new ProductChange(stored, product));
            store.put(product);
        }

        /** What prices refer to must be there. */
        private void check(PriceBook products) {
            var named = content.prices().stream()
                    .map(entry -> entry.price().account())
                    .filter(Objects::nonNull)
                    .toList();
            Map<String, Account> known =
                    accounts.findAll(named).stream().collect(toMap(Account::id, Function.identity()));
            for (var entry : content.prices()) {
                var price = entry.price();
                if (products.findProduct(price.product()).isEmpty()) {
                    problem(
                            entry.path() + ".product",
                            "is '" + price.product() + "': must be a product of this file or of the price book");
                }
                if (price.account() == null) continue;
                var account = known.get(price.account());
                if (account == null) {
                    // Accounts and prices may come in any order.
                    LOG.warn("{} is for account '{}', which is not there yet", entry.path(), price.account());
                } else if (!account.currency().equals(price.currency())) {
                    problem(
                            entry.path() + ".account",
                            "is '" + account.id() + "', which is billed in " + account.currency()
                                    + ": its prices cannot be in " + price.currency());
                }
            }
        }

        private void importPrices() {
            var stored = before.prices().stream().collect(toMap(Price::key, Function.identity()));
            record Changed(String path, Price price, long id) {}
            var changed = new ArrayList<Changed>();
            for (var entry : content.prices()) {
                var price = entry.price();
                var old = stored.get(price.key());
                if (old != null && old.sameAs(price)) {
                    unchanged++;
                    continue;
                }
                if (old != null) {
                    store.useOfPrice(old.id())
                            .ifPresent(
                                    use -> problem(
                                            entry.path(),
                                            price.key() + " was used (" + use
                                                    + ") and cannot be changed: add a new version with a later effective_from"));
                }
                prices.add(new PriceChange(old, price));
                changed.add(new Changed(entry.path(), price, store.put(price)));
            }
            // Only now, since each new version ends the one before it.
            for (var change : changed) {
                store.frozenDayThatChanges(change.id())
                        .ifPresentOrElse(
                                day -> problem(
                                        change.path(),
                                        change.price().key() + " would change " + day
                                                + ", in a period that is invoiced: add it with a later effective_from"),
                                () -> ratedAgain.addAll(store.rateAgain(change.id())));
            }
        }
    }
}
