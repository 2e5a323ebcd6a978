package io.postpaid.cli;

import io.postpaid.web.key.ApiKey;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "keys", description = "The keys to the HTTP API.")
final class KeyCommands {
    private static final Fields<ApiKey> KEYS = new Fields<ApiKey>()
            .both("id", "ID", ApiKey::id)
            .field("account", ApiKey::account)
            .column("ACCOUNT", KeyCommands::owner)
            .field("operator", key -> key.account() == null)
            .field("role", KeyCommands::role)
            .field("may", KeyCommands::may)
            .column("RIGHTS", KeyCommands::rights)
            .both("name", "NAME", ApiKey::name)
            .both("created_at", "CREATED", ApiKey::createdAt)
            .both("revoked_at", "REVOKED", ApiKey::revokedAt);

    @Autowired
    private ApiKeys keys;

    /** What an account's key may do besides reading its own and asking. */
    enum May {
        USAGE,
        GATE
    }

    /** What an operator's key is for. */
    enum OperatorRole {
        VIEWER,
        SERVICE,
        OPERATOR,
        APPROVER
    }

    static final class Owner {
        @Parameters(paramLabel = "ACCOUNT", description = "Whose key it is.")
        private @Nullable String account;

        @Option(names = "--operator", required = true, description = "A key that acts for every account.")
        private boolean operator;
    }

    @Command(name = "create", description = "Makes a key, for an account or for an operator, and shows it this once.")
    Answer create(
            @ArgGroup(multiplicity = "1") Owner owner,
            @Option(
                            names = "--may",
                            paramLabel = "RIGHT",
                            split = ",",
                            description =
                                    "What an account's key may do besides reading its own and asking, once or more: gate "
                                            + "(authorizes calls, never settles or releases one), usage (reports usage of the "
                                            + "account).")
                    @Nullable
                    List<May> may,
            @Option(
                            names = "--role",
                            paramLabel = "ROLE",
                            description =
                                    "What an operator's key may do: viewer (reads), service (gate, usage and accounts, "
                                            + "for your own servers; moves no money), operator (all; the default), approver (all, and "
                                            + "decides what waits for a second person).")
                    @Nullable
                    OperatorRole role,
            @Option(names = "--name", defaultValue = "", description = "What it is for, to tell it from others.")
                    String name) {
        var account = owner.account;
        if (account == null && may != null) throw new WrongUse("--may is for the key of an account");
        if (account != null && role != null) throw new WrongUse("--role is for the key of an operator: add --operator");
        var made = account == null
                ? keys.ofOperator(name, Role.valueOf((role == null ? OperatorRole.OPERATOR : role).name()))
                : keys.ofAccount(
                        account,
                        name,
                        may == null
                                ? new Role[0]
                                : may.stream()
                                        .map(right -> Role.valueOf(right.name()))
                                        .toArray(Role[]::new));
        return Answer.of(
                new Json()
                        .with("id", made.key().id())
                        .with("account", account)
                        .with("operator", owner.operator)
                        .with("role", role(made.key()))
                        .with("may", may(made.key()))
                        .with("name", name)
                        .with("key", made.secret()),
                made.secret() + "\nKey " + made.key().id() + " of "
                        + owner(made.key()) + ", " + rights(made.key())
                        + ". It is not shown again: keep it now. ./postpaid keys revoke "
                        + made.key().id() + " makes it void.");
    }

    @Command(name = "list", description = "Lists the keys, or those of an account.")
    Answer list(@Parameters(paramLabel = "ACCOUNT", arity = "0..1") @Nullable String account) {
        return KEYS.listing(
                each -> keys.each(account, each), "There are no keys: ./postpaid keys create ACCOUNT makes one");
    }

    @Command(name = "revoke", description = "Makes a key void, for good.")
    Answer revoke(@Parameters(paramLabel = "ID", description = "As keys list shows it.") String id) {
        var key = keys.revoke(id);
        return Answer.of(KEYS.json(key), "Key " + id + " of " + owner(key) + " is void since " + key.revokedAt());
    }

    private static @Nullable String role(ApiKey key) {
        return key.account() == null ? word(key.roles().iterator().next()) : null;
    }

    private static List<String> may(ApiKey key) {
        return key.account() == null
                ? List.of()
                : key.roles().stream()
                        .filter(role -> role != Role.ACCOUNT)
                        .map(KeyCommands::word)
                        .sorted()
                        .toList();
    }

    private static String rights(ApiKey key) {
        var role = role(key);
        if (role != null) return role;
        return may(key).isEmpty() ? "reads and asks" : "reads and asks; may " + String.join(", ", may(key));
    }

    private static String word(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    private static String owner(ApiKey key) {
        return Objects.requireNonNullElse(key.account(), "(operator)");
    }
}
