package io.postpaid.document;

import static io.postpaid.document.Pen.PT;

import java.util.ArrayList;
import java.util.List;

/** Lines of text, each in its own dress, read out as one paragraph. */
final class Paragraph {
    private record Line(Typeface typeface, int size, Colour colour, String text, int below) {}

    private final List<Line> lines = new ArrayList<>();
    private int height;

    void add(Typeface typeface, int size, Colour colour, String text, int width, int leading) {
        for (var line : typeface.wrap(text, size, width)) {
            height += leading;
            lines.add(new Line(typeface, size, colour, line, height));
        }
    }

    void space(int more) {
        height += more;
    }

    int height() {
        return height;
    }

    void paint(Pen pen, int x, int top) {
        if (!lines.isEmpty()) {
            pen.tagged(
                    "P",
                    () -> lines.forEach(line ->
                            pen.text(line.typeface, line.size, line.colour, x, top + line.below - 4 * PT, line.text)));
        }
    }
}
