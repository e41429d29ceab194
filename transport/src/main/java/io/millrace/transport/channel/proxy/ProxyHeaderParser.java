package io.millrace.transport.channel.proxy;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Takes a PROXY header of version 1 or 2 from the beginning of a stream, in pieces of any size, and not a byte behind it.
 * It gives up at the first byte that no header has, and on a header longer than {@link #MAX_LENGTH}. One thread.
 */
final class ProxyHeaderParser {
    /** Bytes of the longest header of version 2 that is taken; the format allows for 65,551. */
    static final int MAX_LENGTH = 4_096;

    private static final byte[] V1_START = {'P', 'R', 'O', 'X', 'Y', ' '};
    private static final int V1_MAX_LENGTH = 107;
    private static final byte[] V2_START = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};
    private static final int V2_FIXED_LENGTH = 16;

    private byte[] bytes = new byte[V1_MAX_LENGTH];
    private int length;
    private ProxyHeader header;

    /**
     * Takes on.
     *
     * @return whether the header is whole.
     * @throws ProtocolException if it is malformed.
     */
    boolean parse(final ByteBuffer source) {
        while (header == null && source.hasRemaining()) {
            if (length < V2_FIXED_LENGTH || bytes[0] == V1_START[0]) {
                takeByte(source.get());
            } else {
                final int missing = Math.min(source.remaining(), bytes.length - length);
                source.get(bytes, length, missing);
                length += missing;
            }
            finishIfWhole();
        }
        return header != null;
    }

    /** Null until the header is whole. */
    ProxyHeader header() {
        return header;
    }

    /** Bytes taken so far. */
    int length() {
        return length;
    }

    private void takeByte(final byte value) {
        bytes[length] = value;
        final byte[] start = bytes[0] == V2_START[0] ? V2_START : V1_START;
        if (length < start.length && value != start[length]) {
            throw malformed("not a PROXY header: byte=0x" + Integer.toHexString(value & 0xFF) + " at=" + length);
        }
        length++;
        if (start == V2_START && length == V2_FIXED_LENGTH) {
            makeRoom();
        }
    }

    private void makeRoom() {
        final int whole = V2_FIXED_LENGTH + ((bytes[14] & 0xFF) << 8 | (bytes[15] & 0xFF));
        if (whole > MAX_LENGTH) {
            throw malformed("longer than the maximum: length=" + whole + " maximum=" + MAX_LENGTH);
        }
        bytes = Arrays.copyOf(bytes, whole);
    }

    private void finishIfWhole() {
        if (bytes[0] != V1_START[0]) {
            if (length >= V2_FIXED_LENGTH && length == bytes.length) {
                header = ProxyV2.header(bytes);
            }
        } else if (bytes[length - 1] == '\n') {
            header = ProxyV1.header(bytes, length);
        } else if (length > 1 && bytes[length - 2] == '\r') {
            throw malformed("a CR without its LF: at=" + (length - 2));
        } else if (length == V1_MAX_LENGTH) {
            throw malformed("no end of the line: length=" + length);
        }
    }

    static ProtocolException malformed(final String detail) {
        return new ProtocolException(CloseReason.PROXY_HEADER, CloseReason.PROXY_HEADER.text() + ": " + detail);
    }
}
