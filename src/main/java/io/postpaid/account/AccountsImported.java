package io.postpaid.account;

/** What an import did, in accounts. */
public record AccountsImported(int added, int updated, int unchanged) {}
