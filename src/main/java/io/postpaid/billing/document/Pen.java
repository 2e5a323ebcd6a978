package io.postpaid.billing.document;

import java.awt.font.GlyphVector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.openpdf.text.Image;
import org.openpdf.text.pdf.GlyphLayoutManager;
import org.openpdf.text.pdf.PdfArray;
import org.openpdf.text.pdf.PdfContentByte;
import org.openpdf.text.pdf.PdfDictionary;
import org.openpdf.text.pdf.PdfName;
import org.openpdf.text.pdf.PdfNumber;
import org.openpdf.text.pdf.PdfObject;
import org.openpdf.text.pdf.PdfString;
import org.openpdf.text.pdf.PdfStructureElement;

/**
 * Draws on the current page, and writes down what each thing is, so that a screen reader can tell it.
 *
 * <p>Lengths are thousandths of a point, measured from the page's upper left corner.
 */
final class Pen {
    static final int PT = 1000;

    private static final PdfName ARTIFACT = new PdfName("Artifact");

    private final DocumentWriter writer;
    private final PdfContentByte canvas;
    private final int pageHeight;
    private final Deque<PdfStructureElement> open = new ArrayDeque<>();
    private @Nullable Colour fill;

    Pen(DocumentWriter writer, int pageHeight) {
        this.writer = writer;
        this.canvas = writer.getDirectContent();
        this.pageHeight = pageHeight;
    }

    /** A new page starts with no colour chosen. */
    void turnPage() {
        fill = null;
    }

    // ---- what it is

    /** Opens a part that holds other parts, such as Table or TR. */
    void open(String role) {
        open.push(element(role));
    }

    void close() {
        open.pop();
    }

    /** Draws what is read out as one thing, such as P or TD. */
    void tagged(String role, Runnable drawing) {
        mark(element(role), drawing);
    }

    /** A head cell says whether it heads its column or its row. */
    void heading(String scope, Runnable drawing) {
        var cell = element("TH");
        var attributes = new PdfDictionary();
        attributes.put(PdfName.O, new PdfName("Table"));
        attributes.put(new PdfName("Scope"), new PdfName(scope));
        cell.put(PdfName.A, attributes);
        mark(cell, drawing);
    }

    /** A picture is read out by its description. */
    void figure(String description, int x, int y, int width, int height, Runnable drawing) {
        var figure = element("Figure");
        figure.put(new PdfName("Alt"), new PdfString(description, PdfObject.TEXT_UNICODE));
        var attributes = new PdfDictionary();
        attributes.put(PdfName.O, new PdfName("Layout"));
        var box = new PdfArray();
        for (int edge : new int[] {x, pageHeight - y - height, x + width, pageHeight - y}) {
            box.add(new PdfNumber(points(edge)));
        }
        attributes.put(PdfName.BBOX, box);
        figure.put(PdfName.A, attributes);
        mark(figure, drawing);
    }

    /** Draws what is not read out: rules, backgrounds, repeated heads, page numbers. */
    void artifact(Runnable drawing) {
        canvas.beginMarkedContentSequence(ARTIFACT);
        drawing.run();
        canvas.endMarkedContentSequence();
    }

    private PdfStructureElement element(String role) {
        var parent = open.peek();
        return parent == null
                ? new PdfStructureElement(writer.getStructureTreeRoot(), new PdfName(role))
                : new PdfStructureElement(parent, new PdfName(role));
    }

    private void mark(PdfStructureElement element, Runnable drawing) {
        canvas.beginMarkedContentSequence(element);
        drawing.run();
        canvas.endMarkedContentSequence();
    }

    // ---- how it looks

    void text(Typeface typeface, int size, Colour colour, int x, int baseline, String text) {
        colour(colour);
        canvas.beginText();
        canvas.setTextMatrix(points(x), points(pageHeight - baseline));
        var line = typeface.line(text);
        if (line.exact()) {
            line.pieces().forEach(piece -> show(piece, size));
        } else {
            shaped(line, size, x, baseline);
        }
        canvas.endText();
    }

    /** One character behind the other. */
    private void show(Shaping.Piece piece, int size) {
        var text = piece.text();
        var shared = piece.font().shared();
        if (shared == null || !shared.prints(text)) {
            canvas.setFontAndSize(piece.font().base(), points(size));
            canvas.showText(text);
            return;
        }
        for (int start = 0, end; start < text.length(); start = end) {
            end = shared.end(text, start);
            show(writer.name(shared.part(text.charAt(start))), points(size), shared.glyphs(text, start, end));
        }
    }

