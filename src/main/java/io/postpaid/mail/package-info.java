/**
 * Writes the words of every e-mail that a customer gets.
 *
 * <h2>Owns</h2> the mail templates and their rendering.
 * <h2>Does not own</h2> why a mail is sent: whoever causes it gives the facts, as strings.
 * <h2>Always true</h2>
 * <ul><li>A subject is one line, whatever a customer calls himself.
 *     <li>What comes from a customer is text in the HTML part, never markup.
 *     <li>A mail whose facts are incomplete is not written.</ul>
 */
@ApplicationModule(allowedDependencies = {"template"})
@NullMarked
package io.postpaid.mail;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
