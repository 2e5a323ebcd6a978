/**
 * Measures this machine: the product's stages beside the bare work that they are compared with.
 *
 * <h2>Owns</h2>
 * the seeded month, the stages, the goals, and the database that it makes for itself and drops.
 *
 * <h2>Does not own</h2>
 * what it measures: each stage goes through the product's own steps and public APIs.
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>Nothing of the real database or home is read or changed.
 *   <li>A figure and what it is compared with are measured in the same run, on the same server.
 *   <li>The same seed is the same month.
 * </ul>
 */
@ApplicationModule(
        allowedDependencies = {
            "account",
            "billing::document",
            "billing::einvoice",
            "books::rehearse",
            "pricing::pricebook",
            "usage::intake",
            "usage::mapping",
            "web::key"
        })
@NullMarked
package io.postpaid.bench;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
