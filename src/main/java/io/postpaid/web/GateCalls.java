package io.postpaid.web;

import static java.util.stream.Collectors.joining;

import io.postpaid.account.UnknownAccountException;
import io.postpaid.gate.Asked;
import io.postpaid.gate.Authorization;
import io.postpaid.gate.Decision;
import io.postpaid.gate.Ending;
import io.postpaid.gate.Gate;
import io.postpaid.gate.UsageSummaries;
import io.postpaid.gate.UsageSummary;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Calls are priced and held before they run, then settled or released; and what an account has used is told. */
@RestController
class GateCalls {
    private static final int KEY_MAX = 255;
    private static final int ITEMS_MAX = 20;
    private static final String FIRST_CALL = "first-call";

    private final Gate gate;
    private final UsageSummaries summaries;
    private final boolean firstCallCreates;

    GateCalls(Gate gate, UsageSummaries summaries, @Value("${POSTPAID_PROVISION:none}") String provision) {
        if (!Set.of("none", FIRST_CALL).contains(provision)) {
            throw new IllegalArgumentException(
                    "POSTPAID_PROVISION is '" + provision + "': it must be none or first-call");
        }
        this.gate = gate;
        this.summaries = summaries;
        this.firstCallCreates = provision.equals(FIRST_CALL);
    }

    record ItemWanted(@Nullable String product, @Nullable BigDecimal quantity) {
        private Asked asked(String path) {
            if (product == null) throw HttpRefusal.invalid(path + "product", "The product is needed");
            return new Asked(path, product, Decimals.amount(path + "quantity", quantity));
        }
    }

    /** Either items, or the product and quantity of the only one. */
    record CallWanted(
            @Nullable String product,
            @Nullable BigDecimal quantity,
            @Nullable List<@Nullable ItemWanted> items) {
        private List<Asked> asked() {
            if (items == null) return List.of(new ItemWanted(product, quantity).asked(""));
            if (product != null || quantity != null) throw eitherOr("product and quantity");
            return itemsOf(items);
        }
    }

    private static List<Asked> itemsOf(List<@Nullable ItemWanted> items) {
        if (items.isEmpty() || items.size() > ITEMS_MAX) {
            throw HttpRefusal.invalid("items", "A call has 1 to " + ITEMS_MAX + " items");
        }
        return IntStream.range(0, items.size())
                .mapToObj(n -> Objects.requireNonNullElse(items.get(n), new ItemWanted(null, null))
                        .asked("items[" + n + "]."))
                .toList();
    }

    private static HttpRefusal eitherOr(String other) {
        return HttpRefusal.invalid("items", "Send either items, or the " + other + " of the only one");
    }

    record CallHeld(UUID id, String price, String currency, Instant expiresAt) {}

    @PostMapping("/v1/authorizations")
    @ResponseStatus(HttpStatus.CREATED)
    CallHeld authorize(
            Named on,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestBody CallWanted asked) {
        var unique = mustBeKey(key);
        return switch (decided(on.account(), unique, asked.asked())) {
            case Decision.Admitted(var call) ->
                new CallHeld(
                        call.id(), Amounts.exact(call.price(), call.currency()), call.currency(), call.expiresAt());
            case Decision.Refused refused -> throw paymentRequired(refused);
            case Decision.KeyReused(var call) ->
                throw new HttpRefusal(
                        HttpStatus.CONFLICT,
                        "IDEMPOTENCY_CONFLICT",
                        "This Idempotency-Key stands for another call, of "
                                + call.items().stream()
                                        .map(Authorization.Item::toString)
                                        .collect(joining(", "))
                                + ": send a key of its own with each call",
                        Map.of("id", call.id()));
            case Decision.Unusable(var field, var why) -> throw HttpRefusal.invalid(field, why);
        };
    }

    private Decision decided(String account, String key, List<Asked> items) {
        try {
            return gate.authorize(account, key, items, firstCallCreates);
        } catch (UnknownAccountException _) {
            throw HttpRefusal.notFound("There is no such account");
        }
    }

    static String mustBeKey(@Nullable String key) {
        if (key == null || key.isBlank() || key.length() > KEY_MAX) {
            throw HttpRefusal.invalid(
                    "Idempotency-Key",
                    "The header Idempotency-Key is needed, with 1 to " + KEY_MAX
                            + " characters that no other call of the account has");
        }
        return key;
    }

