package io.postpaid.payments.approval;

/** What became of money that somebody asked to give. */
public sealed interface Outcome<T> {
    /** It was given. */
    record Done<T>(T made) implements Outcome<T> {}

    /** Nothing was given: another person has to approve it first. */
    record Waits<T>(Approval approval) implements Outcome<T> {}
}
