package io.postpaid.billing.document;

import java.io.IOException;
import java.util.Calendar;
import java.util.Optional;
import org.openpdf.text.pdf.PRStream;
import org.openpdf.text.pdf.PdfArray;
import org.openpdf.text.pdf.PdfDate;
import org.openpdf.text.pdf.PdfDictionary;
import org.openpdf.text.pdf.PdfFileSpecification;
import org.openpdf.text.pdf.PdfName;
import org.openpdf.text.pdf.PdfReader;
import org.openpdf.text.pdf.PdfWriter;

/** The e-invoice within the PDF, as Factur-X 1.0 has it. */
final class Embedding {
    private static final String FILE = "factur-x.xml";
    /** As the rest of the file: the higher levels take longer than they are worth. */
    private static final int COMPRESSION = 1;

    private Embedding() {}

    /** @param date when it was made, as the file says it */
    static void embed(PdfWriter writer, byte[] xml, Calendar date) throws IOException {
        var parameters = new PdfDictionary();
        parameters.put(PdfName.MODDATE, new PdfDate(date));
        var file = PdfFileSpecification.fileEmbedded(writer, "", FILE, xml, "text/xml", parameters, COMPRESSION);
        file.put(new PdfName("AFRelationship"), new PdfName("Alternative"));
        writer.addFileAttachment("E-invoice", file);
        writer.getExtraCatalog().put(new PdfName("AF"), new PdfArray(file.getReference()));
    }

    /** What is embedded, if anything is. */
    static Optional<byte[]> read(byte[] pdf) throws IOException {
        try (var reader = new PdfReader(pdf)) {
            var files = reader.getCatalog().getAsArray(new PdfName("AF"));
            if (files == null || files.size() == 0) return Optional.empty();
            var embedded = (PRStream) files.getAsDict(0).getAsDict(PdfName.EF).getAsStream(PdfName.F);
            return Optional.of(PdfReader.getStreamBytes(embedded));
        }
    }
}
