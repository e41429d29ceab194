package io.millrace.transport.websocket;

import java.nio.ByteBuffer;

/** Pings of the connection's own, and how long the peer took to answer. The connection's thread, but for the result. */
final class Heartbeat {
    private final FrameForm ping;
    private long number;
    private long sentNs;

    /** Written by the connection's thread alone. */
    private volatile long roundTripNs = -1;

    Heartbeat(final FrameForm ping) {
        this.ping = ping;
    }

    /** The next ping's frame, which goes out now. */
    ByteBuffer next(final long nowNs) {
        number++;
        sentNs = nowNs;
        return ping.frame(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    /** Whether a pong answers one of these. */
    boolean isAnswered(final ByteBuffer pong, final int offset, final int length, final long nowNs) {
        if (number == 0 || length != Long.BYTES || pong.getLong(offset) < 1 || pong.getLong(offset) > number) {
            return false;
        }
        if (pong.getLong(offset) == number) {
            roundTripNs = nowNs - sentNs;
        }
        return true;
    }

    /** Of the last answered; -1 if none is. Any thread. */
    long roundTripNs() {
        return roundTripNs;
    }
}
