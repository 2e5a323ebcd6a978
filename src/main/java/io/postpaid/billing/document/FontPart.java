package io.postpaid.billing.document;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.openpdf.text.Document;
import org.openpdf.text.pdf.BaseFont;
import org.openpdf.text.pdf.PRStream;
import org.openpdf.text.pdf.PRTokeniser;
import org.openpdf.text.pdf.PdfArray;
import org.openpdf.text.pdf.PdfDictionary;
import org.openpdf.text.pdf.PdfIndirectReference;
import org.openpdf.text.pdf.PdfLiteral;
import org.openpdf.text.pdf.PdfName;
import org.openpdf.text.pdf.PdfReader;
import org.openpdf.text.pdf.PdfWriter;

/**
 * Some characters of a font, ready to be embedded: OpenPDF cuts them out of it once, into a document of their own, and other
 * documents take them from there as they are.
 *
 * @param font what describes the part, without its references; so are {@code glyphs} and {@code metrics}
 * @param file the key of the outlines, which differs by their kind
 */
record FontPart(
        PdfDictionary font,
        PdfDictionary glyphs,
        PdfDictionary metrics,
        byte[] widths,
        PdfName file,
        Packed outlines,
        Packed meaning) {

    /** A part, and the numbers of its glyphs in the order of its characters. */
    record Cut(FontPart part, String glyphs) {}

    static Cut cut(BaseFont base, String characters) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var pdf = new Document();
        var writer = PdfWriter.getInstance(pdf, bytes);
        pdf.open();
        var canvas = writer.getDirectContent();
        canvas.setFontAndSize(base, 1);
        canvas.beginText();
        canvas.showText(characters);
        canvas.endText();
        var shown = shown(canvas.getInternalBuffer().toByteArray());
        pdf.close();
        try (var reader = new PdfReader(bytes.toByteArray())) {
            return new Cut(of(reader), shown);
        }
    }

    private static FontPart of(PdfReader reader) throws IOException {
        var fonts = reader.getPageN(1).getAsDict(PdfName.RESOURCES).getAsDict(PdfName.FONT);
        var font = fonts.getAsDict(fonts.getKeys().iterator().next());
        var glyphs = font.getAsArray(PdfName.DESCENDANTFONTS).getAsDict(0);
        var metrics = glyphs.getAsDict(PdfName.FONTDESCRIPTOR);
        var file = metrics.contains(PdfName.FONTFILE2) ? PdfName.FONTFILE2 : PdfName.FONTFILE3;
        var widths = new ByteArrayOutputStream();
        if (glyphs.contains(PdfName.W)) glyphs.getAsArray(PdfName.W).toPdf(null, widths);
        return new FontPart(
                without(font, PdfName.DESCENDANTFONTS, PdfName.TOUNICODE),
                without(glyphs, PdfName.FONTDESCRIPTOR, PdfName.W),
                without(metrics, file),
                widths.toByteArray(),
                file,
                packed(metrics, file),
                packed(font, PdfName.TOUNICODE));
    }

    private static Packed packed(PdfDictionary owner, PdfName key) throws IOException {
        var stream = (PRStream) owner.getAsStream(key);
        return new Packed(
                PdfReader.getStreamBytes(stream), without(stream, PdfName.LENGTH, PdfName.FILTER, PdfName.DECODEPARMS));
    }

    private static PdfDictionary without(PdfDictionary dictionary, PdfName... keys) {
        var copy = new PdfDictionary();
        copy.putAll(dictionary);
        for (var key : keys) copy.remove(key);
        return copy;
    }

    /** The text of the only string that was drawn: two bytes for each glyph. */
    private static String shown(byte[] drawn) throws IOException {
        var tokens = new PRTokeniser(drawn);
        while (tokens.nextToken()) {
            if (tokens.getTokenType() == PRTokeniser.TK_STRING) {
                return new String(
                        tokens.getStringValue().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_16BE);
            }
        }
        throw new IllegalStateException("nothing was drawn");
    }

    PdfIndirectReference addTo(PdfWriter writer) throws IOException {
        var metrics = without(metrics());
        metrics.put(file, outlines.addTo(writer));
        var glyphs = without(glyphs());
        if (widths.length > 0) glyphs.put(PdfName.W, new PdfLiteral(widths));
        glyphs.put(PdfName.FONTDESCRIPTOR, writer.addToBody(metrics).getIndirectReference());
        var font = without(font());
        font.put(PdfName.DESCENDANTFONTS, new PdfArray(writer.addToBody(glyphs).getIndirectReference()));
        font.put(PdfName.TOUNICODE, meaning.addTo(writer));
        return writer.addToBody(font).getIndirectReference();
    }
}
