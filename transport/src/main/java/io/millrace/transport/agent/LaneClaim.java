package io.millrace.transport.agent;

import io.millrace.ring.ByteRing;
import io.millrace.transport.MessageClaim;
import java.nio.ByteBuffer;

/** A claim of one {@link SendLane}. One thread. */
final class LaneClaim implements MessageClaim {
    private final SendLane lane;
    private Framing.Term term;
    private ByteRing ring;
    private long token;
    private int offset;
    private int length;

    LaneClaim(final SendLane lane) {
        this.lane = lane;
    }

    void checkMayOpen(final SendLane by) {
        if (lane != by) {
            throw new IllegalArgumentException("the claim was made by another connection");
        }
        if (ring != null) {
            throw new IllegalStateException("claim is neither committed nor aborted: length=" + length);
        }
    }

    void open(
            final Framing.Term newTerm,
            final ByteRing newRing,
            final long newToken,
            final int newOffset,
            final int newLength) {
        term = newTerm;
        ring = newRing;
        token = newToken;
        offset = newOffset;
        length = newLength;
    }

    private ByteRing openRing() {
        if (ring == null) {
            throw new IllegalStateException("claim is not open: never claimed, committed or aborted before");
        }
        return ring;
    }

    @Override
    public ByteBuffer buffer() {
        return openRing().buffer();
    }

    @Override
    public int offset() {
        openRing();
        return offset;
    }

    @Override
    public int length() {
        openRing();
        return length;
    }

    @Override
    public long commit() {
        final ByteRing claimed = openRing();
        ring = null;
        return lane.commit(term, claimed, token, length);
    }

    @Override
    public void abort() {
        final ByteRing claimed = openRing();
        ring = null;
        lane.abort(term, claimed, token, length);
    }
}
