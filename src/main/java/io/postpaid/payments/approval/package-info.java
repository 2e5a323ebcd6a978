/**
 * Has money given back or away by one person up to an amount, and by two above it.
 *
 * <h2>Owns</h2>
 * who asked for what is given, what waits for a second person, and who decided it; the verbs that give money, for everybody who
 * offers them to people.
 *
 * <h2>Does not own</h2>
 * how money is given, and how much may be (settlement, credit).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>What is given and the row that says who asked for it, or who approved it, are one transaction.
 *   <li>Nobody approves what he asked for, and what is approved is given once.
 * </ul>
 */
@NamedInterface("approval")
@NullMarked
package io.postpaid.payments.approval;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
