package io.postpaid.platform.erasure;

/** Has something of a person that no law keeps. */
public interface Erases {

    /** Erases it, in the caller's transaction, in which the account is erased already. */
    void erase(String account);
}
