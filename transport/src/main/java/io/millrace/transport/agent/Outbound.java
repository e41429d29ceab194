package io.millrace.transport.agent;

import io.millrace.ring.ByteRing;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Moves accepted messages from the ring into the pipe, a batch at a time, and keeps the account of them. */
final class Outbound {
    /** What one turn takes from the ring at most. */
    private static final int REGION_LIMIT = 64 * 1024;

    private final ByteRing ring;
    private final Pipe pipe;
    private long flushed;
    private boolean ended;

    Outbound(final ByteRing ring, final Pipe pipe) {
        this.ring = ring;
        this.pipe = pipe;
    }

    /** Sends one batch; returns its bytes. */
    int poll() throws IOException {
        if (!pipe.flush()) {
            return 0;
        }
        flushed = ring.readRecords();
        final ByteBuffer region = ring.peek(REGION_LIMIT);
        final int start = region.position();
        if (region.hasRemaining()) {
            pipe.send(region);
            ring.release(region.position() - start);
            if (pipe.flush()) {
                flushed = ring.readRecords();
            }
        }
        return region.position() - start;
    }

    /** Ends the stream behind the last message, once that is flushed; returns true on the turn that does it. */
    boolean tryEnd() throws IOException {
        if (ended || !ring.isEmpty() || !pipe.flush()) {
            return false;
        }
        flushed = ring.readRecords();
        ended = pipe.end();
        return ended;
    }

    /** Whether all that was accepted is flushed, and the peer told so. */
    boolean isEnded() {
        return ended;
    }

    /** Whether a message was claimed whose sender has not committed it yet. */
    boolean isWaitingForSender() {
        return !ring.isEmpty();
    }

    /** Gives up on messages that their senders never committed; returns how many. */
    int unblock() {
        return ring.unblock();
    }

    /** Closes the ring and passes over what is left, so that the account is final. */
    void abandon() {
        ring.close();
        ring.release(ring.peek(Integer.MAX_VALUE).remaining());
        while (!ring.isEmpty()) {
            if (ring.read((buffer, offset, length) -> {}, Integer.MAX_VALUE) == 0) {
                ring.unblock();
            }
        }
    }

    /** Messages accepted so far; final once {@link #abandon() abandoned}. */
    long accepted() {
        return ring.claimedRecords() - ring.abortedRecords();
    }

    /** Messages handed to the operating system whole. */
    long flushed() {
        return flushed;
    }
}
