package io.postpaid.web;

import static io.postpaid.web.key.Role.ACCOUNT;
import static io.postpaid.web.key.Role.APPROVER;
import static io.postpaid.web.key.Role.GATE;
import static io.postpaid.web.key.Role.OPERATOR;
import static io.postpaid.web.key.Role.SERVICE;
import static io.postpaid.web.key.Role.USAGE;
import static io.postpaid.web.key.Role.VIEWER;

import io.postpaid.web.key.Role;
import java.util.Map;
import java.util.Set;

/**
 * Which roles may make which call: the one place that decides it. A call that is not listed is refused to everybody. Reading
 * and asking is for an account itself and those who serve it; what ends a call or charges a card is not for every key.
 */
final class Rights {
    private static final Set<Role> READS = Set.of(ACCOUNT, VIEWER, SERVICE, OPERATOR, APPROVER);
    private static final Set<Role> ASKS = Set.of(ACCOUNT, SERVICE, OPERATOR, APPROVER);
    private static final Set<Role> BUYS = Set.of(ACCOUNT, OPERATOR, APPROVER);
    private static final Set<Role> SERVES = Set.of(SERVICE, OPERATOR, APPROVER);
    private static final Set<Role> FOLLOWS = Set.of(VIEWER, SERVICE, OPERATOR, APPROVER);
    private static final Set<Role> WATCHES = Set.of(VIEWER, OPERATOR, APPROVER);

    static final Map<String, Set<Role>> OF_CALL = Map.ofEntries(
            Map.entry("GET /v1/access", READS),
            Map.entry("GET /v1/events", FOLLOWS),
            Map.entry("GET /v1/invoices", READS),
            Map.entry("GET /v1/invoices/{number}", READS),
            Map.entry("GET /v1/invoices/{number}/pdf", READS),
            Map.entry("GET /v1/invoices/{number}/usage.csv", READS),
            Map.entry("GET /v1/invoices/{number}/xml", READS),
            Map.entry("GET /v1/usage", READS),
            Map.entry("GET /v1/usage.csv", READS),
            Map.entry("GET /v1/usage/quarantine", READS),
            Map.entry("POST /v1/credits/projections/usage-summary", READS),
            Map.entry("POST /v1/limit-increase-requests", ASKS),
            Map.entry("POST /v1/credits/top-ups", BUYS),
            Map.entry("POST /v1/usage", Set.of(USAGE, SERVICE, OPERATOR, APPROVER)),
            Map.entry("POST /v1/authorizations", Set.of(GATE, SERVICE, OPERATOR, APPROVER)),
            // The customer may hold a key of the account: who could settle with 0 would call for nothing.
            Map.entry("POST /v1/authorizations/{id}/settle", SERVES),
            Map.entry("POST /v1/authorizations/{id}/release", SERVES),
            Map.entry("POST /v1/portal-sessions", SERVES),
            Map.entry("PUT /v1/accounts/{id}", SERVES),
            Map.entry("POST /v1/accounts/{id}/keys", SERVES),
            Map.entry("GET /metrics", WATCHES));

    private Rights() {}

    /** @param method HEAD is decided as GET, which it is without its body */
    static Set<Role> of(String method, String pattern) {
        return OF_CALL.getOrDefault((method.equals("HEAD") ? "GET" : method) + " " + pattern, Set.of());
    }
}
