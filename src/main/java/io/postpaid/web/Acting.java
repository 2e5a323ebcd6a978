package io.postpaid.web;

/**
 * On whose account a call acts: the key's own, or the one that an operator names by {@code ?account=ID}. A controller
 * asks for it as a parameter; the account exists.
 */
public record Acting(String account) {}
