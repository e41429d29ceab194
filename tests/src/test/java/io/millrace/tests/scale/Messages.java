package io.millrace.tests.scale;

import java.nio.ByteBuffer;

/**
 * The numbered messages of one direction of a conversation. Length and content follow from conversation, direction and
 * number, so that a receiver can check each byte, and anybody can say how many bytes so many messages are.
 *
 * <pre>
 *  | conversation 8 | number 4 | direction 1 | filling ... |
 * </pre>
 */
record Messages(long conversation, int direction, Kind kind) {
    static final int MAX_LENGTH = 30_000;
    static final int PREFIX_LENGTH = Integer.BYTES;
    private static final int NUMBER_AT = Long.BYTES;
    private static final int DIRECTION_AT = NUMBER_AT + Integer.BYTES;
    private static final int HEADER_LENGTH = DIRECTION_AT + 1;
    private static final int USUAL_LENGTH = 1_500;
    private static final int ONE_IN_LONG = 50;

    static long conversationOf(final ByteBuffer buffer, final int offset) {
        return buffer.getLong(offset);
    }

    private long mix(final long number) {
        long mixed = (conversation << 20) + (number << 1) + direction + 0x9E37_79B9_7F4A_7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ (mixed >>> 31);
    }

    int length(final long number) {
        final long mixed = mix(number);
        final boolean isLong = Math.floorMod(mixed, ONE_IN_LONG) == 0 || kind == Kind.SLOW_CONSUMER;
        return HEADER_LENGTH
                + (int) Math.floorMod(mixed >>> 8, (long) (isLong ? MAX_LENGTH : USUAL_LENGTH) - HEADER_LENGTH);
    }

    /** Bytes on the wire of the first so many messages. */
    long framedBytes(final long count) {
        long bytes = 0;
        for (long number = 0; number < count; number++) {
            bytes += PREFIX_LENGTH + length(number);
        }
        return bytes;
    }

    /** A message in a buffer of its own length. */
    ByteBuffer message(final long number) {
        final int length = length(number);
        final ByteBuffer buffer = ByteBuffer.allocate(length);
        buffer.putLong(0, conversation).putInt(NUMBER_AT, (int) number).put(DIRECTION_AT, (byte) direction);
        final int filling = (int) mix(number);
        for (int i = HEADER_LENGTH; i < length; i++) {
            buffer.put(i, (byte) (filling + i));
        }
        return buffer;
    }

    /** What is wrong with a message; null if nothing is. */
    String fault(final long number, final ByteBuffer buffer, final int offset, final int length) {
        if (length != length(number)
                || buffer.getLong(offset) != conversation
                || buffer.getInt(offset + NUMBER_AT) != (int) number
                || buffer.get(offset + DIRECTION_AT) != direction) {
            return "want " + this + " number=" + number + " length=" + length(number) + ", got conversation="
                    + buffer.getLong(offset) + " number=" + buffer.getInt(offset + NUMBER_AT) + " direction="
                    + buffer.get(offset + DIRECTION_AT) + " length=" + length;
        }
        final int filling = (int) mix(number);
        for (int i = HEADER_LENGTH; i < length; i++) {
            if (buffer.get(offset + i) != (byte) (filling + i)) {
                return this + " number=" + number + " is wrong at byte=" + i;
            }
        }
        return null;
    }
}
