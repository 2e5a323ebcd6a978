/**
 * What an account owes for a month, as numbers and as paper.
 *
 * <h2>Owns</h2>
 * invoices and credit notes, as paper and as files for programs.
 *
 * <h2>Does not own</h2>
 * what usage costs (pricing), how it is paid (payments).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>An issued invoice never changes.
 *   <li>A document shows what stands in the books.
 * </ul>
 */
@ApplicationModule(
        allowedDependencies = {
            "account",
            "credit",
            "mail",
            "pricing::calculation",
            "pricing::exchange",
            "pricing::pricebook",
            "pricing::tax"
        })
@NullMarked
package io.postpaid.billing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
