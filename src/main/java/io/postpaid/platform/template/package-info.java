/**
 * Finds and reads what an operator may change without a build: the files below {@code templates/}.
 *
 * <h2>Owns</h2> where a template file comes from, the strict reading of YAML, the logic-less text templates, the seller.
 * <h2>Does not own</h2> what a template means: documents (document), mails (mail), pages of the report (report).
 * <h2>Always true</h2>
 * <ul><li>The operator's file wins over the built-in one, file by file, and no name leaves the two folders.
 *     <li>An unknown or a missing key stops the start, with the name of the file and of the key.
 *     <li>A template that names a variable the view has not fails; it never prints a hole.</ul>
 */
@NullMarked
package io.postpaid.platform.template;

import org.jspecify.annotations.NullMarked;
