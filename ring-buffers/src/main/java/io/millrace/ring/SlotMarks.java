package io.millrace.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The commit marks of a {@link ByteRing}, one a slot. The claimant stores with release, behind its payload; the consumer
 * loads with acquire, before it reads the payload.
 *
 * <p>Within every 64 marks, neighbours in claim order lie a cache line apart, so that a consumer that waits for one mark
 * does not take the line from the producer of the next.
 */
final class SlotMarks {
    private static final VarHandle MARKS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int SPREAD_BITS = 3;
    private static final int SPREAD = (1 << SPREAD_BITS) - 1;

    private final long[] marks;
    private final int slotCount;
    private final int indexMask;

    /** The low bits of an index that change places with the next ones; none if there are too few slots. */
    private final int spread;

    SlotMarks(final int slotCount) {
        marks = new long[slotCount];
        this.slotCount = slotCount;
        indexMask = slotCount - 1;
        spread = slotCount > SPREAD << SPREAD_BITS ? SPREAD : 0;
    }

    /** The mark that a slot holds, of this lap or of the last. */
    long get(final long slot) {
        return (long) MARKS.getAcquire(marks, index(slot));
    }

    /** Stores a mark without its lap bit. */
    void set(final long slot, final long mark) {
        MARKS.setRelease(marks, index(slot), mark | lap(slot));
    }

    /** Whether what {@link #get} returned for a slot was stored in this lap. */
    boolean isSet(final long mark, final long slot) {
        return (mark & RingDescriptor.LAP_BIT) == lap(slot);
    }

    /** 1 in the first lap, for a fresh slot holds 0. */
    private long lap(final long slot) {
        return (slot & slotCount) == 0 ? RingDescriptor.LAP_BIT : 0;
    }

    private int index(final long slot) {
        final int index = (int) slot & indexMask;
        final int swapped = (index ^ (index >>> SPREAD_BITS)) & spread;
        return index ^ swapped ^ (swapped << SPREAD_BITS);
    }
}
