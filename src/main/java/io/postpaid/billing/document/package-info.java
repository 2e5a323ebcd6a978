/**
 * Draws invoices and credit notes as PDF files.
 *
 * <h2>Owns</h2> the layout, the fonts, the printed words, the structure for screen readers, the bytes.
 * <h2>Does not own</h2> any amount, date or number: they come from the invoice (invoicing).
 * <h2>Always true</h2>
 * <ul><li>The same document and the same templates give the same bytes, in any thread and in any process.
 *     <li>A character that no font can print stops the document; it is never left out.
 *     <li>Totals stand in one piece, and never alone on a page.</ul>
 */
@NamedInterface("document")
@NullMarked
package io.postpaid.billing.document;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
