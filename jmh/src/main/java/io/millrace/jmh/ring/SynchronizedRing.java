package io.millrace.jmh.ring;

import java.nio.ByteBuffer;

/** A byte ring as one writes it with a lock: length, bytes, and {@code synchronized} round both ends. */
final class SynchronizedRing implements Peer {
    private final ByteBuffer buffer;
    private final int capacity;
    private final boolean batches;
    private long head;
    private long tail;

    /** Takes the lock for each read of many records, or for each record, as a queue's {@code poll} does. */
    SynchronizedRing(final int capacity, final int maxRecordLength, final boolean batches) {
        this.capacity = capacity;
        this.batches = batches;
        buffer = ByteBuffer.allocateDirect(capacity + Integer.BYTES + maxRecordLength);
    }

    @Override
    public Writer writer(final ByteBuffer source) {
        return () -> put(source);
    }

    private synchronized boolean put(final ByteBuffer source) {
        final int length = source.capacity();
        if (tail - head + Integer.BYTES + length > capacity) {
            return false;
        }
        final int offset = (int) tail & (capacity - 1);
        buffer.putInt(offset, length).put(offset + Integer.BYTES, source, 0, length);
        tail += Integer.BYTES + length;
        return true;
    }

    @Override
    public int read(final Sink sink, final int limit) {
        if (batches) {
            return readLocked(sink, limit);
        }
        int read = 0;
        while (read < limit && readLocked(sink, 1) > 0) {
            read++;
        }
        return read;
    }

    private synchronized int readLocked(final Sink sink, final int limit) {
        int read = 0;
        while (read < limit && head < tail) {
            final int offset = (int) head & (capacity - 1);
            final int length = buffer.getInt(offset);
            final int start = offset + Integer.BYTES;
            sink.onRecord(buffer.getLong(start), buffer.getLong(start + length - Long.BYTES), length);
            head += Integer.BYTES + length;
            read++;
        }
        return read;
    }
}
