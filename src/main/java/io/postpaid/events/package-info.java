/**
 * What leaves: whatever changes an account's access or money, as signed webhooks and as a feed.
 *
 * <h2>Owns</h2>
 * the events with their ids and their order; deliveries to the receiver, and what it answered.
 *
 * <h2>Does not own</h2>
 * what happens: triggers (V022) write an event in the transaction of each change, whoever makes it.
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A change and its event are committed together, or neither is.
 *   <li>An event has one id and one place, which never change; a reader of the feed misses none.
 *   <li>No event of an account is delivered before those that precede it, unless one was given up.
 *   <li>A receiver that fails, is slow or is hostile stops nothing but its own events.
 *   <li>The secret is in no log, answer or table.
 * </ul>
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package io.postpaid.events;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
