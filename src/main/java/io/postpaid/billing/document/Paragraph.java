package io.postpaid.billing.document;

import static io.postpaid.billing.document.Pen.PT;

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

    /** What is read from right to left ends where the longest of such lines ends. */
    void paint(Pen pen, int x, int top) {
        if (lines.isEmpty()) return;
        int right = lines.stream()
                .filter(line -> line.typeface.isRightToLeft(line.text))
                .mapToInt(line -> line.typeface.width(line.text, line.size))
                .max()
                .orElse(0);
        pen.tagged("P", () -> {
            for (var line : lines) {
                int baseline = top + line.below - 4 * PT;
                if (right > 0 && line.typeface.isRightToLeft(line.text)) {
                    pen.textEndingAt(line.typeface, line.size, line.colour, x + right, baseline, line.text);
                } else {
                    pen.text(line.typeface, line.size, line.colour, x, baseline, line.text);
                }
            }
        });
    }
}
