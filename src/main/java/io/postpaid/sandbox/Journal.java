package io.postpaid.sandbox;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An append-only file of lines that several processes share. Who works on it holds it alone, and has first read what the
 * others appended since.
 *
 * <p>Nothing is forced to the disk: a killed process loses nothing that it wrote, only a power cut could, and nobody's
 * money hangs on a sandbox.
 */
final class Journal implements AutoCloseable {
    /** Sees each line once, in order, our own included, without its end. */
    interface Reader {
        void line(long position, byte[] line);
    }

    interface FileWork<T> {
        T run() throws IOException;
    }

    /**
     * A file lock belongs to the whole process: a second one in the same process is refused instead of waiting, and
     * closing any channel of the file gives up all of them. So the threads of a process agree among themselves first.
     */
    private static final ConcurrentHashMap<Path, ReentrantLock> MUTEXES = new ConcurrentHashMap<>();

    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final Reader reader;
    private final ReentrantLock mutex;
    private @Nullable FileChannel channel;
    private long position;

    Journal(Path file, Reader reader) {
        this.file = file.toAbsolutePath().normalize();
        this.reader = reader;
        this.mutex = MUTEXES.computeIfAbsent(this.file, path -> new ReentrantLock());
    }

    <T> T exclusively(FileWork<T> work) throws IOException {
        mutex.lock();
        try {
            var open = open();
            try (var held = open.lock()) {
                catchUp(open);
                return work.run();
            }
        } finally {
            mutex.unlock();
        }
    }

    /** Appends one line, which must end with a line feed, in one write. Only within {@link #exclusively}. */
    void append(byte[] line) throws IOException {
        var buffer = ByteBuffer.wrap(line);
        while (buffer.hasRemaining()) open().write(buffer, position + buffer.position());
        reader.line(position, java.util.Arrays.copyOf(line, line.length - 1));
        position += line.length;
    }

    /** Only within {@link #exclusively}. */
    byte[] read(long from, int length) throws IOException {
        var buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (open().read(buffer, from + buffer.position()) < 0) {
                throw new EOFException(file + " ends before byte " + (from + length));
            }
        }
        return buffer.array();
    }

    @Override
    public void close() throws IOException {
        mutex.lock();
        try {
            if (channel != null) channel.close();
        } finally {
            mutex.unlock();
        }
    }

    private FileChannel open() throws IOException {
        if (channel == null) {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
        return channel;
    }

    private void catchUp(FileChannel open) throws IOException {
        var size = open.size();
        if (size < position) {
            throw new IllegalStateException(file + " was cut from " + position + " to " + size + " bytes while in use");
        }
        if (size == position) return;
        var in = new BufferedInputStream(Channels.newInputStream(open.position(position)), BUFFER);
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next != '\n') {
                line.write(next);
                continue;
            }
            reader.line(position, line.toByteArray());
            position += line.size() + 1L;
            line.reset();
        }
        // Whoever wrote the rest was killed at it, and so answered nobody: the line never happened.
        if (line.size() > 0) open.truncate(position);
    }
}
