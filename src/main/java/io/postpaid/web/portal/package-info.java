/**
 * The pages for customers: usage and billing.
 *
 * <h2>Owns</h2>
 * links that sign a customer in, sessions, what a page shows and how it is drawn.
 *
 * <h2>Does not own</h2>
 * any figure (the features compute them), keys of the HTTP API (key).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A page shows the account that is signed in, and no other: every query is bound to it.
 *   <li>A link signs in once, and only by a button: what opens links in mails uses none up.
 *   <li>Nothing changes by a GET.
 *   <li>Every value is escaped for where it lands, and no script or style stands in a page.
 * </ul>
 */
@NamedInterface("portal")
@NullMarked
package io.postpaid.web.portal;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
