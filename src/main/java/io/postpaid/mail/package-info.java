/**
 * Tells customers: writes the words of every e-mail, keeps what is to be sent, and sends it once.
 *
 * <h2>Owns</h2>
 * the mail templates and their rendering; the outbox; what the mail server said.
 *
 * <h2>Does not own</h2>
 * why a mail is sent: whoever causes it gives the facts, as strings, in the transaction that causes it.
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A subject is one line, whatever a customer calls himself.
 *   <li>What comes from a customer is text in the HTML part, never markup.
 *   <li>A mail whose facts are incomplete is not written.
 *   <li>A notice is queued once for a kind, key and recipient.
 *   <li>A mail that may have been taken by the server is never sent again by itself.
 *   <li>The same notice is the same bytes, with the same Message-ID.
 * </ul>
 */
@ApplicationModule(allowedDependencies = {})
@NullMarked
package io.postpaid.mail;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
