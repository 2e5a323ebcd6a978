/**
 * The pages for operators: what runs, what waits for a person, and all that a person may do.
 *
 * <h2>Owns</h2>
 * sign-in of operators, what each role may do on pages, what a page shows.
 *
 * <h2>Does not own</h2>
 * any rule or figure: each action is the call that the command line makes.
 *
 * <h2>Always true</h2>
 *
 * <ul>
 *   <li>A viewer sees all and changes nothing; nothing changes by a GET.
 *   <li>A key that is revoked opens no page, whatever session it began.
 *   <li>Lists are read page by page, however long they are.
 * </ul>
 */
@NullMarked
package io.postpaid.web.console;

import org.jspecify.annotations.NullMarked;
