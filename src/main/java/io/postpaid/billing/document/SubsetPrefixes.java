package io.postpaid.billing.document;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Random;

/** The six letters before the name of an embedded font: drawn from the document's number, not from chance. */
final class SubsetPrefixes extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient ThreadLocal<Random> random = ThreadLocal.withInitial(() -> new Random(0));

    void startFor(String number) {
        random.get().setSeed(number.hashCode());
    }

    /** Cuts out what no document owns: its letters are its own, and the document's stay what they would have been. */
    FontPart.Cut apart(String name, Cutting cutting) throws IOException {
        var ofDocument = random.get();
        random.set(new Random(name.hashCode()));
        try {
            return cutting.cut();
        } finally {
            random.set(ofDocument);
        }
    }

    @FunctionalInterface
    interface Cutting {
        FontPart.Cut cut() throws IOException;
    }

    @Override
    public double nextDouble() {
        return random.get().nextDouble();
    }

    @Override
    public int nextInt(int bound) {
        return random.get().nextInt(bound);
    }
}
