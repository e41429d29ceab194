package io.millrace.transport.agent;

import java.nio.ByteBuffer;
import java.util.Objects;

/** The pieces of one message. */
final class MessagePieces {
    private MessagePieces() {}

    /** Bytes of all pieces; {@link Integer#MAX_VALUE} if there are more. */
    static int length(final ByteBuffer[] pieces, final int offset, final int count) {
        Objects.checkFromIndexSize(offset, count, pieces.length);
        long length = 0;
        for (int i = offset; i < offset + count; i++) {
            length += pieces[i].remaining();
        }
        return (int) Math.min(Integer.MAX_VALUE, length);
    }

    /** Copies exactly {@code length} bytes: a caller that moves a piece meanwhile must not write past its claim. */
    static void copy(
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
