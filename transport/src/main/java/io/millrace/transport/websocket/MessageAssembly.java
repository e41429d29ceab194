package io.millrace.transport.websocket;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;

/**
 * One message that comes in pieces. Grows with what really came, up to a maximum, and holds nothing between two messages.
 * The connection's thread.
 */
final class MessageAssembly {
    private static final int MIN_CAPACITY = 256;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final int maxLength;
    private ByteBuffer content = NOTHING;
    private int length;

    MessageAssembly(final int maxLength) {
        this.maxLength = maxLength;
    }

    void add(final ByteBuffer source, final int offset, final int bytes) {
        final ByteBuffer target = room(bytes);
        target.put(length, source, offset, bytes);
        length += bytes;
    }

    /** The content, with room for more bytes behind it; to be followed by {@link #added}. */
    ByteBuffer room(final int bytes) {
        checkFits(bytes);
        if (content.capacity() - length < bytes) {
            final long doubled = Math.max(MIN_CAPACITY, Math.max(2L * content.capacity(), (long) length + bytes));
            final ByteBuffer larger = ByteBuffer.allocate((int) Math.min(maxLength, doubled));
            larger.put(0, content, 0, length);
            content = larger;
        }
        return content;
    }

    void added(final int bytes) {
        length += bytes;
    }

    /** Refuses a message that would be too long with more bytes. */
    void checkFits(final long bytes) {
        if (bytes > maxLength - length) {
            throw new ProtocolException(
                    CloseReason.MESSAGE_TOO_LONG,
                    "message too long: length=" + (length + bytes) + " maxMessageLength=" + maxLength);
        }
    }

    /** The bytes so far, from index 0 on. */
    ByteBuffer content() {
        return content;
    }

    int length() {
        return length;
    }

    int roomLeft() {
        return maxLength - length;
    }

    void clear() {
        content = NOTHING;
        length = 0;
    }
}
