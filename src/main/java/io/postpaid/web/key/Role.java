package io.postpaid.web.key;

/**
 * What a key is for. An account's key is {@link #ACCOUNT}, and {@link #GATE} and {@link #USAGE} if it was made so; an
 * operator's is exactly one of the others.
 */
public enum Role {
    /** Reads what belongs to its account and asks for it: a top-up, a higher limit. */
    ACCOUNT,
    /** Also authorizes calls of its account; never settles or releases one. */
    GATE,
    /** Also reports usage of its account, in the account's own namespace. */
    USAGE,
    /** Reads for every account, and changes nothing. */
    VIEWER,
    /** The seller's own servers: the gate, usage and accounts; moves no money. */
    SERVICE,
    OPERATOR,
    /** An operator who also decides what waits for a second person. */
    APPROVER;

    public boolean isOfAccount() {
        return this == ACCOUNT || this == GATE || this == USAGE;
    }
}
