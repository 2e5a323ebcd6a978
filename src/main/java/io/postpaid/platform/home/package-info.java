/**
 * What lies under POSTPAID_HOME, and the PostgreSQL that runs there unless another is given.
 *
 * <h2>Owns</h2>
 * the folder's layout; start, sharing and stop of the embedded server.
 *
 * <h2>Does not own</h2>
 * the schema (migrations) and what others write into their folders.
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>The embedded server is durable: what was committed survives a crash.
 *   <li>It stops with the last process that uses it, or POSTPAID_DATABASE_KEEP after.
 * </ul>
 */
@NullMarked
package io.postpaid.platform.home;

import org.jspecify.annotations.NullMarked;
