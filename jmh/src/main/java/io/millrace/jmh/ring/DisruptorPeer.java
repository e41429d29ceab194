package io.millrace.jmh.ring;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;
import java.nio.ByteBuffer;

/** The Disruptor, with one array of the records' length an entry, filled and read in place. */
final class DisruptorPeer implements Peer {
    private final RingBuffer<ByteBuffer> ring;
    private final EventPoller<ByteBuffer> poller;
    private Sink sink;
    private int read;
    private int limit;
    private final EventPoller.Handler<ByteBuffer> handler = this::onEvent;

    DisruptorPeer(final boolean manyToOne, final int entries, final int length) {
        ring = manyToOne
                ? RingBuffer.createMultiProducer(() -> ByteBuffer.allocate(length), entries, new YieldingWaitStrategy())
                : RingBuffer.createSingleProducer(
                        () -> ByteBuffer.allocate(length), entries, new YieldingWaitStrategy());
        poller = ring.newPoller();
        ring.addGatingSequences(poller.getSequence());
    }

    @Override
    public Writer writer(final ByteBuffer source) {
        // Not through this: the consumer writes its counts next to the ring, once a record.
        final RingBuffer<ByteBuffer> target = ring;
        return () -> {
            final long sequence;
            try {
                sequence = target.tryNext();
            } catch (final InsufficientCapacityException ex) {
                return false;
            }
            target.get(sequence).put(0, source, 0, source.capacity());
            target.publish(sequence);
            return true;
        };
    }

    private boolean onEvent(final ByteBuffer event, final long sequence, final boolean endOfBatch) {
        sink.onRecord(event.getLong(0), event.getLong(event.capacity() - Long.BYTES), event.capacity());
        return ++read < limit;
    }

    @Override
    public int read(final Sink target, final int most) {
        sink = target;
        limit = most;
        read = 0;
        try {
            poller.poll(handler);
        } catch (final RuntimeException ex) {
            throw ex;
        } catch (final Exception ex) {
            throw new IllegalStateException("the poller failed", ex);
        }
        return read;
    }
}
