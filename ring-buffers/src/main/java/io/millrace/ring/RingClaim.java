package io.millrace.ring;

import java.nio.ByteBuffer;

/**
 * A claimed record that is not yet visible: write it, then {@link #commit()} or {@link #abort()}, exactly once. One
 * thread; reusable for the next {@link ByteRing#tryClaim(int, RingClaim)}.
 */
public final class RingClaim {
    private ByteRing ring;
    private long token;
    private int length;

    /** Makes a claim that holds nothing. */
    public RingClaim() {}

    void open(final ByteRing newRing, final long newToken, final int newLength) {
        ring = newRing;
        token = newToken;
        length = newLength;
    }

    void checkNotOpen() {
        if (ring != null) {
            throw new IllegalStateException("claim is neither committed nor aborted: length=" + length);
        }
    }

    private ByteRing openRing() {
        if (ring == null) {
            throw new IllegalStateException("claim is not open: never claimed, committed or aborted before");
        }
        return ring;
    }

    /**
     * Where to write the record: absolute access, from {@link #offset()} on, {@link #length()} bytes.
     *
     * @return the ring's payload area.
     * @throws IllegalStateException if the claim is not open.
     */
    public ByteBuffer buffer() {
        return openRing().buffer();
    }

    /**
     * Where the record begins in {@link #buffer()}.
     *
     * @return the offset in bytes.
     * @throws IllegalStateException if the claim is not open.
     */
    public int offset() {
        return openRing().offset(token);
    }

    /**
     * Length of the claimed record.
     *
     * @return the length in bytes.
     * @throws IllegalStateException if the claim is not open.
     */
    public int length() {
        openRing();
        return length;
    }

    /**
     * Makes the record visible to the consumer. Wait-free.
     *
     * @throws IllegalStateException if the claim is not open.
     */
    public void commit() {
        final ByteRing claimed = openRing();
        ring = null;
        claimed.commit(token, length);
    }

    /**
     * Gives the record up: the consumer passes over it. Wait-free.
     *
     * @throws IllegalStateException if the claim is not open.
     */
    public void abort() {
        final ByteRing claimed = openRing();
        ring = null;
        claimed.abort(token, length);
    }

    /** For debugging. Its thread. */
    @Override
    public String toString() {
        return ring == null ? "RingClaim not open" : "RingClaim length=" + length + " of " + ring;
    }
}
