/**
 * Brings the objects of S3-compatible buckets that were not taken yet.
 *
 * <h2>Owns</h2>
 * which buckets are looked into; listing and fetching; which objects were taken.
 *
 * <h2>Does not own</h2>
 * what an object says (intake, mapping).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>An object that was taken is not fetched again, unless it has changed.
 *   <li>What is fetched is one version of the object, whole, or nothing.
 *   <li>No key becomes a path of ours.
 *   <li>Nothing is deleted in a bucket that was not taken, and nothing at all unless it is asked for.
 * </ul>
 */
@NamedInterface("bucket")
@NullMarked
package io.postpaid.usage.bucket;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
