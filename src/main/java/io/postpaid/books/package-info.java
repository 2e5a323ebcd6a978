/**
 * Proofs and figures: verify, the finance report, and explain.
 *
 * <h2>Owns</h2>
 * the checks, what they found, and the views that finance reads.
 *
 * <h2>Does not own</h2>
 * any other table: it reads, and never mends what it finds.
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>All figures of one answer are of one moment.
 * </ul>
 */
@ApplicationModule(
        allowedDependencies = {
            "account",
            "billing::invoicing",
            "credit",
            "payments::bank",
            "payments::reconciliation",
            "pricing::pricebook",
            "pricing::rating",
            "pricing::tax",
            "usage::aggregate",
            "usage::archive"
        })
@NullMarked
package io.postpaid.books;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
