package io.postpaid.billing.document;

import io.postpaid.billing.einvoice.EInvoice;
import io.postpaid.billing.einvoice.Format;
import io.postpaid.billing.invoicing.CreditNote;
import io.postpaid.billing.invoicing.CreditNotes;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The e-invoices of what is issued: the one that its PDF carries, and the same in other spellings. */
@Component
public class ElectronicDocuments {
    private final Documents documents;
    private final InvoicePrinting printing;
    private final Invoices invoices;
    private final CreditNotes notes;

    ElectronicDocuments(Documents documents, InvoicePrinting printing, Invoices invoices, CreditNotes notes) {
        this.documents = documents;
        this.printing = printing;
        this.invoices = invoices;
        this.notes = notes;
    }

    /**
     * @throws IllegalArgumentException if the format asks for something that is not known
     * @throws IllegalStateException if it would say something else than what was sent
     */
    public byte[] xml(Invoice invoice, Format format) {
        return xml(
                documents.pdf(invoice), printing.of(List.of(invoice)).getFirst().electronic(), format);
    }

    /** A credit note of an account's own invoice. */
    public Optional<CreditNote> creditNote(String account, String number) {
        return notes.find(number)
                .filter(note -> invoices.get(note.invoice()).account().equals(account));
    }

    public byte[] xml(CreditNote note, Format format) {
        var invoice = invoices.get(note.invoice());
        return xml(
                documents.pdf(note),
                printing.of(note, notes.taxes(note), invoice).electronic(),
                format);
    }

    static byte[] xml(Pdf pdf, EInvoice now, Format format) {
        var written = format.write(now);
        var sent = sent(pdf);
        if (format == Format.CII) return sent;
        if (!Arrays.equals(sent, Format.CII.write(now))) {
            throw new IllegalStateException("E-invoice " + now.number()
                    + " would say something else than the one in " + pdf.place()
                    + ": the seller or the templates have changed since. Put them back, or send --format cii");
        }
        return written;
    }

    private static byte[] sent(Pdf pdf) {
        try {
            return Embedding.read(pdf.bytes())
                    .orElseThrow(
                            () -> new IllegalStateException(
                                    pdf.place()
                                            + " carries no e-invoice: when it was made, the customer's country or the seller's tax id was not known"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
