package io.postpaid.pricing.pricebook;

import static java.util.stream.Collectors.toMap;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.platform.file.RefusedFileException;
import io.postpaid.pricing.pricebook.PriceFile.Content;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        var content = PriceFile.read(yaml);
        return Objects.requireNonNull(transaction.execute(status -> {
            store.lock();
            return new Import(yaml, content, load()).run();
        }));
    }

    /** One import under way. */
    private final class Import {
        private final Path file;
        private final Content content;
        private final PriceBook before;
        private final List<String> problems = new ArrayList<>();
        private int added;
        private int updated;
        private int unchanged;
        private int daysToRate;

        Import(Path file, Content content, PriceBook before) {
            this.file = file;
            this.content = content;
            this.before = before;
        }

        PricesImported run() {
            content.products().forEach(this::product);
            check();
            if (problems.isEmpty()) {
                content.operations().forEach(store::put);
                prices();
            }
            // Leaving by an exception takes back what was written.
            if (!problems.isEmpty()) throw new RefusedFileException(file, problems);
            return new PricesImported(added, updated, unchanged, daysToRate);
        }

        private void problem(String path, String what) {
            problems.add(file + ", " + path + ": " + what);
        }

        private void product(Product product) {
            var stored = before.findProduct(product.id()).orElse(null);
            if (stored == null) {
                added++;
            } else if (stored.sameAs(product)) {
                unchanged++;
                return;
            } else {
                store.useOfProduct(product.id())
                        .ifPresent(use -> problem(
                                "products." + product.id(),
                                "cannot be changed, since it was used (" + use + "): add another product"));
                updated++;
            }
            store.put(product);
        }

        /** What prices refer to must be there. */
        private void check() {
            var products = new PriceBook(store.products(), List.of());
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

        private void prices() {
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
                if (old == null) {
                    added++;
                } else {
                    store.useOfPrice(old.id())
                            .ifPresent(
                                    use -> problem(
                                            entry.path(),
                                            price.key() + " was used (" + use
                                                    + ") and cannot be changed: add a new version with a later effective_from"));
                    updated++;
                }
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
                                () -> daysToRate += store.rateAgain(change.id()));
            }
        }
    }
}