    private void show(PdfName font, float size, byte[] glyphs) {
        var drawn = canvas.getInternalBuffer();
        try {
            font.toPdf(writer, drawn);
            drawn.append(' ').append(size).append(" Tf\n");
            new PdfString(glyphs).toPdf(writer, drawn);
            drawn.append("Tj\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In the order of reading, each piece at its place. */
    private void shaped(Shaping.Line line, int size, int x, int baseline) {
        for (var piece : line.pieces()) {
            if (piece.glyphs() == null) {
                place(piece.at(), 0, size, x, baseline);
                show(piece, size);
            } else {
                canvas.setFontAndSize(piece.font().base(), points(size));
                Characters.complete(canvas, piece, piece.glyphs());
                for (var cluster : Shaping.clusters(piece)) cluster(piece, cluster, size, x, baseline);
            }
        }
    }

    private void cluster(Shaping.Piece piece, Shaping.Cluster cluster, int size, int x, int baseline) {
        var glyphs = Objects.requireNonNull(piece.glyphs());
        if (!cluster.isPlain()) {
            var read = new PdfDictionary();
            read.put(PdfName.ACTUALTEXT, new PdfString(cluster.text(), PdfObject.TEXT_UNICODE));
            canvas.beginMarkedContentSequence(PdfName.SPAN, read, true);
        }
        for (int i : cluster.glyphs()) {
            var position = glyphs.getGlyphPosition(i);
            place(
                    piece.at() + Shaping.thousandths(position.getX()),
                    Shaping.thousandths(position.getY()),
                    size,
                    x,
                    baseline);
            canvas.showText(glyphs, i, i + 1);
        }
        if (!cluster.isPlain()) canvas.endMarkedContentSequence();
    }

    /** Moves to a place that is given in thousandths of the size. */
    private void place(int across, int down, int size, int x, int baseline) {
        int right = Math.toIntExact((long) across * size / PrintFont.UNIT);
        int below = Math.toIntExact((long) down * size / PrintFont.UNIT);
        canvas.setTextMatrix(points(x + right), points(pageHeight - baseline - below));
    }

    /** Says which character a glyph stands for that only shaping makes, such as the middle form of a letter. */
    private static final class Characters extends GlyphLayoutManager {
        static void complete(PdfContentByte canvas, Shaping.Piece piece, GlyphVector glyphs) {
            completeCmap(canvas, piece.font().base(), piece.text(), glyphs);
        }
    }

    /** One below the other. */
    void lines(Typeface typeface, int size, Colour colour, int x, int baseline, int leading, List<String> lines) {
        for (int i = 0; i < lines.size(); i++) text(typeface, size, colour, x, baseline + i * leading, lines.get(i));
    }

    void textEndingAt(Typeface typeface, int size, Colour colour, int right, int baseline, String text) {
        text(typeface, size, colour, right - typeface.width(text, size), baseline, text);
    }

    void box(Colour colour, int x, int y, int width, int height) {
        colour(colour);
        canvas.rectangle(points(x), points(pageHeight - y - height), points(width), points(height));
        canvas.fill();
    }

    void roundBox(Colour colour, int x, int y, int width, int height) {
        colour(colour);
        canvas.roundRectangle(points(x), points(pageHeight - y - height), points(width), points(height), 4f);
        canvas.fill();
    }

    /** Fills a path in the commands M, L, C and Z, its units scaled by a rational number. */
    void path(Colour colour, String path, int x, int y, int unit) {
        colour(colour);
        var words = path.strip().split("[\\s,]+");
        int at = 0;
        while (at < words.length) {
            switch (words[at]) {
                case "M" -> canvas.moveTo(across(words[at + 1], x, unit), down(words[at + 2], y, unit));
                case "L" -> canvas.lineTo(across(words[at + 1], x, unit), down(words[at + 2], y, unit));
                case "C" ->
                    canvas.curveTo(
                            across(words[at + 1], x, unit),
                            down(words[at + 2], y, unit),
                            across(words[at + 3], x, unit),
                            down(words[at + 4], y, unit),
                            across(words[at + 5], x, unit),
                            down(words[at + 6], y, unit));
                case "Z" -> canvas.closePath();
                default -> throw new IllegalArgumentException("a path has M, L, C and Z, not '" + words[at] + "'");
            }
            at += switch (words[at]) {
                case "C" -> 7;
                case "Z" -> 1;
                default -> 3;
            };
        }
        canvas.fill();
    }

    void image(Image image, int x, int y, int width, int height) {
        canvas.addImage(image, points(width), 0, 0, points(height), points(x), points(pageHeight - y - height));
    }

    private float across(String number, int x, int unit) {
        return points(x + scaled(number, unit));
    }

    private float down(String number, int y, int unit) {
        return points(pageHeight - y - scaled(number, unit));
    }

    private static int scaled(String number, int unit) {
        return new BigDecimal(number).multiply(BigDecimal.valueOf(unit)).intValue();
    }

    private void colour(Colour colour) {
        if (!Objects.equals(fill, colour)) {
            canvas.setRGBColorFill(colour.red(), colour.green(), colour.blue());
            fill = colour;
        }
    }

    private static float points(int thousandths) {
        return thousandths / 1000f;
    }
}
