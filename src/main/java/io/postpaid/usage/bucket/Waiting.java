package io.postpaid.usage.bucket;

/** What a listing has brought. */
public sealed interface Waiting permits BucketObject, Waiting.Closed {
    /** How it is called where it is held. */
    String name();

    /** A place that does not let us in, which is no reason to leave the others. */
    record Closed(String name, String why) implements Waiting {}
}
