package io.postpaid.web.portal;

import io.postpaid.account.UnknownAccountException;
import io.postpaid.web.HttpRefusal;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** How the seller's own application sends its signed-in customer to the pages. */
@RestController
@ConditionalOnWebApplication
class PortalCalls {
    private static final Duration VALID = Duration.ofMinutes(15);

    private final PortalLinks links;

    PortalCalls(PortalLinks links) {
        this.links = links;
    }

    record Wanted(@Nullable String account, @Nullable String returnUrl) {}

    @PostMapping("/v1/portal-sessions")
    @ResponseStatus(HttpStatus.CREATED)
    PortalLinks.Link open(@RequestBody Wanted wanted) {
        var account = wanted.account();
        if (account == null) throw HttpRefusal.invalid("account", "account is the id of an account");
        try {
            return links.make(account, VALID, wanted.returnUrl());
        } catch (UnknownAccountException unknown) {
            throw HttpRefusal.notFound("There is no such account");
        } catch (IllegalArgumentException refused) {
            throw HttpRefusal.invalid("return_url", Objects.requireNonNull(refused.getMessage()));
        }
    }
}
