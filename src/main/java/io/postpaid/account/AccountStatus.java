package io.postpaid.account;

/** Whether the account may use the service at all. */
public enum AccountStatus {
    ACTIVE,
    SUSPENDED
}
