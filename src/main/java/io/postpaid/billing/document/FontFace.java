package io.postpaid.billing.document;

import java.io.EOFException;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One font in a file: what it is called and which characters it has. Only the tables that say so are read.
 *
 * @param index the place in a collection (.ttc), 0 otherwise
 * @param weight 400 is regular, 700 is bold
 * @param ranges pairs of the first and the last code point of each run of characters
 */
record FontFace(Path file, int index, String name, int weight, boolean slanted, boolean narrow, List<Integer> ranges) {
    private static final int COLLECTION = 0x74746366; // ttcf
    private static final int TRUE_TYPE = 0x00010000;
    private static final int OPEN_TYPE = 0x4f54544f; // OTTO
    private static final int LARGEST_TABLE = 1 << 24;
    private static final int EMBEDDING_FORBIDDEN = 2;

    FontFace {
        ranges = List.copyOf(ranges);
    }

    boolean has(int character) {
        int low = 0;
        int high = ranges.size() / 2 - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (character < ranges.get(2 * middle)) high = middle - 1;
            else if (character > ranges.get(2 * middle + 1)) low = middle + 1;
            else return true;
        }
        return false;
    }

    boolean isCollection() {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".ttc");
    }

    /** The fonts of a file that can be embedded: with outlines, characters by Unicode, and leave to embed them. */
    static List<FontFace> of(Path file) {
        try (var channel = Files.newByteChannel(file)) {
            var start = read(channel, 0, 12);
            int kind = start.getInt();
            if (kind != COLLECTION) return face(file, 0, 0, channel);
            start.getInt();
            int count = Math.min(start.getInt(), 64);
            var offsets = read(channel, 12, 4 * count);
            var faces = new ArrayList<FontFace>();
            for (int i = 0; i < count; i++) faces.addAll(face(file, i, offsets.getInt(), channel));
            return faces;
        } catch (IOException | BufferUnderflowException | IndexOutOfBoundsException e) {
            return List.of(); // a broken font prints nothing; the others may
        }
    }

    private static List<FontFace> face(Path file, int index, int offset, SeekableByteChannel channel)
            throws IOException {
        var header = read(channel, offset, 12);
        int kind = header.getInt();
        int count = header.getShort() & 0xffff;
        var directory = read(channel, offset + 12L, 16 * count);
        var tables = new HashMap<String, int[]>();
        for (int i = 0; i < count; i++) {
            var tag = new byte[4];
            directory.get(tag);
            directory.getInt();
            tables.put(
                    new String(tag, StandardCharsets.ISO_8859_1), new int[] {directory.getInt(), directory.getInt()});
        }
        boolean outlines =
                kind == TRUE_TYPE && tables.containsKey("glyf") || kind == OPEN_TYPE && tables.containsKey("CFF ");
        // The plain outlines of a colour font are often empty.
        boolean coloured = tables.containsKey("COLR") || tables.containsKey("CBDT") || tables.containsKey("sbix");
        if (!outlines || coloured) return List.of();
        if (!tables.keySet().containsAll(List.of("cmap", "name", "OS/2", "head", "hhea", "hmtx"))) return List.of();
        var os2 = table(channel, tables, "OS/2");
        if ((os2.getShort(8) & 0xf) == EMBEDDING_FORBIDDEN) return List.of();
        var ranges = characters(table(channel, tables, "cmap"));
        if (ranges.isEmpty()) return List.of();
        boolean slanted = (os2.getShort(62) & 1) != 0;
        boolean narrow = os2.getShort(6) < 5;
        return List.of(new FontFace(
                file, index, name(table(channel, tables, "name"), file), os2.getShort(4), slanted, narrow, ranges));
    }

    /** The full name in English, as in "Noto Sans Arabic Bold". */
    private static String name(ByteBuffer table, Path file) {
        int count = table.getShort(2) & 0xffff;
        int texts = table.getShort(4) & 0xffff;
        for (int i = 0; i < count; i++) {
            int at = 6 + 12 * i;
            boolean english = table.getShort(at) == 3 && table.getShort(at + 4) == 0x409;
            if (english && table.getShort(at + 6) == 4) {
                var text = new byte[table.getShort(at + 8) & 0xffff];
                table.get(texts + (table.getShort(at + 10) & 0xffff), text);
                return new String(text, StandardCharsets.UTF_16BE);
            }
        }
        return file.getFileName().toString();
    }

    private static List<Integer> characters(ByteBuffer cmap) {
        int count = cmap.getShort(2) & 0xffff;
        int best = -1;
        int basic = -1;
        for (int i = 0; i < count; i++) {
            int platform = cmap.getShort(4 + 8 * i);
            int encoding = cmap.getShort(6 + 8 * i);
            int offset = cmap.getInt(8 + 8 * i);
            int format = cmap.getShort(offset);
            boolean unicode = platform == 0 || platform == 3 && (encoding == 1 || encoding == 10);
            if (unicode && format == 12) best = offset;
            if (platform == 3 && encoding == 1 && format == 4) basic = offset;
        }
        if (best >= 0) return groups(cmap, best);
        return basic >= 0 ? segments(cmap, basic) : List.of();
    }

    private static List<Integer> groups(ByteBuffer cmap, int offset) {
        var ranges = new ArrayList<Integer>();
        int count = cmap.getInt(offset + 12);
        for (int i = 0; i < count; i++) {
            int at = offset + 16 + 12 * i;
            int first = cmap.getInt(at);
            append(ranges, cmap.getInt(at + 8) == 0 ? first + 1 : first, cmap.getInt(at + 4));
        }
        return ranges;
    }

    private static List<Integer> segments(ByteBuffer cmap, int offset) {
        var ranges = new ArrayList<Integer>();
        int twice = cmap.getShort(offset + 6) & 0xffff;
        int ends = offset + 14;
        int starts = ends + twice + 2;
        for (int i = 0; i < twice; i += 2) {
            int start = cmap.getShort(starts + i) & 0xffff;
            int end = cmap.getShort(ends + i) & 0xffff;
            int delta = cmap.getShort(starts + twice + i);
            int rangeAt = starts + 2 * twice + i;
            int range = cmap.getShort(rangeAt) & 0xffff;
            for (int c = start; c <= end && c != 0xffff; c++) {
                int glyph = range == 0 ? c + delta & 0xffff : cmap.getShort(rangeAt + range + 2 * (c - start));
                if (glyph != 0) append(ranges, c, c);
            }
        }
        return ranges;
    }

    private static void append(List<Integer> ranges, int first, int last) {
        if (last < first) return;
        int size = ranges.size();
        if (size > 0 && ranges.get(size - 1) == first - 1) ranges.set(size - 1, last);
        else ranges.addAll(Arrays.asList(first, last));
    }

    private static ByteBuffer table(SeekableByteChannel channel, Map<String, int[]> tables, String tag)
            throws IOException {
        var place = tables.getOrDefault(tag, new int[2]);
        return read(channel, place[0] & 0xffffffffL, place[1]);
    }

    private static ByteBuffer read(SeekableByteChannel channel, long offset, int length) throws IOException {
        if (length < 0 || length > LARGEST_TABLE) throw new EOFException();
        var bytes = ByteBuffer.allocate(length);
        channel.position(offset);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) throw new EOFException();
        }
        return bytes.flip();
    }
}
