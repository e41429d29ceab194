package io.millrace.transport.frame;

import io.millrace.transport.Protocol;
import java.nio.ByteBuffer;

/** Messages of one length, next to one another: no header, no trailer, and so no empty message. Immutable. */
public final class FixedLengthProtocol implements Protocol {
    private final int messageLength;
    private final Decoder decoder = this::decode;

    /**
     * Makes a protocol.
     *
     * @param messageLength of every message, in bytes: positive.
     * @throws IllegalArgumentException if it is not.
     */
    public FixedLengthProtocol(final int messageLength) {
        if (messageLength < 1) {
            throw new IllegalArgumentException("messageLength must be positive: messageLength=" + messageLength);
        }
        this.messageLength = messageLength;
    }

    @Override
    public int maxMessageLength() {
        return messageLength;
    }

    @Override
    public int minMessageLength() {
        return messageLength;
    }

    /** The decoder keeps nothing between calls, so that one serves all. */
    @Override
    public Decoder newDecoder() {
        return decoder;
    }

    private int decode(final ByteBuffer source, final int offset, final int limit, final MessageSink sink) {
        int at = offset;
        boolean goOn = true;
        while (goOn && limit - at >= messageLength) {
            goOn = sink.onMessage(source, at, messageLength);
            at += messageLength;
        }
        return at - offset;
    }

    @Override
    public String toString() {
        return "FixedLengthProtocol messageLength=" + messageLength;
    }
}
