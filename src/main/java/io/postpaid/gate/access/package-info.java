/**
 * Whether an account may call the API now, and why not.
 *
 * <h2>Owns</h2>
 * the one access decision; the thresholds of the monthly limit and their notices; requests for a higher limit.
 *
 * <h2>Does not own</h2>
 * credit and the monthly cost (credit), cards and suspension (account).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>Access is one question with one answer.
 *   <li>Each threshold is told once per account and period.
 * </ul>
 */
@NamedInterface("access")
@NullMarked
package io.postpaid.gate.access;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
