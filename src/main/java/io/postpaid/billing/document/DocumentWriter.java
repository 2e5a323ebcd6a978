package io.postpaid.billing.document;

import java.awt.color.ColorSpace;
import java.awt.color.ICC_Profile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.openpdf.text.Document;
import org.openpdf.text.pdf.PdfArray;
import org.openpdf.text.pdf.PdfDictionary;
import org.openpdf.text.pdf.PdfDocument;
import org.openpdf.text.pdf.PdfIndirectObject;
import org.openpdf.text.pdf.PdfIndirectReference;
import org.openpdf.text.pdf.PdfName;
import org.openpdf.text.pdf.PdfNumber;
import org.openpdf.text.pdf.PdfObject;
import org.openpdf.text.pdf.PdfString;
import org.openpdf.text.pdf.PdfWriter;

/** OpenPDF's writer, and what it would make anew for each document though it is the same in all. */
final class DocumentWriter extends PdfWriter {
    private static final String SRGB = "sRGB IEC61966-2.1";
    private static final Packed COLOURS = colours();

    private final Map<FontPart, PdfName> names = new IdentityHashMap<>();
    private final Map<PdfName, PdfIndirectReference> fonts = new LinkedHashMap<>();

    private DocumentWriter(PdfDocument body, OutputStream to) {
        super(body, to);
    }

    static DocumentWriter of(Document document, OutputStream to) {
        var body = new PdfDocument() {
            /** The day of issue is put there; asking for today's costs more than it seems. */
            @Override
            public boolean addCreationDate() {
                return true;
            }
        };
        document.addDocListener(body);
        var writer = new DocumentWriter(body, to);
        body.addWriter(writer);
        return writer;
    }

    private static Packed colours() {
        var entries = new PdfDictionary();
        entries.put(PdfName.N, new PdfNumber(3));
        entries.put(PdfName.ALTERNATE, PdfName.DEVICERGB);
        return new Packed(ICC_Profile.getInstance(ColorSpace.CS_sRGB).getData(), entries);
    }

    /** What the colours mean, as setOutputIntents has it. */
    void tellColours() throws IOException {
        var intent = new PdfDictionary(PdfName.OUTPUTINTENT);
        intent.put(PdfName.OUTPUTCONDITION, unicode(""));
        intent.put(PdfName.OUTPUTCONDITIONIDENTIFIER, unicode(SRGB));
        intent.put(PdfName.REGISTRYNAME, unicode("http://www.color.org"));
        intent.put(PdfName.INFO, unicode(SRGB));
        intent.put(PdfName.DESTOUTPUTPROFILE, COLOURS.addTo(this));
        intent.put(PdfName.S, PdfName.GTS_PDFA1);
        getExtraCatalog().put(PdfName.OUTPUTINTENTS, new PdfArray(intent));
    }

    private static PdfString unicode(String text) {
        return new PdfString(text, PdfObject.TEXT_UNICODE);
    }

    /** The name that pages have for a part of a font, from the first page on that uses it. */
    PdfName name(FontPart part) {
        return names.computeIfAbsent(part, added -> {
            var name = new PdfName("S" + (names.size() + 1));
            try {
                fonts.put(name, added.addTo(this));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return name;
        });
    }

    /** OpenPDF knows only the fonts that it cuts itself: a page is told of the others on its way out. */
    @Override
    public PdfIndirectObject addToBody(PdfObject object, PdfIndirectReference reference) throws IOException {
        if (object instanceof PdfDictionary page && page.isPage()) {
            var resources = page.getAsDict(PdfName.RESOURCES);
            var own = resources.getAsDict(PdfName.FONT);
            var all = own == null ? new PdfDictionary() : own;
            fonts.forEach(all::put);
            resources.put(PdfName.FONT, all);
        }
        return super.addToBody(object, reference);
    }
}
