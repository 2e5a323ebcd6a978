/**
 * What is kept of a person: told on request, and erased where no law keeps it.
 *
 * <h2>Owns</h2>
 * the export of an account; what must be settled before one is erased; the order of an erasure, and that it ends.
 *
 * <h2>Does not own</h2>
 * the tables: each wing erases its own (platform.erasure), and the books stay as they are.
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>All of a person in the database is erased in one transaction, or nothing is.
 *   <li>The customer at Stripe is deleted behind that commit, as often as it takes.
 *   <li>An erased account is never filled again, and may not call.
 *   <li>An export holds no secret, and nothing of another account.
 * </ul>
 */
@ApplicationModule(
        allowedDependencies = {
            "account",
            "billing::document",
            "billing::invoicing",
            "billing::receipt",
            "payments::charging",
            "usage::archive"
        })
@NullMarked
package io.postpaid.privacy;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
