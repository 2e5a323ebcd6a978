/**
 * Where the raw records of a closed month lie, and how they are read, wherever they lie.
 *
 * <h2>Owns</h2>
 * the archive files under POSTPAID_HOME with their SHA-256, count and sums; the reading of raw records one by one.
 *
 * <h2>Does not own</h2>
 * usage keys, which stay for ever (usage); what the records cost (rating).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A partition is dropped in the transaction that names the file that holds all of it, and never before the file is
 *       on the disk.
 *   <li>The same records give the same bytes.
 *   <li>An archived record can be explained and taken back like any other.
 * </ul>
 */
@NamedInterface("archive")
@NullMarked
package io.postpaid.usage.archive;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
