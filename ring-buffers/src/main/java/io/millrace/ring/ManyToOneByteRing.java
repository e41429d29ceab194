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
     * @param maxRecordLength in bytes: from 1 to the capacity, and below 1 GiB; the payload area is longer by so much.
     * @param memory          where the payload lives.
     * @throws IllegalArgumentException if a value is out of range.
     */
    public ManyToOneByteRing(final int capacity, final int maxRecordLength, final Memory memory) {
        this(capacity, maxRecordLength, memory, 0);
    }

    ManyToOneByteRing(final int capacity, final int maxRecordLength, final Memory memory, final long startPosition) {
        super(capacity, maxRecordLength, memory, startPosition);
    }

    @Override
    long claim(final int bytes, final int records) {
        // The head is read before the tail, so that it never seems to be past it.
        long headPosition = (long) HEAD_POSITION_CACHE.getAcquire(producer);
        long headSlot = (long) HEAD_SLOT_CACHE.getAcquire(producer);
        while (true) {
            final long tail = (long) TAIL.getVolatile(producer);
            if (tail < 0) {
                return CLOSED;
            }
            if (tailWord.fits(tail, bytes, records, headPosition, headSlot)) {
                if (TAIL.compareAndSet(producer, tail, tailWord.advance(tail, bytes, records))) {
                    return tail;
                }
                continue;
            }
            final long freshSlot = (long) HEAD_SLOT.getAcquire(consumer);
            final long freshPosition = (long) HEAD_POSITION.getAcquire(consumer);
            if (freshPosition == headPosition && freshSlot == headSlot) {
                return BACK_PRESSURED;
            }
            headPosition = freshPosition;
            headSlot = freshSlot;
            // Release and acquire on the copy carry on what the consumer released: its reads are over.
            HEAD_POSITION_CACHE.setRelease(producer, headPosition);
            HEAD_SLOT_CACHE.setRelease(producer, headSlot);
        }
    }
}
