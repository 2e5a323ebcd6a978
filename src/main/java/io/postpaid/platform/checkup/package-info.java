/**
 * Whether an installation has what it needs around it: {@code ./postpaid doctor}.
 *
 * <h2>Owns</h2>
 * what a checkup is, and those of the Java runtime and the clock.
 *
 * <h2>Does not own</h2>
 * the checkups of what a wing reaches: each stands beside what reaches it.
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A checkup changes nothing, and none of them keeps another from being made.
 * </ul>
 */
@NullMarked
package io.postpaid.platform.checkup;

import org.jspecify.annotations.NullMarked;
