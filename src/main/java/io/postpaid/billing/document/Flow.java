package io.postpaid.billing.document;

import java.util.ArrayList;
import java.util.List;

/** Spreads blocks over pages: a block is never split, and one that is kept with the next never ends a page. */
final class Flow {
    private Flow() {}

    /** Draws a block whose upper edge is given. */
    @FunctionalInterface
    interface Painter {
        void paint(Pen pen, int top);
    }

    /**
     * A piece of a page.
     *
     * @param under what is repeated above this block when it comes first on a page, such as a table's head
     */
    record Block(int height, boolean keptWithNext, List<Block> under, Painter painter) {
        static Block of(int height, Painter painter) {
            return new Block(height, false, List.of(), painter);
        }

        Block keepWithNext() {
            return new Block(height, true, under, painter);
        }

        Block under(Block head) {
            return new Block(height, keptWithNext, List.of(head), painter);
        }
    }

    /** A block and where it stands. */
    record Placed(Block block, int top) {}

    static List<List<Placed>> pages(List<Block> blocks, int top, int topOfFollowing, int bottom) {
        var pages = new ArrayList<List<Placed>>();
        var page = new ArrayList<Placed>();
        int y = top;
        for (int i = 0; i < blocks.size(); i++) {
            var block = blocks.get(i);
            if (!page.isEmpty() && y + together(blocks, i, bottom - topOfFollowing) > bottom) {
                pages.add(List.copyOf(page));
                page.clear();
                y = topOfFollowing;
                for (var head : block.under()) {
                    page.add(new Placed(head, y));
                    y += head.height();
                }
            }
            if (y + block.height() > bottom) {
                throw new IllegalArgumentException(
                        "one part of the document is taller than a page: " + block.height() / Pen.PT + " points");
            }
            page.add(new Placed(block, y));
            y += block.height();
        }
        pages.add(List.copyOf(page));
        return pages;
    }

    /** The height of a block with all that it is kept with; what is taller than a page can't be kept. */
    private static int together(List<Block> blocks, int first, int page) {
        int height = blocks.get(first).height();
        for (int i = first; blocks.get(i).keptWithNext() && i + 1 < blocks.size(); i++) {
            height += blocks.get(i + 1).height();
        }
        return height > page ? blocks.get(first).height() : height;
    }
}
