package io.millrace.ring;

/**
 * Layout of a byte ring. Three areas, none of which shares a cache line with another:
 *
 * <pre>
 *  tail word (producers)
 *   63 62                    P P-1                                  0
 *  +--+----------------------+---------------------------------------+
 *  |C |  slot number (63-P)  |  byte position of the next record (P) |      C = closed
 *  +--+----------------------+---------------------------------------+
 *
 *  slots, one 64-bit mark a record; neighbours in claim order lie a cache line apart, see {@link SlotMarks}
 *   63                          32 31                        2  1  0
 *  +------------------------------+---------------------------+--+--+
 *  |  start position, low 32 bits |         length            |A |L |      A = aborted, L = lap
 *  +------------------------------+---------------------------+--+--+
 *
 *  payload: nothing but record bytes, one after the other
 *  |0                                            capacity|         + maxRecordLength|
 *  +-----------------------------------------------------+--------------------------+
 *  |  record i begins at (position &amp; (capacity - 1))      |  run-out of a record that|
 *  |                                                     |  begins before capacity  |
 *  +-----------------------------------------------------+--------------------------+
 * </pre>
 *
 * <p>The run-out makes every record contiguous without padding records: the next one begins at its position modulo the
 * capacity, as if the bytes had wrapped.
 *
 * <p>A slot is written exactly once a lap, so one bit that flips from lap to lap tells a mark of this lap from what the
 * last one left, and nobody has to clear it.
 *
 * <p>{@code P} is as large as the number of slots allows. Both fields wrap: a producer that stalls between reading the
 * tail and its compare-and-set would have to sleep through an exact multiple of {@code 2^P} bytes <em>and</em> of all
 * slot numbers to be deceived. For a ring of 1 MiB, {@code P} is 47: 128 TiB.
 */
final class RingDescriptor {
    /** Smallest capacity in bytes. */
    static final int MIN_CAPACITY = 64;

    /** Largest capacity in bytes. */
    static final int MAX_CAPACITY = 1 << 30;

    /**
     * Longest record that any ring can hold, in bytes: what 30 bits of a mark can say, and the longest array of a JVM, which is a few
     * bytes shorter than an int can say, has room for behind the largest capacity.
     */
    static final int MAX_RECORD_LENGTH = (1 << 30) - 8;

    /** Set in the tail word by {@code close()}; it is the sign, so a closed tail is a negative one. */
    static final long CLOSED_BIT = Long.MIN_VALUE;

    /** One slot for so many bytes of capacity: records below this average fill the slots before the bytes. */
    static final int BYTES_PER_SLOT = 32;

    private static final int MIN_SLOTS = 8;
    private static final int POSITION_SHIFT = 32;
    private static final int LENGTH_SHIFT = 2;
    private static final long ABORTED_BIT = 0b10;
    static final long LAP_BIT = 0b01;

    private RingDescriptor() {}

    static int slotCount(final int capacity) {
        return Math.max(MIN_SLOTS, capacity / BYTES_PER_SLOT);
    }

    /** Bits of the tail word that hold the byte position: all that the slot number and its lap do not need. */
    static int positionBits(final int slotCount) {
        return Long.SIZE - 1 - (Integer.numberOfTrailingZeros(slotCount) + 1);
    }

    static long committed(final long position, final int length) {
        return (position << POSITION_SHIFT) | ((long) length << LENGTH_SHIFT);
    }

    static long aborted(final long position, final int length) {
        return committed(position, length) | ABORTED_BIT;
    }

    static boolean isAborted(final long mark) {
        return (mark & ABORTED_BIT) != 0;
    }

    static int length(final long mark) {
        return (int) mark >>> LENGTH_SHIFT;
    }

    /** The start position in a mark, widened by a position that lies at most a capacity before it. */
    static long startPosition(final long mark, final long base) {
        return base + (((mark >>> POSITION_SHIFT) - base) & 0xFFFF_FFFFL);
    }

    static int checkCapacity(final int capacity) {
        if (capacity < MIN_CAPACITY || capacity > MAX_CAPACITY || Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity must be a power of two from " + MIN_CAPACITY + " to "
                    + MAX_CAPACITY + ": capacity=" + capacity);
        }
        return capacity;
    }

    static int checkMaxRecordLength(final int maxRecordLength, final int capacity) {
        final int most = Math.min(capacity, MAX_RECORD_LENGTH);
        if (maxRecordLength < 1 || maxRecordLength > most) {
            throw new IllegalArgumentException("maxRecordLength must be from 1 to " + most + " with capacity="
                    + capacity + ": maxRecordLength=" + maxRecordLength);
        }
        return maxRecordLength;
    }

    static int checkLength(final int length) {
        if (length <= 0) {
            throw new IllegalArgumentException("must be at least 1: length=" + length);
        }
        return length;
    }
}
