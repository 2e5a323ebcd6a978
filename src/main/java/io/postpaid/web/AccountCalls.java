package io.postpaid.web;

import io.postpaid.account.Account;
import io.postpaid.account.Accounts;
import io.postpaid.account.RefusedAccountException;
import io.postpaid.account.UnknownAccountException;
import io.postpaid.credit.CreditLedger;
import io.postpaid.platform.file.PlainText;
import io.postpaid.platform.money.Amounts;
import io.postpaid.web.key.ApiKeys;
import io.postpaid.web.key.Role;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Accounts as the seller's own servers keep them, and the keys of accounts. */
@RestController
class AccountCalls {
    private static final int KEY_NAME_MAX = 200;

    private final Accounts accounts;
    private final CreditLedger ledger;
    private final ApiKeys keys;

    AccountCalls(Accounts accounts, CreditLedger ledger, ApiKeys keys) {
        this.accounts = accounts;
        this.ledger = ledger;
        this.keys = keys;
    }

    /** The columns of a file of accounts; one that is not there stays as it is. */
    record Wanted(
            @Nullable String name,
            @Nullable String email,
            @Nullable String line1,
            @Nullable String line2,
            @Nullable String city,
            @Nullable String state,
            @Nullable String postalCode,
            @Nullable String country,
            @Nullable String taxId,
            @Nullable String currency,
            @Nullable BigDecimal monthlyLimit,
            @Nullable BigDecimal freeCredit,
            @Nullable String paymentMethod,
            @Nullable String createdOn,
            @Nullable String purchaseOrder,
            @Nullable String business,
            @Nullable String buyerReference,
            @Nullable String peppolId,
            @Nullable String language,
            @Nullable List<String> billingEmails,
            @Nullable List<String> aliases) {

        Map<String, String> cells(String id) {
            var cells = new LinkedHashMap<String, String>();
            cells.put("id", id);
            // They are required, so that a file without them is refused for its header.
            cells.put("name", Objects.requireNonNullElse(name, ""));
            cells.put("email", Objects.requireNonNullElse(email, ""));
            put(cells, "line1", line1);
            put(cells, "line2", line2);
            put(cells, "city", city);
            put(cells, "state", state);
            put(cells, "postal_code", postalCode);
            put(cells, "country", country);
            put(cells, "tax_id", taxId);
            put(cells, "currency", currency);
            put(cells, "monthly_limit", amount("monthly_limit", monthlyLimit));
            put(cells, "free_credit", amount("free_credit", freeCredit));
            put(cells, "payment_method", paymentMethod);
            put(cells, "created_on", createdOn);
            put(cells, "purchase_order", purchaseOrder);
            put(cells, "business", business);
            put(cells, "buyer_reference", buyerReference);
            put(cells, "peppol_id", peppolId);
            put(cells, "language", language);
            if (billingEmails != null) cells.put("billing_emails", String.join(" ", billingEmails));
            if (aliases != null) {
                // Joined, a null would be the text "null".
                if (aliases.stream().anyMatch(Objects::isNull)) {
                    throw HttpRefusal.invalid("aliases", "aliases is a list of texts");
                }
                cells.put("aliases", String.join(" ", aliases));
            }
            return cells;
        }

        private static void put(Map<String, String> cells, String column, @Nullable String text) {
            if (text != null) cells.put(column, text);
        }

        private static @Nullable String amount(String field, @Nullable BigDecimal amount) {
            return amount == null ? null : Decimals.amount(field, amount).toPlainString();
        }
    }

    record Kept(
            String id,
            String name,
            String email,
            String line1,
            String line2,
            String city,
            String state,
            String postalCode,
            String country,
            String taxId,
            String currency,
            String monthlyLimit,
            String freeCredit,
            String status,
            @Nullable String card,
            LocalDate createdOn,
            String purchaseOrder,
            String business,
            String buyerReference,
            String peppolId,
            String language,
            List<String> billingEmails,
            List<String> aliases,
            @Nullable String spendingCap) {

        static Kept of(Account account, List<String> aliases) {
            var address = account.address();
            var card = account.card();
            var cap = account.spendingCap();
            return new Kept(
                    account.id(),
                    account.name(),
                    account.email(),
                    address.line1(),
                    address.line2(),
                    address.city(),
                    address.state(),
                    address.postalCode(),
                    address.country(),
                    account.taxId(),
                    account.currency(),
                    Amounts.exact(account.monthlyLimit(), account.currency()),
                    Amounts.exact(account.freeCredit(), account.currency()),
                    account.status().name(),
                    card == null ? null : card.label(),
                    account.createdOn(),
                    account.purchaseOrder(),
                    account.buyer().business(),
                    account.buyer().reference(),
                    account.buyer().peppolId(),
                    account.buyer().language(),
                    account.billingEmails(),
                    aliases,
                    cap == null ? null : Amounts.exact(cap, account.currency()));
        }
    }

    /** 201 if it was not there before. */
    @PutMapping("/v1/accounts/{id}")
    ResponseEntity<Kept> put(@PathVariable String id, @RequestBody Wanted wanted) {
        try {
            boolean added = accounts.put(wanted.cells(id)).added() > 0;
            ledger.grantAllowance(id);
            return ResponseEntity.status(added ? HttpStatus.CREATED : HttpStatus.OK)
                    .body(Kept.of(accounts.get(id), accounts.aliases(id)));
        } catch (RefusedAccountException refused) {
            throw HttpRefusal.invalid(refused.field(), Objects.requireNonNull(refused.getMessage()));
        }
    }

    record KeyWanted(@Nullable String name, @Nullable List<String> may) {}

    record KeyMade(String id, String account, List<String> may, String name, Instant createdAt, String key) {}

    /** The answer alone has the key's secret. */
    @PostMapping("/v1/accounts/{id}/keys")
    @ResponseStatus(HttpStatus.CREATED)
    KeyMade key(@PathVariable String id, @RequestBody KeyWanted wanted) {
        var name = Objects.requireNonNullElse(wanted.name(), "");
        if (name.length() > KEY_NAME_MAX || PlainText.hasControl(name)) {
            throw HttpRefusal.invalid("name", "name is text of at most " + KEY_NAME_MAX + " characters");
        }
        var may = Objects.requireNonNullElse(wanted.may(), List.<String>of()).stream()
                .map(AccountCalls::right)
                .distinct()
                .toList();
        try {
            var made = keys.ofAccount(id, name, may.toArray(Role[]::new));
            return new KeyMade(
                    made.key().id(),
                    id,
                    may.stream()
                            .map(right -> right.name().toLowerCase(Locale.ROOT))
                            .toList(),
                    name,
                    made.key().createdAt(),
                    made.secret());
        } catch (UnknownAccountException _) {
            throw HttpRefusal.notFound("There is no such account");
        }
    }

    private static Role right(@Nullable String word) {
        return switch (word) {
            case "gate" -> Role.GATE;
            case "usage" -> Role.USAGE;
            case null, default -> throw HttpRefusal.invalid("may", "may is a list of gate and usage");
        };
    }
}
