package io.millrace.jmh.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/** Agrona's rings: needs {@link #FLAG}. */
final class AgronaPeer implements Peer {
    static final String FLAG = "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED";

    private final RingBuffer ring;
    private Sink sink;
    private final MessageHandler handler = (type, buffer, index, length) -> sink.onRecord(
            buffer.getLong(index, ByteOrder.BIG_ENDIAN),
            buffer.getLong(index + length - Long.BYTES, ByteOrder.BIG_ENDIAN),
            length);

    private AgronaPeer(final RingBuffer ring) {
        this.ring = ring;
    }

    static Peer of(final boolean manyToOne, final int capacity) {
        final UnsafeBuffer memory =
                new UnsafeBuffer(ByteBuffer.allocateDirect(capacity + RingBufferDescriptor.TRAILER_LENGTH + Long.BYTES)
                        .alignedSlice(Long.BYTES)
                        .limit(capacity + RingBufferDescriptor.TRAILER_LENGTH)
                        .slice());
        return new AgronaPeer(manyToOne ? new ManyToOneRingBuffer(memory) : new OneToOneRingBuffer(memory));
    }

    @Override
    public Writer writer(final ByteBuffer source) {
        final UnsafeBuffer wrapped = new UnsafeBuffer(source);
        // Not through this: the consumer writes the sink next to the ring, once a read.
        final RingBuffer target = ring;
        return () -> target.write(1, wrapped, 0, wrapped.capacity());
    }

    @Override
    public int read(final Sink target, final int limit) {
        sink = target;
        return ring.read(handler, limit);
    }
}
