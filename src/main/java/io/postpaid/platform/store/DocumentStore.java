package io.postpaid.platform.store;

import java.io.IOException;
import java.util.Map;

/**
 * Where the documents of all processes on one database lie. A name is a path such as {@code 2026-10/2026-000001.pdf}.
 * A bucket that is not there, or does not let us in, is out of reach for every document.
 */
public interface DocumentStore {
    /** Where one lies, for people. */
    String place(String file);

    /** @throws java.nio.file.NoSuchFileException if it is not there */
    byte[] read(String file) throws IOException;

    /** How long one is, or less than zero if it is not there. */
    long size(String file) throws IOException;

    /** Puts each in its place, also where one lies already. */
    void write(Map<String, byte[]> files) throws IOException;
}
