package io.millrace.transport.agent;

import io.millrace.ring.ByteRing;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** Sends into and reads from a cell of rings as the connection does, with answers that Lincheck can compare. */
final class LincheckCell {
    private static final long OPEN = -100;
    private static final long NOT_OPEN = -101;
    private static final int MAX_THREADS = 8;

    private final Supplier<ByteRing> active;
    private final Supplier<ByteRing> readable;
    private final Growth growth;
    private final Claim[] claims = new Claim[MAX_THREADS];
    private final StringBuilder seen = new StringBuilder();

    /** Asks for a larger ring; false if there can be none. */
    interface Growth {
        boolean grow(ByteRing full, long bytes);
    }

    /** What one thread has claimed; the thread's own. */
    private static final class Claim {
        ByteRing ring;
        long token;
        int length;
    }

    LincheckCell(final Supplier<ByteRing> active, final Supplier<ByteRing> readable, final Growth growth) {
        this.active = active;
        this.readable = readable;
        this.growth = growth;
        for (int i = 0; i < MAX_THREADS; i++) {
            claims[i] = new Claim();
        }
    }

    /** 0, or a negative code. The token is not compared: its slot is that of a ring, and rings come and go. */
    long claim(final int thread, final int length) {
        final Claim claim = claims[thread];
        if (claim.ring != null) {
            return OPEN;
        }
        while (true) {
            final ByteRing ring = active.get();
            if (ring == null) {
                return ByteRing.CLOSED;
            }
            final long token = ring.tryClaim(length);
            if (token >= 0) {
                claim.ring = ring;
                claim.token = token;
                claim.length = length;
                ring.buffer().put(ring.offset(token), (byte) thread);
                return 0;
            }
            if (token != ByteRing.CLOSED && !growth.grow(ring, length)) {
                return token;
            }
        }
    }

    /** The position behind the record. */
    long commit(final int thread) {
        final Claim claim = claims[thread];
        if (claim.ring == null) {
            return NOT_OPEN;
        }
        final long position = claim.ring.commit(claim.token, claim.length);
        claim.ring = null;
        return position;
    }

    boolean abort(final int thread) {
        final Claim claim = claims[thread];
        if (claim.ring == null) {
            return false;
        }
        claim.ring.abort(claim.token, claim.length);
        claim.ring = null;
        return true;
    }

    String readOne() {
        seen.setLength(0);
        final ByteRing ring = readable.get();
        if (ring != null) {
            ring.read(this::append, 1);
        }
        return seen.toString();
    }

    private void append(final ByteBuffer buffer, final int offset, final int length) {
        seen.append(length).append(':').append(buffer.get(offset));
    }
}
