package io.postpaid.billing.document;

import io.postpaid.billing.invoicing.CreditNote;
import io.postpaid.billing.invoicing.CreditNotes;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.billing.invoicing.Paperwork;
import io.postpaid.platform.batch.Column;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.Failure;
import io.postpaid.platform.batch.HeldItems;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Todo;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The invoices as PDF files. */
@Component
public class Documents implements Paperwork {
    private static final int BATCH = 50;

    private final PdfFiles files;
    private final InvoicePrinting printing;
    private final Invoices invoices;
    private final CreditNotes notes;
    private final JdbcClient jdbc;
    private final HeldItems held;

    private record Printed(Invoice invoice, PdfFiles.Made made) {}

    Documents(
            PdfRenderer renderer,
            PdfFiles files,
            InvoicePrinting printing,
            Invoices invoices,
            CreditNotes notes,
            JdbcClient jdbc,
            HeldItems held) {
        this.files = files;
        this.printing = printing;
        this.invoices = invoices;
        this.notes = notes;
        this.jdbc = jdbc;
        this.held = held;
        renderer.letters("", "").check("templates/invoice/phrases", printing.words());
    }

    /**
     * The PDF of an issued invoice, rendered again if its file is gone or damaged.
     *
     * @throws IllegalStateException if it cannot be rendered, or not with the bytes that were sent
     */
    public Pdf pdf(Invoice invoice) {
        return files.whole(invoice.pdfFile(), invoice.pdfSha256()).orElseGet(() -> {
            render(List.of(invoice));
            held.resolve(DocumentSteps.RENDER_DOCUMENTS, item(invoice));
            return files.whole(invoice.pdfFile(), null).orElseThrow();
        });
    }

    /**
     * What is issued of the run's period and not rendered yet, rendered on all processors; by night what was held, and what
     * was issued late.
     */
    Items<Issued> unrendered(Run run) {
        return Items.some(BATCH, run.monthly() ? issued(run) : late(), Documents::item, some -> {
                    render(invoices.all(some.stream().map(Issued::id).toList()));
                    return Done.of(some.size(), some.size(), 0);
                })
                .only(run.monthly() ? this::isMissing : kept -> !isWhole(kept))
                .atOnce(Runtime.getRuntime().availableProcessors());
    }

    @Override
    public void prepare(List<Long> ids) {
        var missing = invoices.all(ids).stream()
                .filter(invoice -> invoice.pdfSha256() == null)
                .toList();
        if (!missing.isEmpty() && !rendered(missing)) missing.forEach(one -> rendered(List.of(one)));
    }

    private boolean rendered(List<Invoice> some) {
        try {
            render(some);
            return true;
        } catch (RuntimeException e) {
            if (Failure.ofEverything(e)) throw e;
            return false;
        }
    }

    /** An invoice and what is known of its document; nulls where it was never rendered. */
    record Issued(
            long id,
            String number,
            String account,
            LocalDate period,
            @Nullable String file,
            @Nullable String sha256,
            @Nullable Integer bytes) {}

    private static Todo<Issued> issued(Run run) {
        return Todo.of(Issued.class, """
                        select i.id, i.number, i.account, i.period, d.file, d.sha256, d.bytes
                          from invoice i
                          left join invoice_document d on d.invoice = i.id
                         where i.period = :period and i.status <> 'DRAFT'""").with("period", run.period().firstDay());
    }

    /** What a night has issued and is not rendered, and what rendering holds. */
    private static Todo<Issued> late() {
        return Todo.of(Issued.class, """
                        select i.id, i.number, i.account, i.period, d.file, d.sha256, d.bytes
                          from invoice i
                          left join invoice_document d on d.invoice = i.id
                         where i.id in (select l.id
                                          from invoice_by_night l
                                          left join invoice_document m on m.invoice = l.id
                                         where m.invoice is null
                                        union
                                        select n.id
                                          from held h
                                          join invoice n on h.item = 'invoice ' || n.number
                                         where h.step = 'render-documents' and h.resolved_at is null)""");
    }

    /** A file that did not reach the disk before the machine went down, or was removed, is made again, too. */
    private boolean isMissing(Issued kept) {
        return kept.file() == null || kept.bytes() == null || files.isMissing(kept.file(), kept.bytes());
    }

    private boolean isWhole(Issued kept) {
        return kept.file() != null && files.isWhole(kept.file(), kept.sha256());
    }

    /** The PDF of a credit note, rendered again if its file is gone or damaged. */
    public Pdf pdf(CreditNote note) {
        return files.whole(note.pdfFile(), sha256(note)).orElseGet(() -> {
            render(note);
            held.resolve(DocumentSteps.RENDER_CREDIT_NOTES, item(note));
            return files.whole(note.pdfFile(), null).orElseThrow();
        });
    }

