/**
 * Invoices and credit notes as programs read them: the European standard EN 16931 in its two spellings, CII and UBL.
 *
 * <h2>Owns</h2> the terms of the standard, how the books are said in them, the XML.
 * <h2>Does not own</h2> any amount, date or number (invoicing); the PDF that carries the XML (document).
 * <h2>Always true</h2>
 * <ul><li>The same invoice, seller and words give the same bytes.
 *     <li>Amounts are those of the paper; nothing is computed again but sums.</ul>
 */
@NamedInterface("einvoice")
@NullMarked
package io.postpaid.billing.einvoice;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
