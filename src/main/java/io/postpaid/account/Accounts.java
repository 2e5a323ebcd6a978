package io.postpaid.account;

import io.postpaid.platform.batch.Row;
import io.postpaid.platform.calendar.BillingClock;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The accounts: imported, looked up, and changed by name of what happens to them. */
@Component
public class Accounts {
    /** What an account is billed in that nobody has said anything of. */
    public static final String DEFAULT_CURRENCY = AccountImport.CURRENCY;

    /** So many accounts of one address are found at most. */
    public static final int SAME_ADDRESS_MAX = 50;

    private static final RowMapper<Account> ACCOUNT = (row, i) -> account(row);

    private final AccountImport files;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final BillingClock clock;

    Accounts(AccountImport files, JdbcClient jdbc, PlatformTransactionManager transactions, BillingClock clock) {
        this.files = files;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /**
     * Adds and updates accounts from a CSV file: all of it or nothing.
     *
     * @throws io.postpaid.platform.file.RefusedFileException with every problem of the file
     */
    public AccountsImported importFile(Path csv) {
        return done(transaction.execute(status -> files.run(csv, clock.instant(), clock.today())));
    }

    /**
     * Adds or updates one account as a line of a file does.
     *
     * @param cells by column; one that is not there stays as it is
     * @throws RefusedAccountException with every problem
     */
    public AccountsImported put(Map<String, String> cells) {
        return done(transaction.execute(status -> files.put(cells, clock.instant(), clock.today())));
    }

    /**
     * What a customer changes himself: name, address and tax id by the checks of a line of a file, and what is printed and mailed
     * beside. The country is not his to change: tax follows it.
     *
     * @throws RefusedAccountException with every problem
     */
    public void changeDetails(String id, BillingDetails wanted) {
        transaction.executeWithoutResult(status -> {
            var account = get(id);
            files.change(wanted.cells(account), wanted.problems(account), clock.instant(), clock.today());
            if (wanted.purchaseOrder().equals(account.purchaseOrder())
                    && wanted.billingEmails().equals(account.billingEmails())) {
                return;
            }
            jdbc.sql("update account set purchase_order = :order, billing_emails = :emails where id = :id")
                    .param("order", wanted.purchaseOrder())
                    .param("emails", wanted.billingEmails().toArray(String[]::new))
                    .param("id", id)
                    .update();
            tell(
                    id,
                    "DETAILS_CHANGED",
                    "purchase order '" + wanted.purchaseOrder() + "', mails also to "
                            + (wanted.billingEmails().isEmpty() ? "nobody" : String.join(", ", wanted.billingEmails()))
                            + " by customer");
        });
    }

    /** What is wrong with a text as an e-mail address, if anything is. */
    public static Optional<String> emailProblem(String text) {
        return Optional.ofNullable(EmailAddress.problem(text));
    }

    /**
     * Puts another e-mail address, which its owner has confirmed.
     *
     * @return false if the address is not the earlier one any more
     */
    public boolean changeEmail(String id, String earlier, String confirmed) {
        return done(transaction.execute(status -> {
            if (!locked(id).email().equals(earlier)) return false;
            jdbc.sql(
                            "update account set email = :email, billing_emails = array_remove(billing_emails, :email) where id = :id")
                    .param("email", confirmed)
                    .param("id", id)
                    .update();
            tell(id, "EMAIL_CHANGED", "'" + earlier + "' to '" + confirmed + "' by customer");
            return true;
        }));
    }

    /**
     * Adds an account of which only the id is known; nothing if it is there. It cannot be invoiced before it has a name and an
     * e-mail address.
     *
     * @return whether it was added
     * @throws IllegalArgumentException if that is no id
     */
    public boolean addUnknown(String id) {
        return done(transaction.execute(status -> files.addUnknown(id, clock.instant(), clock.today())));
    }

    public Optional<Account> find(String id) {
        return jdbc.sql("select * from account where id = :id")
                .param("id", id)
                .query(ACCOUNT)
                .optional();
    }

    /** @throws UnknownAccountException if there is none */
    public Account get(String id) {
        return find(id).orElseThrow(() -> new UnknownAccountException(id));
    }

    /** The one that a customer at Stripe stands for. */
    public Optional<Account> ofCustomer(String customer) {
        return jdbc.sql("select * from account where stripe_customer = :customer")
                .param("customer", customer)
                .query((row, i) -> account(row))
                .optional();
    }

    /** Those whose bills go to an address, in any case of its letters; the first of them where they are very many. */
    public List<Account> withEmail(String address) {
        return jdbc.sql("select * from account where lower(email) = lower(:address) order by id limit :most")
                .param("address", address)
                .param("most", SAME_ADDRESS_MAX)
                .query(ACCOUNT)
                .list();
    }

    /** The one that has a payment method on file. */
    public Optional<Account> withCard(String paymentMethod) {
        return jdbc.sql("select * from account where payment_method = :method")
                .param("method", paymentMethod)
                .query((row, i) -> account(row))
                .optional();
    }

    /** All accounts in the order of their ids, read as they are asked for. */
    public void each(Consumer<Account> reader) {
        transaction.executeWithoutResult(_ -> Row.each(jdbc.sql("select * from account order by id"), ACCOUNT, reader));
    }

    /** All of them at once, for where they are few. */
    public List<Account> list() {
        return jdbc.sql("select * from account order by id").query(ACCOUNT).list();
    }

    /** Those of the named accounts that exist. */
    public List<Account> findAll(Collection<String> ids) {
        return jdbc.sql("select * from account where id = any(:ids) order by id")
                .param("ids", ids.toArray(String[]::new))
                .query(ACCOUNT)
                .list();
    }

    /** Asks for a payment method to be attached and made the default. */
    public void wantCard(String id, String paymentMethod) {
        transaction.executeWithoutResult(status -> {
            locked(id);
            jdbc.sql("update account set payment_method_wanted = :method where id = :id")
                    .param("method", paymentMethod)
                    .param("id", id)
                    .update();
            tell(id, "CARD_WANTED", paymentMethod);
        });
    }

    /** Remembers the customer that stands for the account at Stripe. */
    public void customerCreated(String id, String customer) {
        transaction.executeWithoutResult(status -> {
            var known = locked(id).stripeCustomer();
            if (known != null && !known.equals(customer)) {
                throw new IllegalStateException(
                        "account " + id + " is " + known + " at Stripe and cannot become " + customer);
            }
            jdbc.sql("update account set stripe_customer = :customer where id = :id")
                    .param("customer", customer)
                    .param("id", id)
                    .update();
        });
    }

    /** Puts the card on file that Stripe has attached; nothing is wanted any more. */
    public void cardAttached(String id, Card card) {
        transaction.executeWithoutResult(status -> {
            locked(id);
            jdbc.sql("""
                    update account
                       set payment_method = :method, card_brand = :brand, card_last4 = :last4, card_expires = :expires,
                           payment_method_wanted = null
                     where id = :id""")
                    .param("method", card.paymentMethod())
                    .param("brand", card.brand())
                    .param("last4", card.last4())
                    .param("expires", card.expires())
                    .param("id", id)
                    .update();
            tell(id, "CARD_ATTACHED", card.label());
        });
    }

    /**
     * Takes over what the bank has changed of the card on file, such as its expiry.
     *
     * @return false if it is not the card on file any more
     */
    public boolean cardRenewed(String id, Card card) {
        return done(transaction.execute(status -> {
            var known = locked(id).card();
            if (known == null || !known.paymentMethod().equals(card.paymentMethod())) return false;
            jdbc.sql(
                            "update account set card_brand = :brand, card_last4 = :last4, card_expires = :expires where id = :id")
                    .param("brand", card.brand())
                    .param("last4", card.last4())
                    .param("expires", card.expires())
                    .param("id", id)
                    .update();
            tell(id, "CARD_RENEWED", card.label());
            return true;
        }));
    }

    /**
     * Takes a card off file that was detached at Stripe and can be charged no more.
     *
     * @return false if it is not the card on file any more
     */
    public boolean cardDetached(String id, String paymentMethod) {
        return done(transaction.execute(status -> {
            var known = locked(id).card();
            if (known == null || !known.paymentMethod().equals(paymentMethod)) return false;
            jdbc.sql("""
                    update account
                       set payment_method = null, card_brand = null, card_last4 = null, card_expires = null
                     where id = :id""").param("id", id).update();
            tell(id, "CARD_DETACHED", known.label());
            return true;
        }));
    }

    /** @return false if it was suspended already */
    public boolean suspend(String id, String reason) {
        return become(id, AccountStatus.SUSPENDED, reason);
    }

    /** @return false if it was active already */
    public boolean reactivate(String id, String reason) {
        return become(id, AccountStatus.ACTIVE, reason);
    }

    private boolean become(String id, AccountStatus wanted, String reason) {
        return done(transaction.execute(status -> {
            if (locked(id).status() == wanted) return false;
            jdbc.sql("update account set status = :status where id = :id")
                    .param("status", wanted.name())
                    .param("id", id)
                    .update();
            tell(id, wanted == AccountStatus.SUSPENDED ? "SUSPENDED" : "REACTIVATED", reason);
            return true;
        }));
    }

    /** The account, which nobody else changes until the caller's transaction ends. */
    public Account locked(String id) {
        return jdbc.sql("select * from account where id = :id for no key update")
                .param("id", id)
                .query(ACCOUNT)
                .optional()
                .orElseThrow(() -> new UnknownAccountException(id));
    }

    /** Adds a line to the account's history, unless it is the same as the last one. */
    public void note(String id, String event, String detail) {
        jdbc.sql("""
                        insert into account_event (account, at, event, detail)
                        select :id, :at, :event, :detail
                         where not exists (
                               select from (select event, detail from account_event
                                             where account = :id order by id desc limit 1) last
                                where last.event = :event and last.detail = :detail)""")
                .param("id", id)
                .param("at", Timestamp.from(clock.instant()))
                .param("event", event)
                .param("detail", detail)
                .update();
    }

    void tell(String id, String event, String detail) {
        jdbc.sql("insert into account_event (account, at, event, detail) values (:id, :at, :event, :detail)")
                .param("id", id)
                .param("at", Timestamp.from(clock.instant()))
                .param("event", event)
                .param("detail", detail)
                .update();
    }

    private static Account account(ResultSet row) throws SQLException {
        return new Account(
                row.getString("id"),
                row.getString("name"),
                row.getString("email"),
                new Address(
                        row.getString("line1"),
                        row.getString("line2"),
                        row.getString("city"),
                        row.getString("state"),
                        row.getString("postal_code"),
                        row.getString("country")),
                row.getString("tax_id"),
                row.getString("currency"),
                row.getBigDecimal("monthly_limit"),
                row.getBigDecimal("free_credit"),
                AccountStatus.valueOf(row.getString("status")),
                row.getString("payment_method_wanted"),
                row.getString("stripe_customer"),
                card(row),
                row.getObject("created_on", LocalDate.class),
                row.getString("purchase_order"),
                List.of((String[]) row.getArray("billing_emails").getArray()),
                row.getBigDecimal("spending_cap"));
    }

    private static @Nullable Card card(ResultSet row) throws SQLException {
        var method = row.getString("payment_method");
        return method == null
                ? null
                : new Card(
                        method,
                        row.getString("card_brand"),
                        row.getString("card_last4"),
                        row.getObject("card_expires", LocalDate.class));
    }

    private static <T> T done(@Nullable T result) {
        return Objects.requireNonNull(result);
    }
}
