package io.millrace.jmh.ring;

import java.nio.ByteBuffer;
import java.util.Queue;

/** A queue of references: each record is an array of its own, as such queues are used. */
final class QueuePeer implements Peer {
    private final Queue<ByteBuffer> queue;

    QueuePeer(final Queue<ByteBuffer> queue) {
        this.queue = queue;
    }

    @Override
    public Writer writer(final ByteBuffer source) {
        return new Writer() {
            private ByteBuffer refused;

            @Override
            public boolean offer() {
                // A refused copy is offered again: a full queue costs no garbage.
                final ByteBuffer copy = refused == null ? ByteBuffer.allocate(source.capacity()) : refused;
                copy.put(0, source, 0, source.capacity());
                final boolean taken = queue.offer(copy);
                refused = taken ? null : copy;
                return taken;
            }
        };
    }

    @Override
    public int read(final Sink sink, final int limit) {
        int read = 0;
        for (ByteBuffer record = next(read, limit); record != null; record = next(read, limit)) {
            sink.onRecord(record.getLong(0), record.getLong(record.capacity() - Long.BYTES), record.capacity());
            read++;
        }
        return read;
    }

    private ByteBuffer next(final int read, final int limit) {
        return read < limit ? queue.poll() : null;
    }
}
