/**
 * Files that a user hands over: how they are opened, and how it is told that one cannot be used.
 *
 * <h2>Owns</h2>
 * the wording for a file that is missing, unreadable or not text; the list of what is wrong inside one.
 *
 * <h2>Does not own</h2>
 * what a file must contain (the features).
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A refused file has changed nothing.
 *   <li>All of its problems are told at once, each with its place.
 * </ul>
 */
@NullMarked
package io.postpaid.platform.file;

import org.jspecify.annotations.NullMarked;
