package io.millrace.transport.websocket;

/**
 * How a frame lies on the wire (RFC 6455 section 5.2), big-endian.
 *
 * <pre>
 *  byte 0                    byte 1                      then, as byte 1 says
 * +-----+-----+-----+-----+-----------+ +------+--------------+ +------------------+----------+-----------
 * | FIN | RSV1| RSV2| RSV3| opcode: 4 | | MASK | length: 7    | | length: 0, 16 or | key: 0   | payload
 * |     |     |     |     |           | |      |              | | 64 bits          | or 32    |
 * +-----+-----+-----+-----+-----------+ +------+--------------+ +------------------+----------+-----------
 * </pre>
 */
final class FrameDescriptor {
    static final int FIN = 0x80;

    /** The message that begins here is compressed: RFC 7692 section 6. */
    static final int RSV1 = 0x40;

    static final int RSV2_AND_3 = 0x30;
    static final int OPCODE_MASK = 0x0F;
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    /** Opcodes from here on are of control frames. */
    static final int FIRST_CONTROL = 8;

    static final int MASK = 0x80;
    static final int LENGTH_MASK = 0x7F;
    static final int LENGTH_16 = 126;
    static final int LENGTH_64 = 127;

    /** The longest payload of a control frame, and of a frame whose length has 7 bits. */
    static final int MAX_SHORT = 125;

    static final int MAX_16 = 0xFFFF;
    static final int KEY_LENGTH = 4;

    /** The longest header. */
    static final int MAX_HEADER_LENGTH = 14;

    private FrameDescriptor() {}

    static boolean isControl(final int opcode) {
        return opcode >= FIRST_CONTROL;
    }

    static int headerLength(final int payloadLength, final boolean masked) {
        final int key = masked ? KEY_LENGTH : 0;
        if (payloadLength <= MAX_SHORT) {
            return 2 + key;
        }
        return key + (payloadLength <= MAX_16 ? 2 + Short.BYTES : 2 + Long.BYTES);
    }
}
