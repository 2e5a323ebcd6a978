package io.postpaid.ops;

import io.postpaid.key.ApiKey;
import io.postpaid.key.ApiKeys;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "keys", description = "The keys to the HTTP API.")
final class KeyCommands {
    @Autowired
    private ApiKeys keys;

    private record Made(String id, @Nullable String account, boolean operator, String name, String key) {}

    private record Listed(
            String id,
            @Nullable String account,
            boolean operator,
            String name,
            Instant createdAt,
            @Nullable Instant revokedAt) {}

    static final class Owner {
        @Parameters(paramLabel = "ACCOUNT", description = "Whose key it is.")
        private @Nullable String account;

        @Option(names = "--operator", required = true, description = "A key that may act for every account.")
        private boolean operator;
    }

    @Command(name = "create", description = "Makes a key, for an account or for an operator, and shows it this once.")
    Answer create(
            @ArgGroup(multiplicity = "1") Owner owner,
            @Option(names = "--name", defaultValue = "", description = "What it is for, to tell it from others.")
                    String name) {
        var account = owner.account;
        var made = keys.make(account, name);
        return Answer.of(
                new Made(made.key().id(), account, owner.operator, name, made.secret()),
                made.secret() + "\nKey " + made.key().id() + " of "
                        + owner(made.key()) + ". It is not shown again: keep it now. ./postpaid keys revoke "
                        + made.key().id() + " makes it void.");
    }

    @Command(name = "list", description = "Lists the keys, or those of an account.")
    Answer list(@Parameters(paramLabel = "ACCOUNT", arity = "0..1") @Nullable String account) {
        var all = keys.list(account);
        var table = new Table("ID", "ACCOUNT", "NAME", "CREATED", "REVOKED");
        all.forEach(key -> table.row(
                key.id(), owner(key), key.name(), key.createdAt(), key.revokedAt() == null ? "" : key.revokedAt()));
        return Answer.of(
                all.stream().map(KeyCommands::listed).toList(),
                table.orElse("There are no keys: ./postpaid keys create ACCOUNT makes one"));
    }

    @Command(name = "revoke", description = "Makes a key void, for good.")
    Answer revoke(@Parameters(paramLabel = "ID", description = "As keys list shows it.") String id) {
        var key = keys.revoke(id);
        return Answer.of(listed(key), "Key " + id + " of " + owner(key) + " is void since " + key.revokedAt());
    }

    private static Listed listed(ApiKey key) {
        return new Listed(key.id(), key.account(), key.account() == null, key.name(), key.createdAt(), key.revokedAt());
    }

    private static String owner(ApiKey key) {
        return Objects.requireNonNullElse(key.account(), "(operator)");
    }
}
