package io.millrace.ring;

import static io.millrace.ring.ConsumerFields.HEAD_POSITION;
import static io.millrace.ring.ConsumerFields.HEAD_SLOT;
import static io.millrace.ring.ProducerFields.HEAD_POSITION_CACHE;
import static io.millrace.ring.ProducerFields.HEAD_SLOT_CACHE;
import static io.millrace.ring.ProducerFields.TAIL;

/** A {@link ByteRing} for any number of producer threads and one consumer. Claims are lock-free. */
public final class ManyToOneByteRing extends ByteRing {
    /**
     * Makes an empty ring.
     *
     * @param capacity        in bytes: a power of two from 64 to 1 GiB.
     * @param maxRecordLength in bytes: from 1 to the capacity, and at most 1 GiB less 8; the payload area is longer by so much.
     * @param memory          where the payload lives.
     * @throws IllegalArgumentException if a value is out of range.
     */
    public ManyToOneByteRing(final int capacity, final int maxRecordLength, final Memory memory) {
        this(capacity, maxRecordLength, memory, 0);
    }

    /**
     * Makes an empty ring whose stream goes on from a position: where another ring ended, for instance.
     *
     * @param capacity        in bytes: a power of two from 64 to 1 GiB.
     * @param maxRecordLength in bytes: from 1 to the capacity, and at most 1 GiB less 8; the payload area is longer by so much.
     * @param memory          where the payload lives.
     * @param startPosition   of the first record: from 0 to half of {@link Long#MAX_VALUE}, so that no position is ever negative.
     * @throws IllegalArgumentException if a value is out of range.
     */
    public ManyToOneByteRing(
            final int capacity, final int maxRecordLength, final Memory memory, final long startPosition) {
        super(capacity, maxRecordLength, memory, checkStart(startPosition));
    }

    private static long checkStart(final long startPosition) {
        if (startPosition < 0 || startPosition > Long.MAX_VALUE / 2) {
            throw new IllegalArgumentException(
                    "startPosition must be from 0 to " + Long.MAX_VALUE / 2 + ": startPosition=" + startPosition);
        }
        return startPosition;
    }

    @Override
    long claim(final int bytes, final int records) {
        while (true) {
            final long tail = (long) TAIL.getVolatile(producer);
            if (tail < 0) {
                return CLOSED;
            }
            // After the tail: if the compare-and-set succeeds, the tail stood still while the copy was read.
            final long headPosition = (long) HEAD_POSITION_CACHE.getAcquire(producer);
            final long headSlot = (long) HEAD_SLOT_CACHE.getAcquire(producer);
            if (tailWord.fits(tail, bytes, records, headPosition, headSlot)) {
                if (TAIL.compareAndSet(producer, tail, tailWord.advance(tail, bytes, records))) {
                    return tail;
                }
            } else if (!refresh(headPosition, headSlot) && (long) TAIL.getVolatile(producer) == tail) {
                return BACK_PRESSURED;
            }
        }
    }

    /**
     * Brings the copy of the head up to date; says whether there was anything new. By compare-and-set, so that a producer
     * that slept in here cannot turn the copy back: slot numbers wrap, and by an old one a full ring may look empty.
     */
    private boolean refresh(final long headPosition, final long headSlot) {
        final long freshSlot = (long) HEAD_SLOT.getAcquire(consumer);
        final long freshPosition = (long) HEAD_POSITION.getAcquire(consumer);
        if (freshPosition != headPosition) {
            HEAD_POSITION_CACHE.compareAndSet(producer, headPosition, freshPosition);
        }
        if (freshSlot != headSlot) {
            HEAD_SLOT_CACHE.compareAndSet(producer, headSlot, freshSlot);
        }
        return freshPosition != headPosition || freshSlot != headSlot;
    }
}
