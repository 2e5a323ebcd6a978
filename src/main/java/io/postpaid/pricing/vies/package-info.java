/**
 * Whether tax ids are registered, as VIES, the service of the European Union, confirms it.
 *
 * <h2>Owns</h2>
 * how VIES is asked, and each answer that it gave: {@code vies_answer}, which is history.
 *
 * <h2>Does not own</h2>
 * the form of tax ids (account), whose tax depends on them and how (tax).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>VIES is never asked within a transaction, and a service that is silent stops nothing.
 *   <li>A yes holds for 90 days while VIES is silent; a no holds until VIES is asked again.
 * </ul>
 */
@NullMarked
package io.postpaid.pricing.vies;

import org.jspecify.annotations.NullMarked;
