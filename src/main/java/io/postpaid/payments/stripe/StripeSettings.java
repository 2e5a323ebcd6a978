package io.postpaid.payments.stripe;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How Stripe is reached.
 *
 * @param rate requests a second and endpoint
 * @param width charges at a time
 */
public record StripeSettings(
        String apiKey, String apiBase, int rate, int width, Duration connectWithin, Duration answerWithin) {
    public static final String SANDBOX_KEY = "sk_test_sandbox";
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    public StripeSettings {
        if (rate < 1 || width < 1) throw new IllegalArgumentException("POSTPAID_STRIPE_RATE is at least 1");
    }

    /** @param rate null for the default: what Stripe allows an endpoint, or what the sandbox can do */
    public static StripeSettings of(String apiKey, String apiBase, @Nullable Integer rate) {
        var sandbox = apiKey.equals(SANDBOX_KEY);
        var perSecond = rate != null ? rate : sandbox ? 500 : 25;
        // A charge takes Stripe a second or two, which the full rate has to be reached with.
        return new StripeSettings(
                apiKey, apiBase, perSecond, sandbox ? 16 : Math.clamp(2L * perSecond, 16, 64), CONNECT, ANSWER);
    }
}
