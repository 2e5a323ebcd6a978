package io.postpaid.document;

import io.postpaid.batch.Column;
import io.postpaid.batch.Crew;
import io.postpaid.batch.Run;
import io.postpaid.batch.Tally;
import io.postpaid.home.Home;
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
    private final JdbcClient jdbc;
    private final Home home;

    private record Rendered(Invoice invoice, String sha256, int bytes) {}

    Documents(PdfRenderer renderer, InvoicePrinting printing, Invoices invoices, JdbcClient jdbc, Home home) {
        this.renderer = renderer;
        this.printing = printing;
        this.invoices = invoices;
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
                .param("invoice", Column.of(rendered, document -> document.invoice().id()))
                .param("file", Column.of(rendered, document -> document.invoice().pdfFile()))
                .param("sha256", Column.of(rendered, Rendered::sha256))
                .param("bytes", Column.of(rendered, Rendered::bytes))
                .update();
    }

    private Rendered render(Invoice invoice, InvoiceDocument document) {
        var pdf = renderer.render(document);
        var sha256 = sha256(pdf);
        if (invoice.pdfSha256() != null && !invoice.pdfSha256().equals(sha256)) {
            throw new IllegalStateException("Invoice " + invoice.number()
                    + " would not be rendered as it was sent: the seller or the templates have changed since."
                    + " Put the original file back at " + home.documents().resolve(invoice.pdfFile()));
        }
        write(home.documents().resolve(invoice.pdfFile()), pdf);
        return new Rendered(invoice, sha256, pdf.length);
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
