package io.postpaid.sandbox;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
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
    /** Sees each line once, in order, our own included. The line is {@code length} bytes of the buffer, without its end. */
    interface Reader {
        void line(long position, byte[] buffer, int from, int length);
    }

    interface Work<T> {
        T run() throws IOException;
    }

    /**
     * A file lock belongs to the whole process: a second one in the same process is refused instead of waiting, and
     * closing any channel of the file gives up all of them. So the threads of a process agree among themselves first.
     */
    private static final ConcurrentHashMap<Path, ReentrantLock> MUTEXES = new ConcurrentHashMap<>();

    private static final int CHUNK = 1 << 20;

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

    <T> T exclusively(Work<T> work) throws IOException {
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
        var open = open();
        write(open, line);
        reader.line(position, line, 0, line.length - 1);
        position += line.length;
    }

    /** Only within {@link #exclusively}. */
    byte[] read(long from, int length) throws IOException {
        var bytes = new byte[length];
        readFully(open(), from, bytes, 0, length);
        return bytes;
    }

    @Override
    public void close() throws IOException {
        mutex.lock();
        try {
            if (channel != null) {
                channel.close();
            }
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

    private void write(FileChannel open, byte[] line) throws IOException {
        var buffer = ByteBuffer.wrap(line);
        var to = position;
        while (buffer.hasRemaining()) {
            to += open.write(buffer, to);
        }
    }

    private void catchUp(FileChannel open) throws IOException {
        var size = open.size();
        if (size < position) {
            throw new IllegalStateException(file + " was cut from " + position + " to " + size + " bytes while in use");
        }
        var buffer = new byte[0];
        while (position < size) {
            // A line longer than the chunk: try again with more of it.
            buffer = new byte[(int) Math.min(size - position, Math.max(CHUNK, 2L * buffer.length))];
            readFully(open, position, buffer, 0, buffer.length);
            var consumed = readLines(buffer);
            if (consumed == 0 && position + buffer.length == size) {
                // Whoever wrote this was killed at it, and so answered nobody: the line never happened.
                open.truncate(position);
                return;
            }
            if (consumed > 0) {
                position += consumed;
                buffer = new byte[0];
            }
        }
    }

    private int readLines(byte[] buffer) {
        var start = 0;
        for (int i = 0; i < buffer.length; i++) {
            if (buffer[i] == '\n') {
                reader.line(position + start, buffer, start, i - start);
                start = i + 1;
            }
        }
        return start;
    }

    private void readFully(FileChannel open, long from, byte[] bytes, int offset, int length) throws IOException {
        var buffer = ByteBuffer.wrap(bytes, offset, length);
        while (buffer.hasRemaining()) {
            if (open.read(buffer, from + buffer.position() - offset) < 0) {
                throw new EOFException(file + " ends before byte " + (from + length));
            }
        }
    }
}
