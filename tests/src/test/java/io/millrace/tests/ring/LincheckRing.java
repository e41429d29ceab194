package io.millrace.tests.ring;

import io.millrace.ring.ByteRing;
import java.nio.ByteBuffer;

/** A ring with answers that Lincheck can compare, and at most one open claim a thread. */
final class LincheckRing {
    private static final long OPEN = -100;
    private static final long NOT_OPEN = -101;
    private static final int MAX_THREADS = 8;

    private final ByteRing ring;
    private final Claim[] claims = new Claim[MAX_THREADS];
    private final StringBuilder seen = new StringBuilder();

    /** What one thread has claimed; the thread's own. */
    private static final class Claim {
        boolean open;
        long token;
        int length;
    }

    LincheckRing(final ByteRing ring) {
        this.ring = ring;
        for (int i = 0; i < MAX_THREADS; i++) {
            claims[i] = new Claim();
        }
    }

    long claim(final int thread, final int length) {
        final Claim claim = claims[thread];
        if (claim.open) {
            return OPEN;
        }
        final long token = ring.tryClaim(length);
        if (token >= 0) {
            claim.open = true;
            claim.token = token;
            claim.length = length;
            ring.buffer().put(ring.offset(token), (byte) thread);
            ring.buffer().put(ring.offset(token) + length - 1, (byte) thread);
        }
        return token;
    }

    long commit(final int thread) {
        final Claim claim = claims[thread];
        if (!claim.open) {
            return NOT_OPEN;
        }
        claim.open = false;
        return ring.commit(claim.token, claim.length);
    }

    boolean abort(final int thread) {
        final Claim claim = claims[thread];
        if (!claim.open) {
            return false;
        }
        claim.open = false;
        ring.abort(claim.token, claim.length);
        return true;
    }

    String read(final int limit) {
        seen.setLength(0);
        ring.read(this::append, limit);
        return seen.toString();
    }

    private void append(final ByteBuffer buffer, final int offset, final int length) {
        seen.append(length)
                .append(':')
                .append(buffer.get(offset))
                .append(':')
                .append(buffer.get(offset + length - 1))
                .append(' ');
    }

    boolean close() {
        return ring.close();
    }

    boolean isEmpty() {
        return ring.isEmpty();
    }

    int unblock() {
        return ring.unblock();
    }
}
