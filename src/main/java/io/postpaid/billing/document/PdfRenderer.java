package io.postpaid.billing.document;

import io.postpaid.platform.template.TemplateFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openpdf.text.Document;
import org.openpdf.text.Rectangle;
import org.openpdf.text.pdf.PdfDate;
import org.openpdf.text.pdf.PdfEncryption;
import org.openpdf.text.pdf.PdfName;
import org.openpdf.text.pdf.PdfObject;
import org.openpdf.text.pdf.PdfString;
import org.openpdf.text.pdf.PdfWriter;

/** Makes the PDF file of an invoice: archivable (PDF/A-3a), readable by screen readers, and the same bytes every time. */
public final class PdfRenderer {
    /** Level 1 costs a few percent of size; the higher levels cost most of the time that a document takes. */
    private static final int COMPRESSION = 1;

    private final Stationery stationery;
    private final SubsetPrefixes prefixes;

    private PdfRenderer(Stationery stationery, SubsetPrefixes prefixes) {
        this.stationery = stationery;
        this.prefixes = prefixes;
    }

    /** Reads the templates once; the renderer may be shared by all threads. It prints with the layout's own fonts. */
    public static PdfRenderer load(TemplateFiles templates) {
        return load(templates, List.of());
    }

    /** @param fonts folders with more fonts, the preferred first */
    public static PdfRenderer load(TemplateFiles templates, List<Path> fonts) {
        var prefixes = new SubsetPrefixes();
        return new PdfRenderer(new Stationery(templates, new SystemFonts(fonts, prefixes), prefixes), prefixes);
    }

    /** Checks texts of one customer before a document is made of them. */
    Stationery.Letters letters(String country, String text) {
        return stationery.letters(country, text, null);
    }

    /**
     * A document's file.
     *
     * @param fonts the SHA-256 and the name of each font of the machine that it was printed with
     */
    record Rendered(byte[] pdf, List<String> fonts) {}

    /**
     * Draws the document.
     *
     * @throws IllegalArgumentException when it holds a character that no font prints, or a part that fits no page
     */
    public byte[] render(InvoiceDocument document) {
        return render(document, null, null).pdf();
    }

    /** The same with what programs read of it. */
    public byte[] render(InvoiceDocument document, byte[] xml) {
        return render(document, null, xml).pdf();
    }

    /**
     * @param kept the fonts that it was printed with before, and nothing else; null for the first time
     * @param xml the same invoice for programs, embedded as Factur-X has it; null where there is none
     */
    Rendered render(InvoiceDocument document, @Nullable Set<String> kept, byte @Nullable [] xml) {
        var customer = document.customer();
        var letters =
                stationery.letters(customer.country(), customer.name() + String.join("", customer.address()), kept);
        Printable.check(document, letters);
        var pages = new InvoicePages(document, stationery, letters);
        var laidOut = pages.layOut();
        var bytes = new ByteArrayOutputStream(64 * 1024);
        prefixes.startFor(document.number());
        var page = stationery.look().page().size();
        var pdf = new Document(new Rectangle(page.width / 1000f, page.height / 1000f), 0, 0, 0, 0);
        var writer = DocumentWriter.of(pdf, bytes);
        describe(writer, document, pages.title(), xml != null);
        pdf.open();
        try {
            if (xml != null) Embedding.embed(writer, xml, startOf(document));
            writer.getExtraCatalog().put(PdfName.LANG, new PdfString(language(document)));
            writer.tellColours();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var pen = new Pen(writer, page.height);
        pen.open("Document");
        for (int i = 0; i < laidOut.size(); i++) {
            if (i > 0) {
                writer.setPageEmpty(false);
                pdf.newPage();
                pen.turnPage();
            }
            for (var placed : laidOut.get(i)) {
                placed.block().painter().paint(pen, placed.top());
            }
            pages.pageMarks(pen, i + 1, laidOut.size());
        }
        writer.setPageEmpty(false);
        pen.close();
        pdf.close();
        return new Rendered(bytes.toByteArray(), letters.choice().used());
    }

    private String language(InvoiceDocument document) {
        return stationery.texts(document.language()).language();
    }

    private void describe(PdfWriter writer, InvoiceDocument document, String kind, boolean electronic) {
        writer.setPDFXConformance(PdfWriter.PDFA3A);
        writer.setTagged();
        writer.setCompressionLevel(COMPRESSION);
        writer.setFullCompression();
        writer.setViewerPreferences(PdfWriter.DisplayDocTitle);
        var title = kind + " " + document.number();
        var created = new PdfDate(startOf(document));
        var info = writer.getInfo();
        info.put(PdfName.TITLE, new PdfString(title, PdfObject.TEXT_UNICODE));
        info.put(PdfName.AUTHOR, new PdfString(stationery.seller().name(), PdfObject.TEXT_UNICODE));
        info.put(PdfName.CREATIONDATE, created);
        info.put(PdfName.MODDATE, created);
        info.put(PdfName.FILEID, PdfEncryption.createInfoId(fingerprint(title), fingerprint(title)));
        var producer = info.get(PdfName.PRODUCER);
        writer.setXmpMetadata(Metadata.xmp(
                title,
                stationery.seller().name(),
                language(document),
                document.date(),
                producer == null ? "" : producer.toString(),
                electronic));
    }

    private static Calendar startOf(InvoiceDocument document) {
        return GregorianCalendar.from(document.date().atStartOfDay(ZoneOffset.UTC));
    }

    private static byte[] fingerprint(String text) {
        try {
            return MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
