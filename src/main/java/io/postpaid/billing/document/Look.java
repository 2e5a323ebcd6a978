package io.postpaid.billing.document;

import io.postpaid.platform.template.TemplateFiles;
import java.util.List;

/** How documents look: {@code templates/invoice/layout.yaml}. */
record Look(
        Page page,
        Colours colours,
        Sizes sizes,
        Fonts fonts,
        Logo logo,
        List<Column> columns,
        boolean zebra,
        boolean chart,
        String footer,
        String language) {
    Look {
        columns = List.copyOf(columns);
        if (!columns.contains(Column.DESCRIPTION) || !columns.contains(Column.AMOUNT)) {
            throw new IllegalArgumentException("columns need description and amount");
        }
        if (columns.stream().distinct().count() < columns.size()) {
            throw new IllegalArgumentException("a column stands twice in " + columns);
        }
    }

    static Look load(TemplateFiles files) {
        return files.yaml("invoice/layout.yaml", Look.class);
    }

    record Page(PageSize size, Length top, Length right, Length bottom, Length left) {}

    enum PageSize {
        A4(595_276, 841_890),
        LETTER(612_000, 792_000);

        final int width;
        final int height;

        PageSize(int width, int height) {
            this.width = width;
            this.height = height;
        }
    }

    record Colours(Colour accent, Colour onAccent, Colour ink, Colour muted, Colour panel, Colour zebra, Colour rule) {}

    record Sizes(Length title, Length name, Length body, Length small) {}

    record Fonts(List<String> regular, List<String> bold) {}

    record Logo(String file, Length tall, Length width, Length height, List<Shape> shapes) {}

    record Shape(Colour fill, String path) {}

    enum Column {
        POSITION,
        PRODUCT,
        DESCRIPTION,
        QUANTITY,
        UNIT,
        UNIT_PRICE,
        TAX,
        AMOUNT;

        /** These stand under one another by their decimal separator. */
        boolean isNumber() {
            return this == QUANTITY || this == UNIT_PRICE || this == TAX || this == AMOUNT;
        }
    }
}
