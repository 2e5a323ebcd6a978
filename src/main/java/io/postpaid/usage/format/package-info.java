/**
 * Cuts bytes into lines or rows, and reads a line of JSON or CSV.
 *
 * <h2>Owns</h2>
 * packing, encoding, line ends and quotes; the rows of Parquet; ids of lines that have none; the product's own JSON and CloudEvents.
 *
 * <h2>Does not own</h2>
 * what a record must have (record), the fields of foreign logs (mapping).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>Memory holds a batch of lines, however long the file is.
 *   <li>Every line that is not blank is given out once, with its number.
 *   <li>A line is read by itself, and so can be read again later.
 * </ul>
 */
@NamedInterface("format")
@NullMarked
package io.postpaid.usage.format;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
