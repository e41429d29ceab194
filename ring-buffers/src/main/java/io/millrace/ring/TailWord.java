package io.millrace.ring;

/**
 * Reads and advances the tail word of {@link RingDescriptor}'s diagram. Slot number and position both wrap, so they mean
 * something only next to a head that is near. Immutable.
 */
final class TailWord {
    private final int capacity;
    private final int slotCount;
    private final int positionBits;
    private final long positionMask;
    private final long slotMask;

    TailWord(final int capacity, final int slotCount) {
        this.capacity = capacity;
        this.slotCount = slotCount;
        positionBits = RingDescriptor.positionBits(slotCount);
        positionMask = (1L << positionBits) - 1;
        slotMask = (1L << (Long.SIZE - 1 - positionBits)) - 1;
    }

    /** The word of a ring whose next record begins at a position, in slot 0. */
    long at(final long position) {
        return position & positionMask;
    }

    /** Whether a claim fits, by a head that is not ahead of the tail and behind it by no more than the ring holds. */
    boolean fits(final long tail, final int bytes, final int records, final long headPosition, final long headSlot) {
        return bytesSince(tail, headPosition) + bytes <= capacity
                && recordsSince(tail, headSlot) + records <= slotCount;
    }

    long advance(final long tail, final int bytes, final int records) {
        final long nextSlot = (slot(tail) + records) & slotMask;
        return (nextSlot << positionBits) | ((tail + bytes) & positionMask);
    }

    /** The wrapping slot number, from which the index and the lap of a mark follow. */
    long slot(final long tail) {
        return (tail >>> positionBits) & slotMask;
    }

    /** The full position, by any head position near it: before or behind. */
    long position(final long tail, final long near) {
        final int unused = Long.SIZE - positionBits;
        return near + (((tail - near) << unused) >> unused);
    }

    long bytesSince(final long tail, final long headPosition) {
        return (tail - headPosition) & positionMask;
    }

    long recordsSince(final long tail, final long headSlot) {
        return (slot(tail) - headSlot) & slotMask;
    }
}
