package io.postpaid.events;

/** What came of a try to deliver all that waits. */
public sealed interface Delivered {
    /** @param refused how many accounts wait because their next event was not taken */
    record Tried(int taken, int refused) implements Delivered {}

    /** POSTPAID_EVENTS_URL is not set. */
    record NoReceiver() implements Delivered {}

    /** Nobody has switched the deliveries on since they were switched off. */
    record SwitchedOff(String because) implements Delivered {}

    /** Another process delivers, or the receiver has a pause. */
    record Later() implements Delivered {}
}
