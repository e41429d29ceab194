package io.millrace.jmh.ring;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** What is written into a record's ends, and the check of it: in order per producer, whole, of the right length. */
final class Stamps implements Peer.Sink {
    private static final int PRODUCER_SHIFT = 56;
    private static final long FACTOR = 0x9E3779B97F4A7C15L;

    private final long[] expected;
    private final int length;

    Stamps(final int producers, final int length) {
        expected = new long[producers];
        for (int i = 0; i < producers; i++) {
            expected[i] = (long) i << PRODUCER_SHIFT;
        }
        this.length = length;
    }

    static void put(final ByteBuffer record, final int producer, final long number) {
        final long first = (long) producer << PRODUCER_SHIFT | number;
        record.putLong(0, first).putLong(record.capacity() - Long.BYTES, first * FACTOR);
    }

    @Override
    public void onRecord(final long first, final long last, final int recordLength) {
        final int producer = (int) (first >>> PRODUCER_SHIFT);
        if (recordLength != length || last != first * FACTOR || expected[producer] != first) {
            throw new IllegalStateException("lost, torn or out of order: producer=" + producer + " first=" + first
                    + " last=" + last + " length=" + recordLength + " expected=" + Arrays.toString(expected));
        }
        expected[producer] = first + 1;
    }

    long total() {
        long total = 0;
        for (int i = 0; i < expected.length; i++) {
            total += expected[i] - ((long) i << PRODUCER_SHIFT);
        }
        return total;
    }
}
