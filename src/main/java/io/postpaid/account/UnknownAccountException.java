package io.postpaid.account;

/** An account was named that does not exist. */
public final class UnknownAccountException extends RuntimeException {
    public UnknownAccountException(String id) {
        super("There is no account '" + id + "': ./postpaid accounts list shows them");
    }
}
