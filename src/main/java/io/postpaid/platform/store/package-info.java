/**
 * Where the documents lie: a folder, or a bucket that speaks S3.
 *
 * <h2>Owns</h2>
 * reading and writing documents by their names; how buckets are reached, for these and for usage.
 *
 * <h2>Does not own</h2>
 * what a document says, and whether it is the one that was issued (document, mail, verify).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A document is there whole or not at all, whoever else writes it at the same time.
 *   <li>Without a bucket in the settings nothing of its client is loaded.
 * </ul>
 */
@NullMarked
package io.postpaid.platform.store;

import org.jspecify.annotations.NullMarked;
