package io.postpaid.web;

import io.postpaid.gate.access.Access;
import io.postpaid.gate.access.AccessDecision;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Whether an account may call. */
@RestController
class AccessCalls {
    private final Access access;

    AccessCalls(Access access) {
        this.access = access;
    }

    record Allowed(
            String account, boolean allowed, @Nullable String code) {}

    @GetMapping("/v1/access")
    Allowed access(Acting acting) {
        var decision = access.standing(acting.account()).access();
        boolean allowed = decision == AccessDecision.ALLOWED;
        return new Allowed(acting.account(), allowed, allowed ? null : decision.name());
    }
}
