package io.postpaid.usage.admission;

import io.postpaid.usage.record.ParsedLine.Fact;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The accounts that lines speak of, by their ids and by what logs call them. */
final class KnownAccounts {
    /** Bounds the memory for names when there are millions of accounts. */
    private static final int REMEMBERED = 200_000;

    private record Name(String source, String name) {}

    private record Called(String source, String name, String account) {}

    private static final String EVERY_SOURCE = "";

    private final Set<String> ids = new HashSet<>();
    private final Map<Name, String> called = new HashMap<>();

    boolean isKnown(String account) {
        return ids.contains(account);
    }

    /** The same of the account whose alias it names, if it names none by its id. */
    Fact meant(Fact fact) {
        if (called.isEmpty() || ids.contains(fact.account())) return fact;
        String account = called.get(new Name(fact.source(), fact.account()));
        if (account == null) account = called.get(new Name(EVERY_SOURCE, fact.account()));
        return account == null ? fact : fact.of(account);
    }

    /** What is known stays so, but for accounts that were erased meanwhile, which are few, and for aliases. */
    void remember(JdbcClient jdbc, Collection<Claim> batch) {
        if (ids.size() > REMEMBERED) ids.clear();
        called.clear();
        jdbc.sql("select id from account where erased_at is not null")
                .query(String.class)
                .list()
                .forEach(ids::remove);
        var asked = new HashSet<String>();
        for (Claim claim : batch) {
            for (var stated : claim.stated) {
                if (!ids.contains(stated.fact.account())) asked.add(stated.fact.account());
            }
        }
        if (asked.isEmpty()) return;
        ids.addAll(ask(jdbc, "select id from account where id = any(:asked) and erased_at is null", asked));
        asked.removeIf(ids::contains);
        if (asked.isEmpty()) return;
        var aliases = jdbc.sql("select source, name, account from account_called where name = any(:asked)")
                .param("asked", asked.toArray(String[]::new))
                .query(Called.class)
                .list();
        for (Called alias : aliases) {
            called.put(new Name(alias.source(), alias.name()), alias.account());
            ids.add(alias.account());
        }
    }

    private static List<String> ask(JdbcClient jdbc, String question, Set<String> asked) {
        return jdbc.sql(question)
                .param("asked", asked.toArray(String[]::new))
                .query(String.class)
                .list();
    }
}
