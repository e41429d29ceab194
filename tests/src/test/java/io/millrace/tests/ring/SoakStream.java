package io.millrace.tests.ring;

import java.nio.ByteBuffer;

/**
 * What one producer writes: a stream of records whose lengths and bytes follow from seed, producer and number, so that
 * the consumer can tell every byte, also where a region does not say where its records end.
 */
final class SoakStream {
    static final int MAX_PRODUCERS = 4;

    private final long seed;
    private final int producer;
    private final int maxLength;

    SoakStream(final long seed, final int producer, final int maxLength) {
        this.seed = seed;
        this.producer = producer;
        this.maxLength = maxLength;
    }

    /** The producer whose record begins with this byte. */
    static int producerOf(final byte first) {
        return (first & 0xFF) >>> 6;
    }

    /** Mostly short, sometimes anything up to the maximum. */
    int length(final long number) {
        final long random = mix(seed + producer + number * MAX_PRODUCERS);
        final int most = (random & 7) == 0 ? maxLength : Math.min(maxLength, 40);
        return 1 + (int) ((random >>> 8) % most);
    }

    void put(final long number, final ByteBuffer target, final int offset) {
        final int length = length(number);
        for (int i = 0; i < length; i++) {
            target.put(offset + i, at(number, i));
        }
    }

    /** Compares a record, and says what differs, or null. */
    String difference(final long number, final ByteBuffer source, final int offset, final int available) {
        final int length = length(number);
        if (length > available) {
            return "record cut off: producer=" + producer + " number=" + number + " length=" + length + " available="
                    + available;
        }
        for (int i = 0; i < length; i++) {
            if (source.get(offset + i) != at(number, i)) {
                return "wrong byte: producer=" + producer + " number=" + number + " length=" + length + " index=" + i;
            }
        }
        return null;
    }

    private byte at(final long number, final int index) {
        return index == 0
                ? (byte) (producer << 6 | (int) (number & 63))
                : (byte) (producer * 31 + (int) number * 17 + index * 7);
    }

    private static long mix(final long value) {
        long z = value * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return (z ^ (z >>> 31)) >>> 1;
    }
}
