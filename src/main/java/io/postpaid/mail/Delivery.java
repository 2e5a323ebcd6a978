package io.postpaid.mail;

/** What the mail server made of a message. */
sealed interface Delivery {

    /** It has taken it. */
    record Taken(String reply) implements Delivery {}

    /** Not now (4xx). */
    record Later(String reply) implements Delivery {}

    /** Not ever (5xx). */
    record Never(String reply) implements Delivery {}

    /** The connection was lost before the message was complete: nothing was delivered. */
    record Interrupted(String why) implements Delivery {}

    /** It had the whole message, and its answer was lost. */
    record Unsure(String why) implements Delivery {}
}
