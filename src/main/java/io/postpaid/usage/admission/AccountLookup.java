package io.postpaid.usage.admission;

import io.postpaid.usage.admission.Claim.Stated;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Asks the database for the accounts that a batch speaks of, each once. */
record AccountLookup(JdbcClient jdbc, KnownAccounts known) {
    /** Bounds the memory for names when there are millions of accounts. */
    private static final int REMEMBERED = 200_000;

    private record Called(String source, String name, String account) {}

    /** What is known stays so, but for accounts that were erased meanwhile, which are few, and for aliases. */
    void remember(Collection<Claim> batch) {
        if (known.size() > REMEMBERED) known.clear();
        known.forgetAliases();
        jdbc.sql("select id from account where erased_at is not null")
                .query(String.class)
                .list()
                .forEach(known::forget);
        var asked = new HashSet<String>();
        for (Claim claim : batch) {
            for (Stated stated : claim.stated) {
                if (!known.isKnown(stated.fact.account())) asked.add(stated.fact.account());
            }
        }
        if (asked.isEmpty()) return;
        ask("select id from account where id = any(:asked) and erased_at is null", asked)
                .forEach(known::add);
        asked.removeIf(known::isKnown);
        if (asked.isEmpty()) return;
        jdbc.sql("select source, name, account from account_called where name = any(:asked)")
                .param("asked", asked.toArray(String[]::new))
                .query(Called.class)
                .list()
                .forEach(alias -> known.add(alias.source(), alias.name(), alias.account()));
    }

    private List<String> ask(String question, Set<String> asked) {
        return jdbc.sql(question)
                .param("asked", asked.toArray(String[]::new))
                .query(String.class)
                .list();
    }
}
