package io.postpaid.usage.mapping;

import java.util.ArrayList;
import java.util.List;

/** The columns that a mapping names, each once, so that a line's cells are found by a number. */
final class Columns {
    private final List<String> names = new ArrayList<>();

    int of(String name) {
        int known = names.indexOf(name);
        if (known >= 0) return known;
        names.add(name);
        return names.size() - 1;
    }

    List<String> names() {
        return List.copyOf(names);
    }
}
