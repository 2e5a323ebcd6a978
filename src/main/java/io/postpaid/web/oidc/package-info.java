/**
 * Sign-in of operators at their company's provider of OpenID Connect.
 *
 * <h2>Owns</h2>
 * the settings of the provider, which values of a claim give which roles, who a person is, how long a sign-in lasts.
 *
 * <h2>Does not own</h2>
 * what a role may do, and the pages (console).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A person is known by issuer and subject, and keeps one name whatever else the provider changes.
 *   <li>No token is kept: a session has a name, roles and an end.
 *   <li>Without settings, or without the provider, all else works.
 * </ul>
 */
@NullMarked
package io.postpaid.web.oidc;

import org.jspecify.annotations.NullMarked;
