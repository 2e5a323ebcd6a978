package io.postpaid.web;

import io.postpaid.account.Accounts;
import io.postpaid.account.LimitRequests;
import io.postpaid.platform.money.Amounts;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Applications for a higher monthly limit. */
@RestController
class LimitCalls {
    private static final int REASON_MAX = 2_000;

    private final Accounts accounts;
    private final LimitRequests limits;

    LimitCalls(Accounts accounts, LimitRequests limits) {
        this.accounts = accounts;
        this.limits = limits;
    }

    record HigherLimit(
            @Nullable BigDecimal amount, @Nullable String reason) {}

    record LimitAsked(
            long id, String account, String amount, String currency, String reason, String status, Instant askedAt) {}

    @PostMapping("/v1/limit-increase-requests")
    @ResponseStatus(HttpStatus.CREATED)
    LimitAsked ask(Acting acting, @RequestBody HigherLimit wish) {
        var amount = Decimals.amount("amount", wish.amount());
        var reason = Objects.requireNonNullElse(wish.reason(), "");
        if (reason.length() > REASON_MAX || reason.indexOf('\0') >= 0) {
            throw HttpRefusal.invalid("reason", "reason is text of at most " + REASON_MAX + " characters");
        }
        try {
            var currency = accounts.get(acting.account()).currency();
            return limits.ask(acting.account(), amount, reason)
                    .map(asked -> new LimitAsked(
                            asked.id(),
                            asked.account(),
                            Amounts.exact(asked.amount(), currency),
                            currency,
                            asked.reason(),
                            asked.status().name(),
                            asked.askedAt()))
                    .orElseThrow(() -> new HttpRefusal(
                            HttpStatus.CONFLICT,
                            "LIMIT_REQUEST_OPEN",
                            "An earlier request is still open: wait until it is decided"));
        } catch (IllegalArgumentException refused) {
            throw HttpRefusal.invalid("amount", Objects.requireNonNull(refused.getMessage()));
        }
    }
}
