/**
 * What a line states: a usage record, a correction, or nothing that can be read.
 *
 * <h2>Owns</h2>
 * the fields of a record and what each may be; its key and the hash of its content; whose source is whose.
 *
 * <h2>Does not own</h2>
 * how a line is written (format, mapping), whether it may be billed (admission).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>Equal usage is equal, however it was written down.
 *   <li>A number is bounded before anything is computed with it.
 *   <li>What an account says with its own key is in a namespace of its own.
 * </ul>
 */
@NamedInterface("record")
@NullMarked
package io.postpaid.usage.record;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
