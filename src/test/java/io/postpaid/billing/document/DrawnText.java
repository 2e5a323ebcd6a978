package io.postpaid.billing.document;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.openpdf.text.pdf.PRStream;
import org.openpdf.text.pdf.PRTokeniser;
import org.openpdf.text.pdf.PdfContentParser;
import org.openpdf.text.pdf.PdfDictionary;
import org.openpdf.text.pdf.PdfName;
import org.openpdf.text.pdf.PdfNumber;
import org.openpdf.text.pdf.PdfObject;
import org.openpdf.text.pdf.PdfReader;
import org.openpdf.text.pdf.PdfString;

/**
 * What the first page of a PDF file draws: glyphs at their places, and the text that a reader or a copy gets of them, a line
 * for each piece of text.
 */
record DrawnText(List<Glyph> glyphs, String text) {
    private static final Pattern RANGE = Pattern.compile("<(\\p{XDigit}{4})><\\p{XDigit}{4}>\\[?<(\\p{XDigit}+)>");

    /** @param line counts the pieces of text on the page */
    record Glyph(String font, int id, float x, float y, int line) {}

    static DrawnText of(byte[] pdf) throws IOException {
        try (var reader = new PdfReader(pdf)) {
            var fonts = reader.getPageN(1).getAsDict(PdfName.RESOURCES).getAsDict(PdfName.FONT);
            var glyphs = new ArrayList<Glyph>();
            var text = new StringBuilder();
            var font = new PdfDictionary();
            Map<Integer, String> characters = Map.of();
            boolean replaced = false;
            int line = 0;
            float x = 0;
            float y = 0;
            var parser = new PdfContentParser(new PRTokeniser(reader.getPageContent(1)));
            for (var operands = new ArrayList<PdfObject>();
                    !parser.parse(operands).isEmpty(); ) {
                switch (operands.getLast().toString()) {
                    case "Tf" -> {
                        font = fonts.getAsDict((PdfName) operands.getFirst());
                        characters = characters(font);
                    }
                    case "Tm" -> {
                        x = ((PdfNumber) operands.get(4)).floatValue();
                        y = ((PdfNumber) operands.get(5)).floatValue();
                    }
                    case "BDC" -> {
                        var read = operands.get(1) instanceof PdfDictionary properties
                                ? properties.getAsString(PdfName.ACTUALTEXT)
                                : null;
                        replaced = read != null;
                        if (read != null) text.append(read.toUnicodeString());
                    }
                    case "EMC" -> replaced = false;
                    case "ET" -> {
                        text.append('\n');
                        line++;
                    }
                    case "Tj" -> {
                        var bytes = ((PdfString) operands.getFirst()).getBytes();
                        for (int i = 0; i + 1 < bytes.length; i += 2) {
                            int id = (bytes[i] & 0xff) << 8 | bytes[i + 1] & 0xff;
                            glyphs.add(new Glyph(name(font), id, x, y, line));
                            if (!replaced) text.append(characters.getOrDefault(id, "\ufffd"));
                        }
                    }
                    default -> {}
                }
            }
            return new DrawnText(glyphs, text.toString());
        }
    }

    /** The font's own table of what its glyphs mean. */
    private static Map<Integer, String> characters(PdfDictionary font) throws IOException {
        var characters = new HashMap<Integer, String>();
        var stream = (PRStream) PdfReader.getPdfObject(font.get(PdfName.TOUNICODE));
        var table = new String(PdfReader.getStreamBytes(stream), StandardCharsets.ISO_8859_1);
        for (var range = RANGE.matcher(table); range.find(); ) {
            characters.put(
                    Integer.parseInt(range.group(1), 16),
                    new String(HexFormat.of().parseHex(range.group(2)), StandardCharsets.UTF_16BE));
        }
        return characters;
    }

    /** Without the six letters before the name of a font of which only some glyphs are embedded. */
    private static String name(PdfDictionary font) {
        return font.getAsName(PdfName.BASEFONT).toString().replaceFirst("^/([A-Z]{6}\\+)?", "");
    }

    /** The glyphs of fonts with this in their name. */
    List<Glyph> in(String font) {
        return glyphs.stream().filter(glyph -> glyph.font().contains(font)).toList();
    }

    List<Integer> ids(String font) {
        return in(font).stream().map(Glyph::id).toList();
    }
}
