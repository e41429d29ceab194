package io.millrace.ring;

import java.nio.ByteBuffer;
import java.util.Objects;

/** The pieces of a vectored offer. */
final class Pieces {
    private Pieces() {}

    static long lengthOf(final ByteBuffer[] pieces, final int offset, final int count) {
        Objects.checkFromIndexSize(offset, count, pieces.length);
        long length = 0;
        for (int i = offset; i < offset + count; i++) {
            length += pieces[i].remaining();
        }
        return length;
    }

    /** Copies exactly {@code length} bytes: a caller that moves a piece meanwhile must not write past its claim. */
    static void copy(
            final ByteBuffer[] pieces,
            final int offset,
            final int count,
            final ByteBuffer target,
            final int targetOffset,
            final int length) {
        int copied = 0;
        for (int i = offset; i < offset + count; i++) {
            final ByteBuffer piece = pieces[i];
            final int bytes = piece.remaining();
            if (bytes > length - copied) {
                throw new IllegalStateException("piece grew during the offer: index=" + i + " length=" + bytes);
            }
            target.put(targetOffset + copied, piece, piece.position(), bytes);
            copied += bytes;
        }
        if (copied != length) {
            throw new IllegalStateException("pieces shrank during the offer: missing=" + (length - copied));
        }
    }
}
