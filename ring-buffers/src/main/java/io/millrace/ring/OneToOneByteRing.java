package io.millrace.ring;

import static io.millrace.ring.ConsumerFields.HEAD_POSITION;
import static io.millrace.ring.ConsumerFields.HEAD_SLOT;
import static io.millrace.ring.ProducerFields.HEAD_POSITION_CACHE;
import static io.millrace.ring.ProducerFields.HEAD_SLOT_CACHE;
import static io.millrace.ring.ProducerFields.TAIL;

/**
 * A {@link ByteRing} for one producer thread and one consumer. Claims are wait-free. It still claims by
 * compare-and-set, since any thread may close it at that very moment; the attempt can fail for no other reason.
 */
public final class OneToOneByteRing extends ByteRing {
    /**
     * Makes an empty ring.
     *
     * @param capacity        in bytes: a power of two from 64 to 1 GiB.
     * @param maxRecordLength in bytes: from 1 to the capacity, and at most 1 GiB less 8; the payload area is longer by so much.
     * @param memory          where the payload lives.
     * @throws IllegalArgumentException if a value is out of range.
     */
    public OneToOneByteRing(final int capacity, final int maxRecordLength, final Memory memory) {
        this(capacity, maxRecordLength, memory, 0);
    }

    OneToOneByteRing(final int capacity, final int maxRecordLength, final Memory memory, final long startPosition) {
        super(capacity, maxRecordLength, memory, startPosition);
    }

    @Override
    long claim(final int bytes, final int records) {
        final long tail = (long) TAIL.getOpaque(producer);
        if (tail < 0) {
            return CLOSED;
        }
        // Nobody else writes the copy: plain access.
        if (!tailWord.fits(
                tail, bytes, records, (long) HEAD_POSITION_CACHE.get(producer), (long) HEAD_SLOT_CACHE.get(producer))) {
            final long headSlot = (long) HEAD_SLOT.getAcquire(consumer);
            final long headPosition = (long) HEAD_POSITION.getAcquire(consumer);
            HEAD_SLOT_CACHE.set(producer, headSlot);
            HEAD_POSITION_CACHE.set(producer, headPosition);
            if (!tailWord.fits(tail, bytes, records, headPosition, headSlot)) {
                return BACK_PRESSURED;
            }
        }
        return TAIL.compareAndSet(producer, tail, tailWord.advance(tail, bytes, records)) ? tail : CLOSED;
    }
}
