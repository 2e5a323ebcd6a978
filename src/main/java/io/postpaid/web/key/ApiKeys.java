package io.postpaid.web.key;

import io.postpaid.account.Accounts;
import io.postpaid.platform.batch.Row;
import io.postpaid.platform.calendar.BillingClock;
import io.postpaid.platform.erasure.Erases;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The keys: made, recognised, revoked. */
@Component
public class ApiKeys implements Erases {
    /** How long a key that another process revoked may still be good here. */
    private static final Duration TRUSTED = Duration.ofMillis(250);
    /** Bounds the memory. */
    private static final int REMEMBERED = 200_000;

    private static final RowMapper<ApiKey> KEY = (row, i) -> key(row);

    private final JdbcClient jdbc;
    private final Accounts accounts;
    private final BillingClock clock;
    private volatile GoodKeys known = new GoodKeys(-1, Map.of());
    private volatile long trustedUntil = System.nanoTime();

    ApiKeys(JdbcClient jdbc, Accounts accounts, BillingClock clock) {
        this.jdbc = jdbc;
        this.accounts = accounts;
        this.clock = clock;
    }

    /** The keys that were found good since none was changed; what is looked up meanwhile goes to the map that it began with. */
    private record GoodKeys(long version, Map<String, Found> keys) {}

    private record Found(byte[] hash, Caller caller) {}

    /** A new key; its secret is told here and never again. */
    public record Made(ApiKey key, String secret) {}

    /**
     * Makes a key of an account.
     *
     * @param may what it may do besides reading its own and asking: {@link Role#GATE}, {@link Role#USAGE}
     * @throws io.postpaid.account.UnknownAccountException if there is no such account
     */
    @Transactional
    public Made ofAccount(String account, String name, Role... may) {
        accounts.living(account);
        var roles = EnumSet.of(Role.ACCOUNT, may);
        if (!roles.stream().allMatch(Role::isOfAccount)) {
            throw new IllegalArgumentException("An account's key cannot have the role of an operator's: " + roles);
        }
        return make(account, name, roles);
    }

    /** Makes an operator's key. */
    @Transactional
    public Made ofOperator(String name, Role role) {
        if (role.isOfAccount()) {
            throw new IllegalArgumentException("An operator's key cannot have the role of an account's: " + role);
        }
        return make(null, name, EnumSet.of(role));
    }

    private Made make(@Nullable String account, String name, Set<Role> roles) {
        var secret = Secret.random(account == null);
        var key = jdbc.sql("""
                        insert into api_key (id, account, roles, name, secret_hash, created_at)
                        values (:id, :account, :roles, :name, :hash, :now)
                        returning *""")
                .param("id", secret.id())
                .param("account", account)
                .param("roles", roles.stream().map(Role::name).toArray(String[]::new))
                .param("name", name)
                .param("hash", secret.hash())
                .param("now", Timestamp.from(clock.instant()))
                .query(KEY)
                .single();
        return new Made(key, secret.text());
    }

    /** The keys of an account, or all of them, in the order they were made in, read as they are asked for. */
    @Transactional(readOnly = true)
    public void each(@Nullable String account, Consumer<ApiKey> reader) {
        if (account != null) accounts.get(account);
        var query = jdbc.sql("""
                        select *
                          from api_key
                         where cast(:account as text) is null or account = :account
                         order by created_at, id""").param("account", account);
        Row.each(query, KEY, reader);
    }

    /**
     * Revokes a key, for good; one that is revoked already stays as it is.
     *
     * @throws IllegalArgumentException if there is none
     */
    @Transactional
    public ApiKey revoke(String id) {
        var key = jdbc.sql("""
                        update api_key
                           set revoked_at = coalesce(revoked_at, greatest(:now, created_at))
                         where id = :id
                        returning *""")
                .param("id", id)
                .param("now", Timestamp.from(clock.instant()))
                .query(KEY)
                .optional()
                .orElseThrow(() ->
                        new IllegalArgumentException("There is no key '" + id + "': ./postpaid keys list shows them"));
        trustedUntil = System.nanoTime();
        return key;
    }

    @Override
    public void erase(String account) {
        jdbc.sql("""
                        update api_key
                           set name = '', revoked_at = coalesce(revoked_at, greatest(:now, created_at))
                         where account = :account""")
                .param("account", account)
                .param("now", Timestamp.from(clock.instant()))
                .update();
    }

    /** Whose key this is; nothing if it is unknown, mistyped or revoked. */
    public Optional<Caller> recognise(String text) {
        return Secret.parse(text).flatMap(shown -> {
            var keys = known().keys();
            var found = keys.get(shown.id());
            if (found == null) found = find(shown.id(), keys);
            return found != null && MessageDigest.isEqual(found.hash(), shown.hash())
                    ? Optional.of(found.caller())
                    : Optional.empty();
        });
    }

    /** Whether a key that was recognised before is still good. */
    public boolean isGood(String id) {
        return jdbc.sql("select exists (select from api_key where id = :id and revoked_at is null)")
                .param("id", id)
                .query(Boolean.class)
                .single();
    }

    private GoodKeys known() {
        if (System.nanoTime() - trustedUntil < 0) return known;
        long asked = System.nanoTime();
        long version = jdbc.sql("select version from api_key_version")
                .query(Long.class)
                .single();
        synchronized (this) {
            if (version > known.version() || known.keys().size() > REMEMBERED) {
                known = new GoodKeys(version, new ConcurrentHashMap<>());
            }
            trustedUntil = asked + TRUSTED.toNanos();
            return known;
        }
    }

    private @Nullable Found find(String id, Map<String, Found> keys) {
        var found = jdbc.sql(
                        "select id, account, roles, secret_hash from api_key where id = :id and revoked_at is null")
                .param("id", id)
                .query((row, i) -> new Found(
                        row.getBytes("secret_hash"),
                        new Caller(row.getString("id"), row.getString("account"), roles(row))))
                .optional()
                .orElse(null);
        if (found != null) keys.put(id, found);
        return found;
    }

    private static Set<Role> roles(ResultSet row) throws SQLException {
        var roles = EnumSet.noneOf(Role.class);
        for (var role : (String[]) row.getArray("roles").getArray()) roles.add(Role.valueOf(role));
        return Collections.unmodifiableSet(roles);
    }

    private static ApiKey key(ResultSet row) throws SQLException {
        var revoked = row.getTimestamp("revoked_at");
        return new ApiKey(
                row.getString("id"),
                row.getString("account"),
                roles(row),
                row.getString("name"),
                row.getTimestamp("created_at").toInstant(),
                revoked == null ? null : revoked.toInstant());
    }
}
