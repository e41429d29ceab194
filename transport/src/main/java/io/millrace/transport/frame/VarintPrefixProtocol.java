package io.millrace.transport.frame;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Protocol;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;

/**
 * Each message behind its length as a varint: seven bits a byte, lowest first, the top bit set on all bytes but the last.
 * That is unsigned LEB128 (DWARF 5, section 7.6), and how Protocol Buffers delimit messages in a stream (their encoding
 * guide, "Base 128 Varints"; {@code writeDelimitedTo}).
 *
 * <p>Stricter than Protocol Buffers, which read padded varints too: a length has exactly one encoding here, the shortest.
 * A last byte of zero behind others ends the connection with {@link CloseReason#BAD_LENGTH}; a length that takes more
 * bytes than the maximum's, with {@link CloseReason#MESSAGE_TOO_LONG}. No encoder that we know of pads a length, and one
 * that can't be padded has a bound. Immutable.
 */
public final class VarintPrefixProtocol implements Protocol {
    private static final int MAX_FIELD_BYTES = 5;
    private static final int PAYLOAD_BITS = 7;
    private static final int PAYLOAD_MASK = 0x7F;
    private static final int MORE = 0x80;

    private final int maxMessageLength;
    private final int minMessageLength;
    private final int maxFieldBytes;
    private final Decoder decoder = this::decode;

    /**
     * Makes a protocol.
     *
     * @param maxMessageLength in bytes: positive.
     * @throws IllegalArgumentException if that is out of range.
     */
    public VarintPrefixProtocol(final int maxMessageLength) {
        this(1, maxMessageLength);
    }

    private VarintPrefixProtocol(final int minMessageLength, final int maxMessageLength) {
        this.maxMessageLength = FrameLimits.checkMaxMessageLength(maxMessageLength, MAX_FIELD_BYTES);
        this.minMessageLength = minMessageLength;
        maxFieldBytes = fieldBytes(maxMessageLength);
    }

    /**
     * Makes messages of no bytes legal, which by default they are not.
     *
     * @return a protocol like this one but for that.
     */
    public VarintPrefixProtocol allowingEmpty() {
        return new VarintPrefixProtocol(0, maxMessageLength);
    }

    private static int fieldBytes(final int length) {
        final int bits = Integer.SIZE - Integer.numberOfLeadingZeros(length | 1);
        return (bits + PAYLOAD_BITS - 1) / PAYLOAD_BITS;
    }

    @Override
    public int maxMessageLength() {
        return maxMessageLength;
    }

    @Override
    public int minMessageLength() {
        return minMessageLength;
    }

    @Override
    public int headerLength(final int messageLength) {
        return fieldBytes(messageLength);
    }

    @Override
    public void encodeHeader(final ByteBuffer target, final int offset, final int messageLength) {
        int at = offset;
        int rest = messageLength;
        while (rest > PAYLOAD_MASK) {
            target.put(at++, (byte) (rest | MORE));
            rest >>>= PAYLOAD_BITS;
        }
        target.put(at, (byte) rest);
    }

    /** The decoder keeps nothing between calls, so that one serves all: it looks again at five bytes at most. */
    @Override
    public Decoder newDecoder() {
        return decoder;
    }

    private int decode(final ByteBuffer source, final int offset, final int limit, final MessageSink sink) {
        int at = offset;
        boolean goOn = true;
        while (goOn && at < limit) {
            final int fieldBytes = fieldBytes(source, at, limit);
            if (fieldBytes == 0) {
                break;
            }
            final int length =
                    FrameLimits.checkLength(value(source, at, fieldBytes), minMessageLength, maxMessageLength);
            if (limit - at - fieldBytes < length) {
                break;
            }
            at += fieldBytes;
            goOn = sink.onMessage(source, at, length);
            at += length;
        }
        return at - offset;
    }

    /** Bytes of the varint; 0 if its last one is not there yet. */
    private int fieldBytes(final ByteBuffer source, final int at, final int limit) {
        final int most = Math.min(maxFieldBytes, limit - at);
        for (int i = 0; i < most; i++) {
            final int next = source.get(at + i);
            if (next == 0 && i > 0) {
                throw new ProtocolException(
                        CloseReason.BAD_LENGTH,
                        "varint is not the shortest for its value: length=" + value(source, at, i + 1) + " bytes="
                                + (i + 1));
            }
            if (next >= 0) {
                return i + 1;
            }
        }
        if (most == maxFieldBytes) {
            throw new ProtocolException(
                    CloseReason.MESSAGE_TOO_LONG,
                    "message too long: its length takes more bytes than that of maxMessageLength=" + maxMessageLength
                            + ": bytes>" + maxFieldBytes);
        }
        return 0;
    }

    private static long value(final ByteBuffer source, final int at, final int fieldBytes) {
        long value = 0;
        for (int i = fieldBytes - 1; i >= 0; i--) {
            value = (value << PAYLOAD_BITS) | (source.get(at + i) & PAYLOAD_MASK);
        }
        return value;
    }

    @Override
    public String toString() {
        return "VarintPrefixProtocol minMessageLength=" + minMessageLength + " maxMessageLength=" + maxMessageLength;
    }
}
