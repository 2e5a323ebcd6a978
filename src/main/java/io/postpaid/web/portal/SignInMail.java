package io.postpaid.web.portal;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.mail.PromptMail;
import io.postpaid.platform.calendar.BillingClock;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Mails links to sign in, a few at a time: who asks without end must not take the database from the gate. An address that belongs to
 * several accounts gets one mail, with a link for each of them.
 */
@Component
@ConditionalOnWebApplication
class SignInMail {
    static final Duration VALID = Duration.ofMinutes(15);
    static final Duration WINDOW = Duration.ofHours(1);
    static final int MAILS_IN_WINDOW = 5;
    private static final Logger LOG = LoggerFactory.getLogger(SignInMail.class);
    private static final int NAMED = 3;
    private static final int AT_ONCE = 2;
    private static final int WAITING = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PortalLinks links;
    private final Accounts accounts;
    private final OwnInvoices invoices;
    private final PromptMail mail;
    private final BillingClock clock;
    private final TransactionTemplate transaction;
    private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
            AT_ONCE,
            AT_ONCE,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(WAITING),
            Thread.ofVirtual().factory());

    SignInMail(
            PortalLinks links,
            Accounts accounts,
            OwnInvoices invoices,
            PromptMail mail,
            BillingClock clock,
            PlatformTransactionManager transactions) {
        this.links = links;
        this.accounts = accounts;
        this.invoices = invoices;
        this.mail = mail;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
    }

    /**
     * Accepts a wish, which is then looked at later: nothing is known yet of the address.
     *
     * @param page the page of ours that is wanted; null for the first
     * @return false if too many wishes wait
     */
    boolean ask(String address, @Nullable String page) {
        try {
            workers.execute(() -> send(address, page));
            return true;
        } catch (RejectedExecutionException full) {
            LOG.warn(
                    "A link to sign in was refused: {} wait to be mailed",
                    workers.getQueue().size());
            return false;
        }
    }

    private record Letter(String kind, Account to, Map<String, ?> view) {}

    private void send(String address, @Nullable String page) {
        try {
            var found = accounts.withEmail(address);
            Objects.requireNonNull(transaction.execute(_ -> letter(found, page)))
                    .ifPresent(letter -> mail.send(
                            letter.kind(), letter.to().id(), letter.to().email(), letter.view()));
        } catch (RuntimeException e) {
            LOG.error("A link to sign in could not be mailed", e);
        }
    }

    private Optional<Letter> letter(List<Account> found, @Nullable String page) {
        if (found.isEmpty()) return Optional.empty();
        // Of two wishes at once each would miss the link that the other makes.
        var first = accounts.locked(found.getFirst().id());
        if (often(first)) return Optional.empty();
        return Optional.of(
                found.size() == 1
                        ? new Letter(
                                "sign-in",
                                first,
                                Map.of("account", named(first.id(), first.name()), "page_url", link(first, page)))
                        : new Letter("sign-in-several", first, several(found, page)));
    }

    /** The accounts of an address are mailed together, so that the first counts for all. */
    private boolean often(Account account) {
        return links.mailedSince(account.id(), clock.instant().minus(WINDOW)) >= MAILS_IN_WINDOW;
    }

    private String link(Account account, @Nullable String page) {
        var own = page != null && invoices.mayOpen(account.id(), page) ? page : null;
        return links.mail(account.id(), VALID, own).url();
    }

    private Map<String, ?> several(List<Account> found, @Nullable String page) {
        return Map.of(
                "account",
                named(some(found, Account::id), some(found, Account::name)),
                "page_url",
                "",
                "accounts",
                found.stream()
                        .map(account -> Map.of("id", account.id(), "name", account.name(), "url", link(account, page)))
                        .toList(),
                "more",
                found.size() == Accounts.SAME_ADDRESS_MAX);
    }

    private static String some(List<Account> found, Function<Account, String> what) {
        return found.stream().limit(NAMED).map(what).collect(Collectors.joining(", "))
                + (found.size() > NAMED ? " and others" : "");
    }

    private static Map<String, ?> named(String id, String name) {
        return Map.of("id", id, "name", name);
    }

    /** What was accepted is mailed before the process ends. */
    @PreDestroy
    void close() throws InterruptedException {
        workers.shutdown();
        if (!workers.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            List<Runnable> left = workers.shutdownNow();
            LOG.warn("{} links to sign in were not mailed any more", left.size());
        }
    }
}
