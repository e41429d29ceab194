package io.millrace.transport.agent;

import io.millrace.ring.ManyToOneByteRing;
import java.nio.ByteBuffer;

/**
 * A ring of a {@link RingCell}, and the one before it, as long as the consumer has that to drain. The consumer's own, apart
 * from the ring.
 */
final class RingLink {
    private static final int ZEROS_LENGTH = 8 * 1024;
    private static final ByteBuffer ZEROS = ByteBuffer.allocate(ZEROS_LENGTH).asReadOnlyBuffer();

    final ManyToOneByteRing ring;

    /** Null once that is drained. */
    RingLink previous;

    private final long start;

    RingLink(final ManyToOneByteRing ring, final RingLink previous) {
        this.ring = ring;
        this.previous = previous;
        start = ring.consumerPosition();
    }

    /** The link right behind another one, or the first one behind null: this one, or one before it. */
    RingLink after(final RingLink other) {
        RingLink link = this;
        while (link.previous != other) {
            link = link.previous;
        }
        return link;
    }

    /** Records accepted so far. */
    long claimed() {
        return ring.claimedRecords() - ring.abortedRecords();
    }

    /** Overwrites what messages have lain in the ring. */
    void wipe() {
        final ByteBuffer buffer = ring.buffer();
        final int capacity = ring.capacity();
        // A ring does not begin at its buffer's first byte but at its position modulo the capacity.
        final boolean wrapped = (start & (capacity - 1)) + ring.producerPosition() - start > capacity;
        final int from = wrapped ? 0 : (int) start & (capacity - 1);
        final int to = wrapped ? buffer.capacity() : from + (int) (ring.producerPosition() - start);
        for (int at = from; at < to; at += ZEROS_LENGTH) {
            buffer.put(at, ZEROS, 0, Math.min(ZEROS_LENGTH, to - at));
        }
    }
}
