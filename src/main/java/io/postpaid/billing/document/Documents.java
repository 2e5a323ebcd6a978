package io.postpaid.billing.document;

import io.postpaid.billing.invoicing.CreditNote;
import io.postpaid.billing.invoicing.CreditNotes;
import io.postpaid.billing.invoicing.Invoice;
import io.postpaid.billing.invoicing.Invoices;
import io.postpaid.platform.batch.Column;
import io.postpaid.platform.batch.Done;
import io.postpaid.platform.batch.HeldException;
import io.postpaid.platform.batch.HeldItems;
import io.postpaid.platform.batch.Item;
import io.postpaid.platform.batch.Items;
import io.postpaid.platform.batch.Run;
import io.postpaid.platform.batch.Todo;
import io.postpaid.platform.file.Sha256;
import io.postpaid.platform.home.Home;
import io.postpaid.platform.home.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
    private final HeldItems held;
    private final Home home;

    private record Rendered(Invoice invoice, String sha256, int bytes, List<String> fonts) {}

    Documents(
            PdfRenderer renderer,
            InvoicePrinting printing,
            Invoices invoices,
            CreditNotes notes,
            JdbcClient jdbc,
            HeldItems held,
            Home home) {
        this.renderer = renderer;
        this.printing = printing;
        this.invoices = invoices;
        this.notes = notes;
        this.jdbc = jdbc;
        this.held = held;
        this.home = home;
        renderer.letters("", "").check("templates/invoice/phrases", printing.words());
    }

    /**
     * The PDF of an issued invoice, rendered again if its file is gone or damaged.
     *
     * @throws IllegalStateException if it cannot be rendered, or not with the bytes that were sent
     */
    public Path pdf(Invoice invoice) {
        var file = home.documents().resolve(invoice.pdfFile());
        if (!isWhole(file, Optional.ofNullable(invoice.pdfSha256()))) {
            var kept = fontsOf(invoice);
            keep(List.of(render(invoice, printing.of(List.of(invoice)).getFirst(), kept)));
            held.resolve(DocumentSteps.RENDER_DOCUMENTS, item(invoice));
        }
        return file;
    }

    private static boolean isWhole(Path file, Optional<String> sha256) {
        try {
            return Files.isRegularFile(file)
                    && sha256.map(known -> known.equals(Sha256.of(read(file)))).orElse(true);
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What is issued of the run's period and not rendered yet, rendered on all processors; by night what was held, and what
     * was issued late.
     */
    Items<Kept> unrendered(Run run) {
        return Items.some(BATCH, run.monthly() ? issued(run) : late(), Documents::item, some -> {
                    render(invoices.all(some.stream().map(Kept::id).toList()));
                    return Done.of(some.size(), some.size(), 0);
                })
                .only(run.monthly() ? this::isMissing : kept -> !isWhole(kept))
                .atOnce(Runtime.getRuntime().availableProcessors());
    }

    /** An invoice and what is known of its document; nulls where it was never rendered. */
    record Kept(
            long id,
            String number,
            String account,
            LocalDate period,
            @Nullable String file,
            @Nullable String sha256,
            @Nullable Integer bytes) {}

    private static Todo<Kept> issued(Run run) {
        return Todo.of(Kept.class, """
                        select i.id, i.number, i.account, i.period, d.file, d.sha256, d.bytes
                          from invoice i
                          left join invoice_document d on d.invoice = i.id
                         where i.period = :period and i.status <> 'DRAFT'""").with("period", run.period().firstDay());
    }

    /** What a night has issued and is not rendered, and what rendering holds. */
    private static Todo<Kept> late() {
        return Todo.of(Kept.class, """
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
    private boolean isMissing(Kept kept) {
        return kept.file() == null
                || kept.bytes() == null
                || home.documents().resolve(kept.file()).toFile().length() != kept.bytes();
    }

    private boolean isWhole(Kept kept) {
        return kept.file() != null
                && isWhole(home.documents().resolve(kept.file()), Optional.ofNullable(kept.sha256()));
    }

    /** The PDF of a credit note, rendered again if its file is gone or damaged. */
    public Path pdf(CreditNote note) {
        var file = home.documents().resolve(note.pdfFile());
        if (!isWhole(file, sha256(note))) {
            render(note);
            held.resolve(DocumentSteps.RENDER_CREDIT_NOTES, item(note));
        }
        return file;
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

    private static Item item(Kept kept) {
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
        var documents = printing.of(batch);
        var rendered = new ArrayList<Rendered>();
        for (int i = 0; i < batch.size(); i++) {
            rendered.add(render(batch.get(i), documents.get(i), fontsOf(batch.get(i))));
        }
        keep(rendered);
    }

    /** The fonts that it was printed with; null if it was not printed yet. */
    private @Nullable Set<String> fontsOf(Invoice invoice) {
        if (invoice.pdfSha256() == null) return null;
        return fonts("select unnest(fonts) from invoice_document where invoice = :id", invoice.id());
    }

    private Set<String> fonts(String select, long id) {
        return jdbc.sql(select).param("id", id).query(String.class).set();
    }

    private void keep(List<Rendered> rendered) {
        // The files come first, so that a row never names a file that was not written. Neither is waited for on the
        // disk:
        // what a crash loses of them is made again, with the same bytes.
        jdbc.sql("""
                        with unhurried as (select set_config('synchronous_commit', 'off', true))
                        insert into invoice_document (invoice, file, sha256, bytes, fonts)
                        select d.invoice, d.file, d.sha256, d.bytes, string_to_array(d.fonts, E'\n')
                          from unhurried,
                               unnest(:invoice::bigint[], :file::text[], :sha256::text[], :bytes::integer[], :fonts::text[])
                                   d (invoice, file, sha256, bytes, fonts)
                            on conflict (invoice) do nothing""")
                .param(
                        "invoice",
                        Column.of(rendered, document -> document.invoice().id()))
                .param(
                        "file",
                        Column.of(rendered, document -> document.invoice().pdfFile()))
                .param("sha256", Column.of(rendered, Rendered::sha256))
                .param("bytes", Column.of(rendered, Rendered::bytes))
                .param("fonts", Column.of(rendered, document -> String.join("\n", document.fonts())))
                .update();
    }

    private Rendered render(Invoice invoice, InvoiceDocument document, @Nullable Set<String> kept) {
        var what = "invoice " + invoice.number();
        var made = render(what, document, kept);
        var sha256 = checked(what, invoice.pdfFile(), Optional.ofNullable(invoice.pdfSha256()), made.pdf());
        return new Rendered(invoice, sha256, made.pdf().length, made.fonts());
    }

    private void render(CreditNote note) {
        var what = "credit note " + note.number();
        var known = sha256(note);
        var kept = known.isEmpty()
                ? null
                : fonts(
                        "select unnest(fonts) from credit_note_document where credit_note = :id",
                        jdbc.sql("select id from credit_note where number = :number")
                                .param("number", note.number())
                                .query(Long.class)
                                .single());
        var made = render(what, printing.of(note, invoices.get(note.invoice())), kept);
        var sha256 = checked(what, note.pdfFile(), known, made.pdf());
        jdbc.sql("""
                        insert into credit_note_document (credit_note, file, sha256, bytes, fonts)
                        select id, :file, :sha256, :bytes, :fonts from credit_note where number = :number
                            on conflict (credit_note) do nothing""")
                .param("number", note.number())
                .param("file", note.pdfFile())
                .param("sha256", sha256)
                .param("bytes", made.pdf().length)
                .param("fonts", made.fonts().toArray(String[]::new))
                .update();
    }

    private Optional<String> sha256(CreditNote note) {
        return jdbc.sql("""
                        select d.sha256 from credit_note_document d join credit_note c on c.id = d.credit_note
                         where c.number = :number""").param("number", note.number()).query(String.class).optional();
    }

    private PdfRenderer.Rendered render(String what, InvoiceDocument document, @Nullable Set<String> kept) {
        try {
            return renderer.render(document, kept);
        } catch (RuntimeException e) {
            throw new NotRendered(what, e);
        }
    }

    /** One document cannot be made; others can. */
    private static final class NotRendered extends HeldException {
        NotRendered(String what, Throwable why) {
            super(
                    "NOT_RENDERED",
                    what + " cannot be rendered: " + Objects.requireNonNullElse(why.getMessage(), why.toString()),
                    why);
        }

        NotRendered(String message) {
            super("NOT_RENDERED", message, null);
        }
    }

    /** Writes the file; it comes before its row, so that a row never names a file that is not there. */
    private String checked(String what, String file, Optional<String> known, byte[] pdf) {
        var sha256 = Sha256.of(pdf);
        if (known.isPresent() && !known.get().equals(sha256)) {
            throw new NotRendered(what
                    + " would not be rendered as it was sent: the seller, the templates or Java have changed since."
                    + " Put the original file back at " + home.documents().resolve(file));
        }
        write(home.documents().resolve(file), pdf);
        return sha256;
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.createDirectories(file.getParent());
            WholeFile.write(file, bytes);
        } catch (IOException e) {
            throw new IllegalStateException("Cannot write " + file + ": " + e, e);
        }
    }
}
