package io.millrace.transport.agent;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What the connection itself has to say: frames that never wait for a full ring, and go out between two messages. Bounded
 * in bytes; no memory before the first frame, none after the last. The connection's thread.
 */
final class ControlLane {
    private static final int CAPACITY = 4 * 1024;

    /** Null while there is nothing to say; else what is left lies between its position and limit. */
    private ByteBuffer pending;

    /** Takes a whole frame, from its position to its limit, which are left as they were; false if there is no room. */
    boolean offer(final ByteBuffer frame) {
        final int left = pending == null ? 0 : pending.remaining();
        if (frame.remaining() > CAPACITY - left) {
            return false;
        }
        if (pending == null) {
            pending = ByteBuffer.allocate(CAPACITY).limit(0);
        }
        pending.compact().put(frame.duplicate()).flip();
        return true;
    }

    boolean isEmpty() {
        return pending == null;
    }

    /** Sends what the pipe takes; returns the bytes. */
    int send(final Pipe pipe) throws IOException {
        final int before = pending.remaining();
        pipe.send(pending);
        final int bytes = before - pending.remaining();
        if (!pending.hasRemaining()) {
            pending = null;
        }
        return bytes;
    }
}
