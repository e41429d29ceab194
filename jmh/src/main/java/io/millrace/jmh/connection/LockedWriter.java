package io.millrace.jmh.connection;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Frames messages into a buffer and writes it, behind a lock: per message, or whenever it is full. Any thread. */
final class LockedWriter implements Link.Sender {
    private static final int BUFFER_LENGTH = 16 * 1024;
    private static final int LONGEST_FRAME = 64 * 1024;

    private final SocketStream stream;
    private final boolean buffered;
    private final ByteBuffer buffer;

    LockedWriter(final SocketStream stream, final boolean buffered) {
        this.stream = stream;
        this.buffered = buffered;
        buffer = stream.allocate(buffered ? BUFFER_LENGTH : LONGEST_FRAME);
    }

    @Override
    public synchronized boolean offer(final ByteBuffer source, final int offset, final int length) throws IOException {
        if (buffer.remaining() < Link.HEADER_LENGTH) {
            flush();
        }
        buffer.putInt(length);
        int copied = 0;
        while (copied < length) {
            final int bytes = Math.min(buffer.remaining(), length - copied);
            buffer.put(buffer.position(), source, offset + copied, bytes);
            buffer.position(buffer.position() + bytes);
            copied += bytes;
            if (!buffer.hasRemaining()) {
                flush();
            }
        }
        if (!buffered) {
            flush();
        }
        return true;
    }

    synchronized void flush() throws IOException {
        stream.write(buffer.flip());
        buffer.clear();
    }
}
