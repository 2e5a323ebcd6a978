package io.postpaid.usage.format;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** What a stream has within gzip or zstd, by its first bytes; other streams as they are. Nothing that is packed is passed over. */
public final class Unpacked {
    private static final int BUFFER = 1 << 16;
    /** The largest window that {@code zstd} itself takes without being told: 128 MB, which a frame could make two gigabytes. */
    private static final int WINDOW_LOG = 27;

    /** Written out, so that the library's native part is loaded for what needs it alone. */
    private static final int ZSTD = 0xfd2fb528;

    private Unpacked() {}

    public static InputStream of(InputStream stream) throws IOException {
        var in = new BufferedInputStream(stream, BUFFER);
        in.mark(4);
        byte[] first = in.readNBytes(4);
        in.reset();
        if (isGzip(first)) return new Members(in);
        return isZstd(first) ? new Frames(in) : in;
    }

    /** Whether it would be unpacked: a few megabytes can be many gigabytes then, which a file may be and a request may not. */
    public static boolean isPacked(byte[] bytes) {
        return isGzip(bytes) || isZstd(bytes);
    }

    private static boolean isGzip(byte[] first) {
        return first.length >= 2 && first[0] == 0x1f && first[1] == (byte) 0x8b;
    }

    /** A frame, or what parallel packers put before it. */
    private static boolean isZstd(byte[] first) {
        if (first.length < 4) return false;
        int magic = first[0] & 0xff | (first[1] & 0xff) << 8 | (first[2] & 0xff) << 16 | first[3] << 24;
        return magic == ZSTD || (magic & 0xfffffff0) == 0x184d2a50;
    }

    /** Its parent takes a member that is broken at its beginning for the end, and would drop it and all that follow. */
    private static final class Members extends GZIPInputStream {
        private static final int TRAILER = 8;

        Members(InputStream in) throws IOException {
            super(in, BUFFER);
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            int read = super.read(into, from, length);
            if (read < 0) endsHere();
            return read;
        }

        /** Only zeros may follow, with which tapes are filled up. */
        private void endsHere() throws IOException {
            int behind = 0;
            for (int at = len - inf.getRemaining() + TRAILER; at < len; at++) behind |= buf[at];
            for (int next = in.read(); next >= 0; next = in.read()) behind |= next;
            if (behind != 0) throw new IOException("what follows the packed data is no gzip");
        }
    }

    private static final class Frames extends FilterInputStream {
        Frames(InputStream in) throws IOException {
            super(frames(in));
        }

        private static InputStream frames(InputStream in) throws IOException {
            try {
                return new ZstdInputStreamNoFinalizer(in).setLongMax(WINDOW_LOG);
            } catch (LinkageError e) {
                throw new IOException("zstd can't be unpacked on this machine: pack the file with gzip", e);
            }
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            try {
                return super.read(into, from, length);
            } catch (ZstdIOException e) {
                if (e.getErrorCode() != Zstd.errFrameParameterWindowTooLarge()) throw e;
                throw new IOException(
                        "its zstd needs more than 128 MB of memory: pack it without --long or --ultra", e);
            }
        }
    }
}
