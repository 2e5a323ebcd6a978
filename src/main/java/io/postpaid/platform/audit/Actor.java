package io.postpaid.platform.audit;

/**
 * Who acts.
 *
 * @param who a person, a key or a customer
 * @param source from where: a command as it was typed, or a call with the address that it came from
 */
public record Actor(String who, String source) {
    /** What schedules and workers do. */
    public static final Actor SYSTEM = new Actor("system", "");
}
