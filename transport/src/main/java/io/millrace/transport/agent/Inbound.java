package io.millrace.transport.agent;

import io.millrace.ring.Memory;
import io.millrace.transport.Protocol;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Received content that is not decoded yet. Grows with what really came, never with what a header promises. */
final class Inbound {
    private static final int INITIAL_CAPACITY = 64 * 1024;

    private final Pipe pipe;
    private final Protocol.Decoder decoder;
    private final int maxCapacity;
    private final int receiveRoom;
    private ByteBuffer buffer;

    /** Content between {@code start} and the buffer's position. */
    private int start;

    Inbound(final Pipe pipe, final Protocol protocol) {
        this.pipe = pipe;
        decoder = protocol.newDecoder();
        receiveRoom = pipe.receiveRoom();
        final int longestFrame = protocol.headerLength(protocol.maxMessageLength()) + protocol.maxMessageLength();
        maxCapacity = Math.max(INITIAL_CAPACITY, longestFrame + receiveRoom);
        buffer = allocate(INITIAL_CAPACITY);
    }

    private ByteBuffer allocate(final int capacity) {
        return pipe.memory() == Memory.HEAP ? ByteBuffer.allocate(capacity) : ByteBuffer.allocateDirect(capacity);
    }

    /** Receives once and decodes; returns the bytes received or {@link Pipe#END}. */
    int poll(final Protocol.MessageSink sink) throws IOException {
        makeRoom();
        final int bytes = pipe.receive(buffer);
        if (bytes > 0) {
            start += decoder.decode(buffer, start, buffer.position(), sink);
            if (start == buffer.position()) {
                discard();
            }
        }
        return bytes;
    }

    /** Receives once and throws the content away. */
    int skip() throws IOException {
        discard();
        return pipe.receive(buffer);
    }

    private void discard() {
        start = 0;
        buffer.clear();
    }

    /** Bytes of a message that has not come whole. */
    int pending() {
        return buffer.position() - start;
    }

    private void makeRoom() {
        if (buffer.remaining() >= receiveRoom) {
            return;
        }
        final int pending = pending();
        final ByteBuffer target = buffer.capacity() - pending >= Math.max(receiveRoom, pending)
                ? buffer
                : allocate(Math.min(maxCapacity, 2 * buffer.capacity()));
        target.put(0, buffer, start, pending);
        target.clear().position(pending);
        buffer = target;
        start = 0;
    }
}
