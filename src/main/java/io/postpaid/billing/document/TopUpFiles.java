package io.postpaid.billing.document;

import io.postpaid.billing.einvoice.Format;
import io.postpaid.billing.receipt.TopUpDocument;
import io.postpaid.billing.receipt.TopUpDocuments;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.HeldItems;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Todo;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The invoices of top-ups and their credit notes as PDF files. */
@Component
public class TopUpFiles {
    private final PdfFiles files;
    private final TopUpPrinting printing;
    private final TopUpDocuments documents;
    private final JdbcClient jdbc;
    private final HeldItems held;

    TopUpFiles(PdfFiles files, TopUpPrinting printing, TopUpDocuments documents, JdbcClient jdbc, HeldItems held) {
        this.files = files;
        this.printing = printing;
        this.documents = documents;
        this.jdbc = jdbc;
        this.held = held;
    }

    private record Kept(String sha256, List<String> fonts) {}

    /**
     * The PDF of a document, rendered again if its file is gone or damaged.
     *
     * @throws IllegalStateException if it cannot be rendered, or not with the bytes that were sent
     */
    public Pdf pdf(TopUpDocument document) {
        var sha256 = kept(document).map(Kept::sha256).orElse(null);
        return files.whole(document.pdfFile(), sha256).orElseGet(() -> {
            render(document);
            held.resolve(DocumentSteps.RENDER_TOP_UP_DOCUMENTS, item(document.number(), document.account()));
            return files.whole(document.pdfFile(), null).orElseThrow();
        });
    }

    /**
     * The e-invoice of a document.
     *
     * @throws IllegalArgumentException if the format asks for something that is not known
     * @throws IllegalStateException if it would say something else than what was sent
     */
    public byte[] xml(TopUpDocument document, Format format) {
        return ElectronicDocuments.xml(pdf(document), printing.of(document).electronic(), format);
    }

    record Missing(long id, String number, String account) {}

    /** Those that are not rendered yet, before the mails that carry them are sent. */
    Items<Missing> unrendered(Run run) {
        var missing = Todo.of(Missing.class, """
                        select d.id, d.number, d.account
                          from top_up_document d
                         where not exists (select from top_up_document_file f where f.document = d.id)""");
        return Items.each(missing, one -> item(one.number(), one.account()), one -> {
            render(documents.find(one.number()).orElseThrow());
            return Done.WRITTEN;
        });
    }

    private static Item item(String number, String account) {
        return Item.of("document", number, account);
    }

    private void render(TopUpDocument document) {
        var kept = kept(document);
        var wanted = new PdfFiles.Wanted(
                "document " + document.number(),
                document.pdfFile(),
                kept.map(Kept::sha256).orElse(null),
                kept.map(one -> Set.copyOf(one.fonts())).orElse(null));
        var made = files.make(wanted, printing.of(document));
        jdbc.sql("""
                        insert into top_up_document_file (document, file, sha256, bytes, fonts)
                        values (:document, :file, :sha256, :bytes, :fonts)
                            on conflict (document) do nothing""")
                .param("document", document.id())
                .param("file", document.pdfFile())
                .param("sha256", made.sha256())
                .param("bytes", made.bytes())
                .param("fonts", made.fonts().toArray(String[]::new))
                .update();
    }

    private Optional<Kept> kept(TopUpDocument document) {
        return jdbc.sql("select sha256, fonts from top_up_document_file where document = :document")
                .param("document", document.id())
                .query((row, i) -> new Kept(row.getString("sha256"), List.of((String[])
                        row.getArray("fonts").getArray())))
                .optional();
    }
}
