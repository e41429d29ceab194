package io.millrace.jmh.ring;

import io.millrace.ring.ByteRing;
import io.millrace.ring.RecordHandler;
import java.nio.ByteBuffer;

/** Our rings. */
final class MillracePeer implements Peer {
    private final ByteRing ring;
    private Sink sink;
    private final RecordHandler handler = (buffer, offset, length) ->
            sink.onRecord(buffer.getLong(offset), buffer.getLong(offset + length - Long.BYTES), length);

    MillracePeer(final ByteRing ring) {
        this.ring = ring;
    }

    @Override
    public Writer writer(final ByteBuffer source) {
        // Not through this: the consumer writes the sink next to the ring, once a read.
        final ByteRing target = ring;
        return () -> target.offer(source, 0, source.capacity()) > 0;
    }

    @Override
    public int read(final Sink target, final int limit) {
        sink = target;
        return ring.read(handler, limit);
    }
}
