package io.postpaid.gate.access;

import io.postpaid.account.Account;
import io.postpaid.credit.MonthlyCost;
import java.math.BigDecimal;

/** How an account stands today: what it may do, what credit it has, what its month has cost. */
public record Standing(Account account, AccessDecision access, BigDecimal credit, MonthlyCost month) {}
