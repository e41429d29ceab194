package io.millrace.transport.frame;

import java.nio.ByteBuffer;

/** Finds bytes in a buffer, eight at a time. */
final class ByteSearch {
    private static final long LOW_BITS = 0x7F7F_7F7F_7F7F_7F7FL;

    private ByteSearch() {}

    /** A pattern for {@link #indexOf(ByteBuffer, int, int, long)}: the byte, eight times. */
    static long pattern(final byte wanted) {
        return Byte.toUnsignedLong(wanted) * 0x0101_0101_0101_0101L;
    }

    /**
     * Finds the first byte that a pattern repeats.
     *
     * @param source big-endian.
     * @return its index, or the limit if it is not there.
     */
    static int indexOf(final ByteBuffer source, final int from, final int limit, final long pattern) {
        int at = from;
        for (; at <= limit - Long.BYTES; at += Long.BYTES) {
            // A byte of zero is a match. The sum can't carry from one byte into the next, so the top bits are exact.
            final long difference = source.getLong(at) ^ pattern;
            final long matches = ~(((difference & LOW_BITS) + LOW_BITS) | difference | LOW_BITS);
            if (matches != 0) {
                return at + Long.numberOfLeadingZeros(matches) / Byte.SIZE;
            }
        }
        final byte wanted = (byte) pattern;
        while (at < limit && source.get(at) != wanted) {
            at++;
        }
        return at;
    }

    /**
     * Finds the first place where a sequence of bytes begins.
     *
     * @param pattern of the sequence's first byte.
     * @return its index, or if it is not there, the first place where it could still begin.
     */
    static int indexOf(
            final ByteBuffer source, final int from, final int limit, final byte[] sequence, final long pattern) {
        final int end = limit - sequence.length + 1;
        int at = indexOf(source, from, Math.max(from, end), pattern);
        while (at < end && !matches(source, at, sequence)) {
            at = indexOf(source, at + 1, end, pattern);
        }
        return at;
    }

    private static boolean matches(final ByteBuffer source, final int at, final byte[] sequence) {
        int i = 1;
        while (i < sequence.length && source.get(at + i) == sequence[i]) {
            i++;
        }
        return i == sequence.length;
    }
}
