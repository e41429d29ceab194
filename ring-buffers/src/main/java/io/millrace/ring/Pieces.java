package io.millrace.ring;

import java.nio.ByteBuffer;
import java.util.Objects;

/** The pieces of a vectored offer: what lies between position and limit of some buffers of an array. Any thread; wait-free. */
public final class Pieces {
    private Pieces() {}

    /**
     * Bytes of all pieces.
     *
     * @param pieces buffers.
     * @param offset first of them that counts.
     * @param count  number of them.
     * @return their sum; {@link Integer#MAX_VALUE} if there are more.
     * @throws IndexOutOfBoundsException if offset and count do not fit.
     */
    public static int length(final ByteBuffer[] pieces, final int offset, final int count) {
        Objects.checkFromIndexSize(offset, count, pieces.length);
        long length = 0;
        for (int i = offset; i < offset + count; i++) {
            length += pieces[i].remaining();
        }
        return (int) Math.min(Integer.MAX_VALUE, length);
    }

    /**
     * Copies the pieces, exactly as many bytes as were measured before: a caller that moves a piece meanwhile must not write past
     * its claim.
     *
     * @param pieces       buffers, which stay as they are.
     * @param offset       first of them that counts.
     * @param count        number of them.
     * @param target       to copy to, by absolute indexes.
     * @param targetOffset where the first byte goes.
     * @param length       what {@link #length} said.
     * @throws IllegalStateException if a piece grew or shrank since.
     */
    public static void copy(
            final ByteBuffer[] pieces,
            final int offset,
            final int count,
            final ByteBuffer target,
            final int targetOffset,
            final int length) {
        int left = length;
        for (int i = offset; i < offset + count; i++) {
            final ByteBuffer piece = pieces[i];
            final int bytes = piece.remaining();
            if (bytes > left) {
                throw new IllegalStateException("a piece grew during the offer: index=" + i + " length=" + bytes);
            }
            target.put(targetOffset + length - left, piece, piece.position(), bytes);
            left -= bytes;
        }
        if (left != 0) {
            throw new IllegalStateException("the pieces shrank during the offer: missing=" + left);
        }
    }
}
