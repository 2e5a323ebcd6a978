package io.postpaid.usage.admission;

import io.postpaid.usage.record.ParsedLine.Fact;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The accounts that lines speak of, by their ids and by what logs call them. */
public final class KnownAccounts {
    private static final String EVERY_SOURCE = "";

    private record Name(String source, String name) {}

    private final Set<String> ids = new HashSet<>();
    private final Map<Name, String> called = new HashMap<>();

    boolean isKnown(String account) {
        return ids.contains(account);
    }

    /** The same of the account whose alias it names, if it names none by its id. */
    Fact meant(Fact fact) {
        if (called.isEmpty() || ids.contains(fact.account())) return fact;
        String account = alias(fact.source(), fact.account());
        if (account == null) account = alias(EVERY_SOURCE, fact.account());
        return account == null ? fact : fact.of(account);
    }

    private @Nullable String alias(String source, String name) {
        return called.get(new Name(source, name));
    }

    public void add(String account) {
        ids.add(account);
    }

    /** @param source where logs call it so; empty for all */
    public void add(String source, String name, String account) {
        called.put(new Name(source, name), account);
        ids.add(account);
    }

    int size() {
        return ids.size();
    }

    void clear() {
        ids.clear();
    }

    void forget(String account) {
        ids.remove(account);
    }

    void forgetAliases() {
        called.clear();
    }
}
