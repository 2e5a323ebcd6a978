package io.postpaid.usage.record;

import org.jspecify.annotations.Nullable;

/** 64 bits over a sequence of values (FNV-1a over 16-bit units, mixed at the end). Stored, so it must never change. */
final class ContentHash {
    private static final long PRIME = 0x100000001b3L;
    private long hash = 0xcbf29ce484222325L;

    ContentHash text(@Nullable String text) {
        if (text == null) {
            return number(-1);
        }
        long h = hash;
        for (int i = 0; i < text.length(); i++) {
            h = (h ^ text.charAt(i)) * PRIME;
        }
        hash = h;
        return number(text.length());
    }

    ContentHash number(long number) {
        long h = (hash ^ (number & 0xffff_ffffL)) * PRIME;
        h = (h ^ (number >>> 32)) * PRIME;
        hash = h ^ (h >>> 29);
        return this;
    }

    long value() {
        long h = hash;
        h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return h ^ (h >>> 33);
    }
}
