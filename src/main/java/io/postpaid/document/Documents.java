package io.postpaid.document;

import io.postpaid.batch.Column;
import io.postpaid.batch.Crew;
import io.postpaid.batch.Run;
import io.postpaid.batch.Tally;
import io.postpaid.home.Home;
import io.postpaid.invoicing.CreditNote;
import io.postpaid.invoicing.CreditNotes;
import io.postpaid.invoicing.Invoice;
import io.postpaid.invoicing.Invoices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The invoices as PDF files under POSTPAID_HOME. */
@Component
public class Documents {
    private static final int BATCH = 50;

    private final PdfRenderer renderer;
    private final InvoicePrinting printing;
    private final Invoices invoices;
    private final CreditNotes notes;
    private final JdbcClient jdbc;
    private final Home home;

    private record Rendered(Invoice invoice, String sha256, int bytes) {}

    Documents(
            PdfRenderer renderer,
            InvoicePrinting printing,
            Invoices invoices,
            CreditNotes notes,
            JdbcClient jdbc,
            Home home) {
        this.renderer = renderer;
        this.printing = printing;
        this.invoices = invoices;
        this.notes = notes;
        this.jdbc = jdbc;
        this.home = home;
    }

    /**
     * The PDF of an issued invoice, rendered again if its file is gone.
     *
     * @throws IllegalStateException if rendering again does not give the bytes that were sent
     */
    public Path pdf(Invoice invoice) {
        var file = home.documents().resolve(invoice.pdfFile());
        if (!Files.isRegularFile(file)) render(List.of(invoice));
        return file;
    }

    /** Renders what is issued of the run's period and not rendered yet, on all processors. */
    void renderAll(Run run, Tally tally) {
        var todo = invoices.issued(run.period()).stream()
                .filter(invoice -> invoice.pdfSha256() == null)
                .toList();
        tally.read(todo.size());
        var batches = IntStream.iterate(0, from -> from < todo.size(), from -> from + BATCH)
                .mapToObj(from -> todo.subList(from, Math.min(from + BATCH, todo.size())));
        Crew.each(batches.iterator(), Runtime.getRuntime().availableProcessors(), batch -> {
            render(batch);
            tally.written(batch.size());
        });
    }

    /** The PDF of a credit note, rendered again if its file is gone. */
    public Path pdf(CreditNote note) {
        var file = home.documents().resolve(note.pdfFile());
        if (!Files.isRegularFile(file)) render(note);
        return file;
    }

    /** Renders the credit notes that are not rendered yet, before the mails that carry them are sent. */
    void renderCreditNotes(Run run, Tally tally) {
        var todo = jdbc.sql("""
                        select number from credit_note c
                         where not exists (select from credit_note_document d where d.credit_note = c.id)
                         order by id""").query(String.class).list();
        tally.read(todo.size());
        for (var number : todo) {
            render(notes.find(number).orElseThrow());
            tally.written(1);
        }
    }

    private void render(List<Invoice> batch) {
        var documents = printing.of(batch);
        var rendered = new ArrayList<Rendered>();
        for (int i = 0; i < batch.size(); i++) rendered.add(render(batch.get(i), documents.get(i)));
        // The files come first, so that a row never names a file that is not there. The rows are not waited for on the
        // disk: what a crash loses of them is made again, with the same bytes.
        jdbc.sql("""
                        with unhurried as (select set_config('synchronous_commit', 'off', true))
                        insert into invoice_document (invoice, file, sha256, bytes)
                        select d.*
                          from unhurried,
                               unnest(:invoice::bigint[], :file::text[], :sha256::text[], :bytes::integer[]) d
                            on conflict (invoice) do nothing""")
                .param(
                        "invoice",
                        Column.of(rendered, document -> document.invoice().id()))
                .param(
                        "file",
                        Column.of(rendered, document -> document.invoice().pdfFile()))
                .param("sha256", Column.of(rendered, Rendered::sha256))
                .param("bytes", Column.of(rendered, Rendered::bytes))
                .update();
    }

    private Rendered render(Invoice invoice, InvoiceDocument document) {
        var pdf = renderer.render(document);
        var sha256 = checked(
                "Invoice " + invoice.number(), invoice.pdfFile(), Optional.ofNullable(invoice.pdfSha256()), pdf);
        return new Rendered(invoice, sha256, pdf.length);
    }

    private void render(CreditNote note) {
        var pdf = renderer.render(printing.of(note, invoices.get(note.invoice())));
        var known =
                jdbc.sql("""
                        select d.sha256 from credit_note_document d join credit_note c on c.id = d.credit_note
                         where c.number = :number""").param("number", note.number()).query(String.class).optional();
        var sha256 = checked("Credit note " + note.number(), note.pdfFile(), known, pdf);
        jdbc.sql("""
                        insert into credit_note_document (credit_note, file, sha256, bytes)
                        select id, :file, :sha256, :bytes from credit_note where number = :number
                            on conflict (credit_note) do nothing""")
                .param("number", note.number())
                .param("file", note.pdfFile())
                .param("sha256", sha256)
                .param("bytes", pdf.length)
                .update();
    }

    /** Writes the file; it comes before its row, so that a row never names a file that is not there. */
    private String checked(String what, String file, Optional<String> known, byte[] pdf) {
        var sha256 = sha256(pdf);
        if (known.isPresent() && !known.get().equals(sha256)) {
            throw new IllegalStateException(what
                    + " would not be rendered as it was sent: the seller or the templates have changed since."
                    + " Put the original file back at " + home.documents().resolve(file));
        }
        write(home.documents().resolve(file), pdf);
        return sha256;
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.createDirectories(file.getParent());
            var temporary = file.resolveSibling("." + file.getFileName());
            Files.write(temporary, bytes);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new IllegalStateException("Cannot write " + file + ": " + e, e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
