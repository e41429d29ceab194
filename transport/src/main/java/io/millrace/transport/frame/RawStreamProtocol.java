package io.millrace.transport.frame;

import io.millrace.transport.Protocol;
import java.nio.ByteBuffer;

/**
 * No frames: the stream as it comes. A "message" is what one read brought, so the peer's boundaries mean nothing and
 * neither do ours; no byte is added, and none is ever waited for. A read of more than the maximum is handed over in
 * pieces. There is no empty message. Immutable.
 */
public final class RawStreamProtocol implements Protocol {
    private final int maxMessageLength;
    private final Decoder decoder = this::decode;

    /**
     * Makes a protocol.
     *
     * @param maxMessageLength of one offer and of one piece handed over, in bytes: positive.
     * @throws IllegalArgumentException if it is not.
     */
    public RawStreamProtocol(final int maxMessageLength) {
        this.maxMessageLength = FrameLimits.checkMaxMessageLength(maxMessageLength, 0);
    }

    @Override
    public int maxMessageLength() {
        return maxMessageLength;
    }

    /** The decoder keeps nothing between calls, so that one serves all. */
    @Override
    public Decoder newDecoder() {
        return decoder;
    }

    private int decode(final ByteBuffer source, final int offset, final int limit, final MessageSink sink) {
        int at = offset;
        boolean goOn = true;
        while (goOn && at < limit) {
            final int length = Math.min(maxMessageLength, limit - at);
            goOn = sink.onMessage(source, at, length);
            at += length;
        }
        return at - offset;
    }

    @Override
    public String toString() {
        return "RawStreamProtocol maxMessageLength=" + maxMessageLength;
    }
}
