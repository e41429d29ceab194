package io.millrace.jmh.connection;

import java.nio.ByteBuffer;

/**
 * What a message carries: sender and sequence, a checksum, then bytes that differ from sender to sender. The checksum
 * covers every byte and their order; only the sequence changes between messages, so that stamping is cheap and checking
 * is not.
 */
final class Payload {
    /** The shortest that has room for all that is checked. */
    static final int MIN_LENGTH = 2 * Long.BYTES;

    private static final int SENDER_SHIFT = 48;
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private final ByteBuffer buffer;
    private final long bodySum;
    private long next;

    Payload(final int sender, final int length) {
        if (length < MIN_LENGTH) {
            throw new IllegalArgumentException("length must be " + MIN_LENGTH + " or more: length=" + length);
        }
        buffer = ByteBuffer.allocate(length);
        for (int i = MIN_LENGTH; i < length; i++) {
            buffer.put(i, (byte) (i * 31 + sender));
        }
        bodySum = bodySum(buffer, 0, length);
        next = first(sender);
    }

    private static long first(final int sender) {
        return (long) sender << SENDER_SHIFT;
    }

    /** The message that comes next, until {@link #sent}. */
    ByteBuffer stamped() {
        buffer.putLong(0, next).putLong(Long.BYTES, bodySum ^ (next * FACTOR));
        return buffer;
    }

    void sent() {
        next++;
    }

    /** Messages sent. */
    long count() {
        return next & ((1L << SENDER_SHIFT) - 1);
    }

    /** Two running sums, so that the order counts: no multiplication, which would bound the receiver. */
    private static long bodySum(final ByteBuffer source, final int offset, final int length) {
        long sum = 0;
        long sumOfSums = 0;
        int i = offset + MIN_LENGTH;
        final int end = offset + length;
        for (; i <= end - Long.BYTES; i += Long.BYTES) {
            sum += source.getLong(i);
            sumOfSums += sum;
        }
        for (; i < end; i++) {
            sum += source.get(i);
            sumOfSums += sum;
        }
        return sum ^ Long.rotateLeft(sumOfSums, 32);
    }

    /** Checks messages of several senders. One thread. */
    static final class Check {
        private final long[] expected;
        private final int length;

        Check(final int senders, final int length) {
            expected = new long[senders];
            for (int i = 0; i < senders; i++) {
                expected[i] = first(i);
            }
            this.length = length;
        }

        void onMessage(final ByteBuffer source, final int offset, final int messageLength) {
            final long stamp = source.getLong(offset);
            final int sender = (int) (stamp >>> SENDER_SHIFT);
            if (messageLength != length
                    || sender >= expected.length
                    || expected[sender] != stamp
                    || source.getLong(offset + Long.BYTES) != (bodySum(source, offset, length) ^ (stamp * FACTOR))) {
                throw new IllegalStateException("lost, torn or out of order: stamp=" + Long.toHexString(stamp)
                        + " length=" + messageLength + " offset=" + offset);
            }
            expected[sender] = stamp + 1;
        }
    }
}
