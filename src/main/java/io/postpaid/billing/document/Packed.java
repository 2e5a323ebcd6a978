package io.postpaid.billing.document;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.openpdf.text.pdf.PdfDictionary;
import org.openpdf.text.pdf.PdfIndirectReference;
import org.openpdf.text.pdf.PdfName;
import org.openpdf.text.pdf.PdfStream;
import org.openpdf.text.pdf.PdfWriter;

/** A stream that is the same in every document: compressed once, and well. */
final class Packed {
    private final byte[] packed;
    private final PdfDictionary entries;

    /** @param entries what its dictionary says besides its length and its compression */
    Packed(byte[] bytes, PdfDictionary entries) {
        this.packed = packed(bytes);
        this.entries = entries;
        entries.put(PdfName.FILTER, PdfName.FLATEDECODE);
    }

    private static byte[] packed(byte[] bytes) {
        var packed = new ByteArrayOutputStream(bytes.length / 2);
        try (var deflater = new Deflater(Deflater.BEST_COMPRESSION);
                var to = new DeflaterOutputStream(packed, deflater)) {
            to.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    PdfIndirectReference addTo(PdfWriter writer) throws IOException {
        var stream = new PdfStream(packed);
        stream.putAll(entries);
        return writer.addToBody(stream).getIndirectReference();
    }
}
