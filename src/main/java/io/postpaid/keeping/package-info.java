/**
 * Keeps an installation: all of it as a backup, and what a restored one needs before it goes on.
 *
 * <h2>Owns</h2>
 * the format of backups; that an installation was restored, and what it may not do then.
 *
 * <h2>Does not own</h2>
 * the tables that it copies, and the payments that it finds at the provider (charging).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A backup is one moment of the database, and whole or refused: its list of contents is written last, with a hash of all.
 *   <li>A restore is done or leaves the database as it was.
 *   <li>What was restored numbers, charges and mails nothing until a person has matched it with the provider.
 * </ul>
 */
@ApplicationModule(
        allowedDependencies = {
            "billing::invoicing",
            "books::report",
            "mail",
            "payments::charging",
            "payments::reconciliation"
        })
@NullMarked
package io.postpaid.keeping;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