    /** The credit notes that are not rendered yet, before the mails that carry them are sent. */
    Items<Note> unrenderedNotes(Run run) {
        var notes = Todo.of(Note.class, """
                        select c.id, c.number, i.account, i.period
                          from credit_note c
                          join invoice i on i.id = c.invoice
                         where not exists (select from credit_note_document d where d.credit_note = c.id)""");
        return Items.each(
                notes,
                note -> Item.of("credit note", note.number(), note.account()).in(note.period()),
                note -> {
                    render(this.notes.find(note.number()).orElseThrow());
                    return Done.WRITTEN;
                });
    }

    record Note(long id, String number, String account, LocalDate period) {}

    private static Item item(Issued kept) {
        return Item.of("invoice", kept.number(), kept.account()).in(kept.period());
    }

    private static Item item(Invoice invoice) {
        return Item.of("invoice", invoice.issuedNumber(), invoice.account())
                .in(invoice.period().firstDay());
    }

    private Item item(CreditNote note) {
        var invoice = invoices.get(note.invoice());
        return Item.of("credit note", note.number(), invoice.account())
                .in(invoice.period().firstDay());
    }

    private void render(List<Invoice> batch) {
        var wanted = batch.stream()
                .map(invoice -> new PdfFiles.Wanted(
                        "invoice " + invoice.number(), invoice.pdfFile(), invoice.pdfSha256(), fontsOf(invoice)))
                .toList();
        var made = files.make(wanted, printing.of(batch));
        keep(IntStream.range(0, batch.size())
                .mapToObj(i -> new Printed(batch.get(i), made.get(i)))
                .toList());
    }

    /** The fonts that it was printed with; null if it was not printed yet. */
    private @Nullable Set<String> fontsOf(Invoice invoice) {
        if (invoice.pdfSha256() == null) return null;
        return jdbc.sql("select unnest(fonts) from invoice_document where invoice = :id")
                .param("id", invoice.id())
                .query(String.class)
                .set();
    }

    private void keep(List<Printed> printed) {
        // The files come first, so that a row never names a file that was not written. Neither is waited for on the
        // disk: what a crash loses of them is made again, with the same bytes.
        jdbc.sql("""
                        with unhurried as (select set_config('synchronous_commit', 'off', true))
                        insert into invoice_document (invoice, file, sha256, bytes, fonts)
                        select d.invoice, d.file, d.sha256, d.bytes, string_to_array(d.fonts, E'\\n')
                          from unhurried,
                               unnest(:invoice::bigint[], :file::text[], :sha256::text[], :bytes::integer[], :fonts::text[])
                                   d (invoice, file, sha256, bytes, fonts)
                            on conflict (invoice) do nothing""")
                .param("invoice", Column.of(printed, one -> one.invoice().id()))
                .param("file", Column.of(printed, one -> one.invoice().pdfFile()))
                .param("sha256", Column.of(printed, one -> one.made().sha256()))
                .param("bytes", Column.of(printed, one -> one.made().bytes()))
                .param(
                        "fonts",
                        Column.of(printed, one -> String.join("\n", one.made().fonts())))
                .update();
    }

    private void render(CreditNote note) {
        var fonts =
                jdbc.sql("""
                        select unnest(d.fonts)
                          from credit_note_document d
                          join credit_note c on c.id = d.credit_note
                         where c.number = :number""").param("number", note.number()).query(String.class).set();
        var known = sha256(note);
        var wanted = new PdfFiles.Wanted(
                "credit note " + note.number(), note.pdfFile(), known, known == null ? null : fonts);
        var made = files.make(wanted, printing.of(note, notes.taxes(note), invoices.get(note.invoice())));
        jdbc.sql("""
                        insert into credit_note_document (credit_note, file, sha256, bytes, fonts)
                        select id, :file, :sha256, :bytes, :fonts from credit_note where number = :number
                            on conflict (credit_note) do nothing""")
                .param("number", note.number())
                .param("file", note.pdfFile())
                .param("sha256", made.sha256())
                .param("bytes", made.bytes())
                .param("fonts", made.fonts().toArray(String[]::new))
                .update();
    }

    private @Nullable String sha256(CreditNote note) {
        return jdbc.sql("""
                        select d.sha256 from credit_note_document d join credit_note c on c.id = d.credit_note
                         where c.number = :number""")
                .param("number", note.number())
                .query(String.class)
                .optional()
                .orElse(null);
    }
}
