package io.postpaid.gate;

/** What the gate says to a call that is to be settled or released. */
public sealed interface Ending {
    /** It is, or already was in the same way. */
    record Ended(Authorization call) implements Ending {}

    /** It was ended otherwise, as its status says. */
    record EndedOtherwise(Authorization call) implements Ending {}

    /** No call can have used that; {@code field} says which part of what was sent is to be changed. */
    record Unusable(String field, String why) implements Ending {}

    /** The account has no such call. */
    record Unknown() implements Ending {}
}
