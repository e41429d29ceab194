package io.millrace.transport.websocket;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;

/**
 * Reads frame headers and refuses what no header may be, at the first byte that tells. Keeps nothing between two calls but
 * the last header read. The connection's thread.
 */
final class FrameParser {
    private final boolean expectsMask;
    private boolean mayCompress;
    private boolean last;
    private boolean compressed;
    private int opcode;
    private long payloadLength;
    private int key;

    /** With {@code expectsMask} for a server: clients mask all frames, servers none (RFC 6455 section 5.1). */
    FrameParser(final boolean expectsMask) {
        this.expectsMask = expectsMask;
    }

    /** From here on RSV1 may be set. */
    void allowCompression() {
        mayCompress = true;
    }

    /**
     * Reads one header.
     *
     * @return its length; 0 if not all of it is there yet, and nothing can be said against what is.
     */
    int parse(final ByteBuffer source, final int offset, final int limit) {
        final int available = limit - offset;
        if (available < 1) {
            return 0;
        }
        parseFirst(source.get(offset));
        if (available < 2) {
            return 0;
        }
        final int second = source.get(offset + 1) & 0xFF;
        final int shortLength = second & FrameDescriptor.LENGTH_MASK;
        final boolean masked = (second & FrameDescriptor.MASK) != 0;
        if (masked != expectsMask) {
            throw violation(
                    expectsMask ? "frame of a client not masked" : "frame of a server masked", "opcode", opcode);
        }
        if (isControl() && shortLength > FrameDescriptor.MAX_SHORT) {
            throw violation("control frame longer than 125 bytes", "opcode", opcode);
        }
        final int keyAt = 2 + lengthBytes(shortLength);
        final int headerLength = keyAt + (expectsMask ? FrameDescriptor.KEY_LENGTH : 0);
        if (available < keyAt) {
            return 0;
        }
        parseLength(source, offset + 2, shortLength);
        if (available < headerLength) {
            return 0;
        }
        key = expectsMask ? source.getInt(offset + keyAt) : 0;
        return headerLength;
    }

    private void parseFirst(final byte first) {
        last = (first & FrameDescriptor.FIN) != 0;
        compressed = (first & FrameDescriptor.RSV1) != 0;
        opcode = first & FrameDescriptor.OPCODE_MASK;
        if ((first & FrameDescriptor.RSV2_AND_3) != 0) {
            throw violation("reserved bits set", "firstByte", first & 0xFF);
        }
        if (opcode > FrameDescriptor.PONG
                || (opcode > FrameDescriptor.BINARY && opcode < FrameDescriptor.FIRST_CONTROL)) {
            throw violation("reserved opcode", "opcode", opcode);
        }
        if (compressed && !(mayCompress && (opcode == FrameDescriptor.TEXT || opcode == FrameDescriptor.BINARY))) {
            throw violation("reserved bit 1 set", "firstByte", first & 0xFF);
        }
        if (isControl() && !last) {
            throw violation("control frame in fragments", "opcode", opcode);
        }
    }

    private static int lengthBytes(final int shortLength) {
        return switch (shortLength) {
            case FrameDescriptor.LENGTH_16 -> Short.BYTES;
            case FrameDescriptor.LENGTH_64 -> Long.BYTES;
            default -> 0;
        };
    }

    private void parseLength(final ByteBuffer source, final int at, final int shortLength) {
        switch (shortLength) {
            case FrameDescriptor.LENGTH_16 -> {
                payloadLength = source.getShort(at) & 0xFFFF;
                checkMinimal(FrameDescriptor.MAX_SHORT);
            }
            case FrameDescriptor.LENGTH_64 -> {
                payloadLength = source.getLong(at);
                if (payloadLength < 0) {
                    throw violation("length of 64 bits", "length", payloadLength);
                }
                checkMinimal(FrameDescriptor.MAX_16);
            }
            default -> payloadLength = shortLength;
        }
    }

    private void checkMinimal(final int shorter) {
        if (payloadLength <= shorter) {
            throw violation("length not in its shortest form", "length", payloadLength);
        }
    }

    static ProtocolException violation(final String what, final String name, final long value) {
        return new ProtocolException(CloseReason.WEBSOCKET_ERROR, what + ": " + name + "=" + value);
    }

    boolean isLast() {
        return last;
    }

    boolean isCompressed() {
        return compressed;
    }

    boolean isControl() {
        return FrameDescriptor.isControl(opcode);
    }

    int opcode() {
        return opcode;
    }

    long payloadLength() {
        return payloadLength;
    }

    /** The masking key; 0 if there is none. */
    int key() {
        return key;
    }
}
