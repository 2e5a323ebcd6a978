package io.postpaid.payments.webhook;

/** What Stripe is answered to an event. */
public sealed interface WebhookAnswer {

    /**
     * It is kept (2xx).
     *
     * @param first whether it was not known before
     */
    record Taken(String event, boolean first) implements WebhookAnswer {}

    /** It is not from Stripe, or too old (400). */
    record Refused(String why) implements WebhookAnswer {}

    /** Not now: Stripe is to send it again (503). */
    record Later(String why) implements WebhookAnswer {}
}
