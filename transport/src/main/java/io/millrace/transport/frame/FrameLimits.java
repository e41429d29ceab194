package io.millrace.transport.frame;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ProtocolException;

/** The ranges that all protocols check: of their own settings, and of what a peer says. */
final class FrameLimits {
    private FrameLimits() {}

    /** Refuses a maximum with which a frame would be longer than an int can count. */
    static int checkMaxMessageLength(final int maxMessageLength, final int overheadBytes) {
        final int most = Integer.MAX_VALUE - overheadBytes;
        if (maxMessageLength < 1 || maxMessageLength > most) {
            throw new IllegalArgumentException(
                    "maxMessageLength must be from 1 to " + most + ": maxMessageLength=" + maxMessageLength);
        }
        return maxMessageLength;
    }

    /** Refuses a peer's length out of range. */
    static int checkLength(final long length, final int minMessageLength, final int maxMessageLength) {
        if (length < minMessageLength) {
            throw new ProtocolException(
                    CloseReason.BAD_LENGTH,
                    "message length must be at least " + minMessageLength + ": length=" + length);
        }
        if (length > maxMessageLength) {
            throw tooLong(length, maxMessageLength);
        }
        return (int) length;
    }

    static ProtocolException tooLong(final long length, final int maxMessageLength) {
        return new ProtocolException(
                CloseReason.MESSAGE_TOO_LONG,
                "message too long: length=" + length + " maxMessageLength=" + maxMessageLength);
    }
}