    private static HttpRefusal paymentRequired(Decision.Refused refused) {
        var price = Amounts.exact(refused.price(), refused.currency());
        var remaining = Amounts.exact(refused.remaining(), refused.currency());
        var whatToDo = switch (refused.cause()) {
            case ACCOUNT_SUSPENDED -> "Pay the overdue invoices: the account is open again at once";
            case PAYMENT_METHOD_REQUIRED -> "Put a card on file, or buy credit";
            case MONTHLY_LIMIT_REACHED ->
                refused.ownCap() == null
                        ? "Apply for a higher limit at /v1/limit-increase-requests, or buy credit"
                        : "Raise or remove the account's own cap at /billing/limit, or buy credit";
            case PAYMENT_REQUIRED, ALLOWED -> "Ask for less in one call, settle or release open calls, or buy credit";
        };
        var why = switch (refused.cause()) {
            case ACCOUNT_SUSPENDED -> "The account is suspended";
            case PAYMENT_METHOD_REQUIRED -> "The credit is used up and there is no card on file";
            case MONTHLY_LIMIT_REACHED ->
                refused.ownCap() == null
                        ? "The credit is used up and the monthly limit is reached"
                        : "The credit is used up and the cap that the account has set itself is reached";
            case PAYMENT_REQUIRED, ALLOWED ->
                "The call costs up to %s %s, and %s %s is left"
                        .formatted(refused.currency(), price, refused.currency(), remaining);
        };
        var details = new LinkedHashMap<>(
                Map.of("price", price, "remaining", remaining, "currency", refused.currency(), "what_to_do", whatToDo));
        var cap = refused.ownCap();
        if (cap != null) details.put("own_cap", Amounts.exact(cap, refused.currency()));
        return new HttpRefusal(HttpStatus.PAYMENT_REQUIRED, refused.cause().name(), why + ". " + whatToDo, details);
    }

    /** Either items, or the quantity of the only one. */
    record Used(@Nullable BigDecimal quantity, @Nullable List<@Nullable ItemWanted> items) {
        private List<Asked> asked() {
            if (items == null) return List.of(new Asked("", null, Decimals.amount("quantity", quantity)));
            if (quantity != null) throw eitherOr("quantity");
            return itemsOf(items);
        }
    }

    record CallEnded(UUID id, Authorization.Status status, String charged, String currency) {}

    @PostMapping("/v1/authorizations/{id}/settle")
    CallEnded settle(Acting acting, @PathVariable String id, @RequestBody Used used) {
        return ended(gate.settle(acting.account(), uuid(id), used.asked()));
    }

    @PostMapping("/v1/authorizations/{id}/release")
    CallEnded release(Acting acting, @PathVariable String id) {
        return ended(gate.release(acting.account(), uuid(id)));
    }

    private static CallEnded ended(Ending ending) {
        return switch (ending) {
            case Ending.Ended(var call) ->
                new CallEnded(call.id(), call.status(), Amounts.exact(call.cost(), call.currency()), call.currency());
            case Ending.EndedOtherwise(var call) -> throw endedOtherwise(call);
            case Ending.Unusable(var field, var why) -> throw HttpRefusal.invalid(field, why);
            case Ending.Unknown() -> throw unknown();
        };
    }

    private static HttpRefusal endedOtherwise(Authorization call) {
        var code = "AUTHORIZATION_" + call.status();
        return switch (call.status()) {
            case EXPIRED ->
                new HttpRefusal(
                        HttpStatus.GONE,
                        code,
                        "This authorization expired at " + call.expiresAt() + ": settle a call before it does",
                        Map.of("expires_at", call.expiresAt()));
            case RELEASED ->
                new HttpRefusal(
                        HttpStatus.CONFLICT, code, "This authorization was released, and its call costs nothing");
            case SETTLED, HELD ->
                new HttpRefusal(
                        HttpStatus.CONFLICT,
                        code,
                        "This authorization is settled, and stays as it is",
                        Map.of("charged", Amounts.exact(call.cost(), call.currency()), "currency", call.currency()));
        };
    }

    private static HttpRefusal unknown() {
        return HttpRefusal.notFound("There is no such authorization");
    }

    private static UUID uuid(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException _) {
            throw unknown();
        }
    }

    /** Free of charge, and fresh to the last settled call. */
    @PostMapping("/v1/credits/projections/usage-summary")
    UsageSummary summary(Acting acting) {
        return summaries.of(acting.account());
    }
}
