package io.postpaid.support;

/** The process is dead from here on. */
public final class Killed extends Error {
    Killed() {
        super("killed", null, false, false);
    }
}
