/**
 * The command line: what an operator types and reads.
 *
 * <h2>Owns</h2>
 * how commands are named, parsed and answered, as text or JSON; exit codes; the sentence that tells a failure; sandbox mode.
 *
 * <h2>Does not own</h2>
 * what a command does (the features).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>Wrong use is answered without the database.
 *   <li>With {@code --json}, standard output is exactly one JSON document.
 *   <li>Exit codes are 0 done, 1 failed, 2 wrong use.
 * </ul>
 */
@ApplicationModule
@NullMarked
package io.postpaid.cli;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
