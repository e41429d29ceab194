package io.millrace.transport.tls;

import java.nio.ByteBuffer;

/**
 * Puts one side's hello together from the records that carry it, and notes an alert that comes in the clear. Looks on: the
 * engine decides. The connection's thread; has done its part with the hello, and holds no bytes from then on.
 */
final class HelloReader {
    /** No alert was seen. */
    static final int NO_ALERT = -1;

    private static final int HEADER_LENGTH = 5;
    private static final int MESSAGE_HEADER_LENGTH = 4;
    private static final int ALERT = 21;
    private static final int HANDSHAKE = 22;
    private static final int APPLICATION_DATA = 23;
    private static final int ALERT_LENGTH = 2;
    private static final int FATAL = 2;
    private static final int LONGEST = 64 * 1024;

    private final int wantedType;
    private ByteBuffer message = ByteBuffer.allocate(512);
    private Hello hello;
    private int alert = NO_ALERT;

    HelloReader(final int wantedType) {
        this.wantedType = wantedType;
    }

    /** Looks at whole records between two positions of a buffer, which does not change. */
    void read(final ByteBuffer wire, final int from, final int to) {
        int at = from;
        while (message != null && to - at > HEADER_LENGTH) {
            final int type = wire.get(at) & 0xFF;
            final int length = Math.min(wire.getShort(at + 3) & 0xFFFF, to - at - HEADER_LENGTH);
            at += HEADER_LENGTH;
            if (type == HANDSHAKE && hello == null) {
                append(wire, at, length);
            } else if (type == ALERT && length == ALERT_LENGTH && wire.get(at) == FATAL) {
                alert = wire.get(at + 1) & 0xFF;
            } else if (type == APPLICATION_DATA) {
                // From here on all is encrypted.
                message = null;
            }
            at += length;
        }
    }

    /** Looks at one record, of which nothing but an alert counts. */
    void readAlert(final ByteBuffer wire, final int from) {
        if (wire.limit() - from >= HEADER_LENGTH + ALERT_LENGTH && wire.get(from) == ALERT) {
            read(wire, from, from + HEADER_LENGTH + ALERT_LENGTH);
        }
    }

    private void append(final ByteBuffer wire, final int from, final int length) {
        if (message.position() + length > LONGEST) {
            message = null;
            return;
        }
        if (message.remaining() < length) {
            message = ByteBuffer.allocate(2 * (message.position() + length)).put(message.flip());
        }
        for (int i = 0; i < length; i++) {
            message.put(wire.get(from + i));
        }
        finish();
    }

    private void finish() {
        if (message.position() < MESSAGE_HEADER_LENGTH) {
            return;
        }
        final int length = message.getInt(0) & 0xFF_FFFF;
        if (message.get(0) != wantedType) {
            message = null;
        } else if (message.position() >= MESSAGE_HEADER_LENGTH + length) {
            hello = Hello.read(wantedType, message.slice(MESSAGE_HEADER_LENGTH, length));
            message = hello == null ? null : ByteBuffer.allocate(0);
        }
    }

    /** Makes ready for the hello after a HelloRetryRequest. */
    void again() {
        hello = null;
        message = ByteBuffer.allocate(512);
    }

    /** The hello, or null while it is not whole, and if it can't be read. */
    Hello hello() {
        return hello;
    }

    /** The fatal alert that was sent in the clear, or {@link #NO_ALERT}. */
    int alert() {
        return alert;
    }
}
