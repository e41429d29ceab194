package io.millrace.tests.scheme;

import io.millrace.ring.Parker;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One direction of a memory channel: bytes in order, bounded as a socket's buffers are. */
final class MemoryStream {
    private static final int CAPACITY = 64 * 1024;

    private final byte[] bytes = new byte[CAPACITY];
    private int start;
    private int length;
    private boolean ended;
    private boolean deaf;
    private Parker reader;
    private Parker writer;

    synchronized void reader(final Parker parker) {
        reader = parker;
    }

    synchronized void writer(final Parker parker) {
        writer = parker;
    }

    /**
     * Wakes the other side if something has changed for it, and only then: a read of nothing that wakes the peer, whose read of nothing
     * wakes this side, keeps both awake for ever. A scheduler of virtual threads then never comes to look at those that begin or are
     * woken from outside: a new connection was never driven.
     */
    private static void wake(final Parker parker, final int bytes) {
        if (bytes > 0) {
            unpark(parker);
        }
    }

    private static void unpark(final Parker parker) {
        if (parker != null) {
            parker.unpark();
        }
    }

    synchronized int write(final ByteBuffer source) throws IOException {
        if (deaf) {
            throw new IOException("the reader is gone");
        }
        final int count = Math.min(source.remaining(), CAPACITY - length);
        for (int i = 0; i < count; i++) {
            bytes[(start + length + i) % CAPACITY] = source.get();
        }
        length += count;
        wake(reader, count);
        return count;
    }

    synchronized int read(final ByteBuffer target) {
        if (length == 0 && ended && target.hasRemaining()) {
            return -1;
        }
        final int count = Math.min(target.remaining(), length);
        for (int i = 0; i < count; i++) {
            target.put(bytes[(start + i) % CAPACITY]);
        }
        start = (start + count) % CAPACITY;
        length -= count;
        wake(writer, count);
        return count;
    }

    synchronized boolean isReadable() {
        return length > 0 || ended;
    }

    synchronized boolean isWritable() {
        return length < CAPACITY || deaf;
    }

    /** By the writer: nothing comes behind what is there. */
    synchronized void end() {
        ended = true;
        unpark(reader);
    }

    /** By the reader: it is gone. */
    synchronized void stopListening() {
        deaf = true;
        unpark(writer);
    }
}
