package io.millrace.transport.websocket;

import java.nio.ByteBuffer;
import java.util.concurrent.ThreadLocalRandom;

/** Pings of the connection's own, and how long the peer took to answer. The connection's thread, but for the result. */
final class Heartbeat {
    /** Pings under way whose answers are measured: a round trip may last longer than the interval between two. */
    private static final int MEASURED = 8;

    private final FrameForm ping;

    /** Where the numbers begin: so that a user's own ping does not look like one of these. */
    private final long base;

    private final long[] sentNs = new long[MEASURED];
    private long number;
    private long answered;

    /** Written by the connection's thread alone. */
    private volatile long roundTripNs = -1;

    Heartbeat(final FrameForm ping) {
        this(ping, ThreadLocalRandom.current().nextLong());
    }

    Heartbeat(final FrameForm ping, final long base) {
        this.ping = ping;
        this.base = base;
    }

    /** The next ping's frame, which goes out now. */
    ByteBuffer next(final long nowNs) {
        number++;
        sentNs[index(number)] = nowNs;
        return ping.frame(ByteBuffer.allocate(Long.BYTES).putLong(base + number).array());
    }

    /** Whether a pong answers one of these. An answer that comes again, or behind that to a later one, measures nothing. */
    boolean isAnswered(final ByteBuffer pong, final int offset, final int length, final long nowNs) {
        if (length != Long.BYTES) {
            return false;
        }
        final long echoed = pong.getLong(offset) - base;
        if (echoed < 1 || echoed > number) {
            return false;
        }
        if (echoed > answered && number - echoed < MEASURED) {
            answered = echoed;
            roundTripNs = nowNs - sentNs[index(echoed)];
        }
        return true;
    }

    private static int index(final long number) {
        return (int) number & (MEASURED - 1);
    }

    /** Of the last answered; -1 if none is. Any thread. */
    long roundTripNs() {
        return roundTripNs;
    }
}
