/**
 * The keys that callers of the HTTP API show.
 *
 * <h2>Owns</h2>
 * keys: made, shown once, recognised, revoked, and how fast one may call.
 *
 * <h2>Does not own</h2>
 * what a caller may do (web), accounts (account).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A secret is shown once and stored nowhere: only its SHA-256 is.
 *   <li>A key belongs to one account, or is an operator's, and its roles are those of the one or of the other.
 *   <li>A revoked key opens nothing, and is never made valid again.
 * </ul>
 */
@NamedInterface("key")
@NullMarked
package io.postpaid.web.key;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
