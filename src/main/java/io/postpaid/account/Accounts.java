package io.postpaid.account;

import static java.util.stream.Collectors.toMap;

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
import java.util.function.Function;
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

    private static final int REASON_MAX = 1_000;

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
        done(transaction.execute(status -> files.change(wanted.cells(get(id)), clock.instant(), clock.today())));
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
     * @throws IllegalArgumentException if that is no id, or an alias
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

    /** Those whose bills go to an address, in any case of its letters; the first of them where they are very many. */
    public List<Account> withEmail(String address) {
        return jdbc.sql("select * from account where lower(email) = lower(:address) order by id limit :most")
                .param("address", address)
                .param("most", SAME_ADDRESS_MAX)
                .query(ACCOUNT)
                .list();
    }

    /** What logs call it beside its id, as the column {@code aliases} has it. */
    public List<String> aliases(String id) {
        return jdbc.sql("select alias_text(source, name) from account_alias where account = :id order by source, name")
                .param("id", id)
                .query(String.class)
                .list();
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

    /**
     * Pauses an account's access by hand, whatever it has paid, or lets it in again; suspension for unpaid invoices is another matter.
     *
     * @param reason why it is paused; empty if it is not any more
     */
    public void pause(String id, String reason) {
        if (reason.length() > REASON_MAX) {
            throw new IllegalArgumentException("A reason has at most " + REASON_MAX + " characters");
        }
        transaction.executeWithoutResult(_ -> {
            var earlier = paused(living(id).id());
            if (earlier.equals(reason)) return;
            jdbc.sql("update account set paused = :reason where id = :id")
                    .param("reason", reason)
                    .param("id", id)
                    .update();
            tell(id, reason.isEmpty() ? "RESUMED" : "PAUSED", reason.isEmpty() ? "was paused: " + earlier : reason);
        });
    }

    /** Why an operator has paused the account's access; empty if none has. */
    public String paused(String id) {
        return jdbc.sql("select paused from account where id = :id")
                .param("id", id)
                .query(String.class)
                .single();
    }

    /** The account, which nobody else changes until the caller's transaction ends. */
    public Account locked(String id) {
        return jdbc.sql("select * from account where id = :id for no key update")
                .param("id", id)
                .query(ACCOUNT)
                .optional()
                .orElseThrow(() -> new UnknownAccountException(id));
    }

    /** Some accounts by their ids, which nobody else changes until the caller's transaction ends. */
    public Map<String, Account> allLocked(Collection<String> ids) {
        return jdbc
                .sql("select * from account where id = any(:ids) order by id for no key update")
                .param("ids", ids.toArray(String[]::new))
                .query(ACCOUNT)
                .stream()
                .collect(toMap(Account::id, Function.identity()));
    }

    /**
     * The account, unless it is erased; it is not before the caller's transaction ends.
     *
     * @throws IllegalArgumentException if it is erased
     */
    public Account living(String id) {
        var account = locked(id);
        if (jdbc.sql("select is_erased(:id)")
                .param("id", id)
                .query(Boolean.class)
                .single()) {
            throw new IllegalArgumentException("Account '" + id + "' is erased: it stays closed");
        }
        return account;
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

    static Account account(ResultSet row) throws SQLException {
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
                Buyer.of(row),
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
                        row.getObject("card_expires", LocalDate.class),
                        row.getString("card_country"));
    }

    private static <T> T done(@Nullable T result) {
        return Objects.requireNonNull(result);
    }
}
