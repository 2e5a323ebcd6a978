package io.postpaid.events;

/** What became of an event. */
public enum EventState {
    /** Committed, and not in the feed yet. */
    WRITTEN,
    WAITING,
    DELIVERED,
    /** Refused for days while others were taken. */
    GIVEN_UP,
    /** Left out when somebody switched the deliveries on again. */
    SKIPPED
}
