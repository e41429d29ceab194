package io.millrace.transport.websocket;

import io.millrace.transport.Conversation;
import io.millrace.transport.MessageClaim;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/** Keeps what is offered, unless it refuses. */
final class FakeLane implements Conversation.MessageLane {
    final List<byte[]> messages = new ArrayList<>();

    /** What offers are answered; 0 to take them. */
    long refusal;

    Runnable meanwhile = () -> {};

    static byte[] copy(final ByteBuffer buffer, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        buffer.get(offset, bytes);
        return bytes;
    }

    @Override
    public long offer(final ByteBuffer buffer, final int offset, final int length) {
        meanwhile.run();
        if (refusal != 0) {
            return refusal;
        }
        messages.add(copy(buffer, offset, length));
        return messages.size();
    }

    @Override
    public long offer(final DirectBuffer buffer, final int offset, final int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long offer(final ByteBuffer[] pieces, final int offset, final int count) {
        throw new UnsupportedOperationException();
    }

    @Override
    public MessageClaim newClaim() {
        throw new UnsupportedOperationException();
    }

    @Override
    public long tryClaim(final int length, final MessageClaim claim) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long send(final ByteBuffer buffer, final long timeoutNs) {
        throw new UnsupportedOperationException();
    }
}
