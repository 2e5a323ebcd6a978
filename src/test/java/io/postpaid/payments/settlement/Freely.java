package io.postpaid.payments.settlement;

/** Nobody is asked, which only tests may do: they try how money is given, and not who may give it. */
public final class Freely {
    public static final Consent GIVEN = given -> {};

    private Freely() {}
}
