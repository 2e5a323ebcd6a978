package io.postpaid;

/** The application. */
public final class Postpaid {
    private Postpaid() {}
}
