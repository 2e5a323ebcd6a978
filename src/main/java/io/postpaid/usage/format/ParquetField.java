package io.postpaid.usage.format;

import dev.hardwood.metadata.RepetitionType;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.Validity;
import dev.hardwood.schema.SchemaNode;
import dev.hardwood.schema.SchemaNode.GroupNode;
import dev.hardwood.schema.SchemaNode.PrimitiveNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * What a row has in one place, written as JSON. A group knows of the first column within it how many layers of lists and of
 * groups that may be null are above: columns of the same group agree on them.
 */
sealed interface ParquetField {
    /** The batch of all columns has changed. */
    void turn();

    void write(int at, JsonGenerator json) throws IOException;

    /** The column that tells of the layers above it. */
    ColumnReader first();

    static ParquetField of(GroupNode root, ColumnReader[] columns) throws IOException {
        return new Build(columns).struct(root, -1, 0);
    }

    /** The layers as the library counts them: one for each list or map, and one for each other group that may be null. */
    record Build(ColumnReader[] columns) {
        private ParquetField of(SchemaNode node, int layers, boolean withinList) throws IOException {
            if (node.repetitionType() == RepetitionType.REPEATED && !withinList) {
                throw new IOException("column '" + node.name() + "' is repeated, and no list");
            }
            return switch (node) {
                case PrimitiveNode leaf -> new Leaf(columns[leaf.columnIndex()], new ParquetValue(leaf));
                case GroupNode group when group.isList() -> list(group, layers);
                case GroupNode group when group.isMap() -> map(group, layers);
                case GroupNode group -> {
                    boolean mayBeNull = group.repetitionType() == RepetitionType.OPTIONAL && !withinList;
                    yield struct(group, mayBeNull ? layers : -1, mayBeNull ? layers + 1 : layers);
                }
            };
        }

        Struct struct(GroupNode group, int layer, int below) throws IOException {
            var fields = new ArrayList<ParquetField>();
            for (SchemaNode child : group.children()) fields.add(of(child, below, false));
            if (fields.isEmpty()) throw new IOException("it has a group without columns");
            List<String> names = group.children().stream().map(SchemaNode::name).toList();
            return new Struct(names, fields, layer);
        }

        private ParquetField list(GroupNode group, int layer) throws IOException {
            SchemaNode element = group.getListElement();
            if (element == null) throw new IOException("column '" + group.name() + "' is no list as Parquet has them");
            boolean bare = element == group.children().getFirst();
            return new Items(of(element, layer + 1, bare), layer);
        }

        private ParquetField map(GroupNode group, int layer) throws IOException {
            if (!(group.getMapKey() instanceof PrimitiveNode key)) {
                throw new IOException("column '" + group.name() + "' is no map as Parquet has them");
            }
            SchemaNode value = group.getMapValue();
            return new Entries(
                    new Leaf(columns[key.columnIndex()], new ParquetValue(key)),
                    value == null ? null : of(value, layer + 1, false),
                    layer);
        }
    }

    record Leaf(ColumnReader first, ParquetValue value) implements ParquetField {
        @Override
        public void turn() {
            value.turn(first);
        }

        @Override
        public void write(int at, JsonGenerator json) throws IOException {
            value.write(at, json);
        }
    }

    /** {@code layer} is below zero where it can't be null. */
    record Struct(List<String> names, List<ParquetField> fields, int layer) implements ParquetField {
        @Override
        public ColumnReader first() {
            return fields.getFirst().first();
        }

        @Override
        public void turn() {
            fields.forEach(ParquetField::turn);
        }

        @Override
        public void write(int at, JsonGenerator json) throws IOException {
            if (layer >= 0 && first().getLayerValidity(layer).isNull(at)) {
                json.writeNull();
                return;
            }
            json.writeStartObject();
            for (int i = 0; i < fields.size(); i++) {
                json.writeName(names.get(i));
                fields.get(i).write(at, json);
            }
            json.writeEndObject();
        }
    }

    record Items(ParquetField element, int layer) implements ParquetField {
        @Override
        public ColumnReader first() {
            return element.first();
        }

        @Override
        public void turn() {
            element.turn();
        }

        @Override
        public void write(int at, JsonGenerator json) throws IOException {
            if (first().getLayerValidity(layer).isNull(at)) {
                json.writeNull();
                return;
            }
            int[] offsets = first().getLayerOffsets(layer);
            json.writeStartArray();
            for (int i = offsets[at]; i < offsets[at + 1]; i++) element.write(i, json);
            json.writeEndArray();
        }
    }

    record Entries(Leaf key, @Nullable ParquetField value, int layer) implements ParquetField {
        @Override
        public ColumnReader first() {
            return key.first();
        }

        @Override
        public void turn() {
            key.turn();
            if (value != null) value.turn();
        }

        @Override
        public void write(int at, JsonGenerator json) throws IOException {
            Validity there = first().getLayerValidity(layer);
            if (there.isNull(at)) {
                json.writeNull();
                return;
            }
            int[] offsets = first().getLayerOffsets(layer);
            json.writeStartObject();
            for (int i = offsets[at]; i < offsets[at + 1]; i++) {
                json.writeName(key.value().name(i));
                if (value == null) {
                    json.writeNull();
                } else {
                    value.write(i, json);
                }
            }
            json.writeEndObject();
        }
    }
}
