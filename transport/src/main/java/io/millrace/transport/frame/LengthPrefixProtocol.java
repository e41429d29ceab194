package io.millrace.transport.frame;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Protocol;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;

/** Each message behind its length: 4 bytes, big-endian, not counting themselves. */
public final class LengthPrefixProtocol implements Protocol {
    private static final int HEADER_LENGTH = Integer.BYTES;

    private final int maxMessageLength;
    private final Decoder decoder = this::decode;

    /**
     * Makes a protocol.
     *
     * @param maxMessageLength in bytes: positive.
     */
    public LengthPrefixProtocol(final int maxMessageLength) {
        this.maxMessageLength = maxMessageLength;
    }

    @Override
    public int maxMessageLength() {
        return maxMessageLength;
    }

    @Override
    public int headerLength(final int messageLength) {
        return HEADER_LENGTH;
    }

    @Override
    public void encodeHeader(final ByteBuffer target, final int offset, final int messageLength) {
        target.putInt(offset, messageLength);
    }

    /** The decoder keeps nothing between calls, so that one serves all. */
    @Override
    public Decoder newDecoder() {
        return decoder;
    }

    private int decode(final ByteBuffer source, final int offset, final int limit, final MessageSink sink) {
        int at = offset;
        boolean goOn = true;
        while (goOn && limit - at >= HEADER_LENGTH) {
            final int length = source.getInt(at);
            if (length <= 0) {
                throw new ProtocolException(
                        CloseReason.BAD_LENGTH, "message length must be positive: length=" + length);
            }
            if (length > maxMessageLength) {
                throw new ProtocolException(
                        CloseReason.MESSAGE_TOO_LONG,
                        "message too long: length=" + length + " maxMessageLength=" + maxMessageLength);
            }
            if (limit - at - HEADER_LENGTH < length) {
                break;
            }
            goOn = sink.onMessage(source, at + HEADER_LENGTH, length);
            at += HEADER_LENGTH + length;
        }
        return at - offset;
    }
}
