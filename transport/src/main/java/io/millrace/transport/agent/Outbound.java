package io.millrace.transport.agent;

import io.millrace.ring.ByteRing;
import io.millrace.transport.Protocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Moves accepted messages from the ring into the pipe, a batch at a time, and keeps the account of them. */
final class Outbound {
    /** What one turn takes from the ring at most. */
    private static final int REGION_LIMIT = 64 * 1024;

    private final RingCell rings;
    private final Pipe pipe;
    private final CounterCells counters;
    private final ControlLane control = new ControlLane();
    private long flushed;

    /** Bytes of the region begun last that are not released yet, and the pipe's count up to which they are. */
    private int regionLeft;

    private long released;

    /** Whether what the pipe counts now is no part of the region, but lies between two messages of it. */
    private boolean beside;

    private boolean ended;

    /** The pipe's count before its end, or as far as that is counted. */
    private long endFrom = -1;

    Outbound(final RingCell rings, final Pipe pipe, final CounterCells counters) {
        this.rings = rings;
        this.pipe = pipe;
        this.counters = counters;
    }

    /** Sends the protocol's heartbeat ahead of all messages that wait; false if the protocol has none. */
    boolean sendHeartbeat(final Protocol protocol) {
        final Optional<ByteBuffer> frame = protocol.heartbeat();
        if (frame.isPresent() && !ended && control.offer(frame.get())) {
            counters.add(CounterCells.HEARTBEATS, 1);
        }
        return frame.isPresent();
    }

    /** Sends a frame ahead of all messages that wait; false if there is no room, or no more to be sent. */
    boolean sendControl(final ByteBuffer frame) {
        return !ended && control.offer(frame);
    }

    /** Lets go of the ring and the pipe's buffers, if they hold nothing; true if none is held any more. */
    boolean rest() {
        final boolean ringGone = rings.isClosed() || rings.retire();
        return pipe.rest() && ringGone;
    }

    /** Sends what the connection has to say, or one batch; returns the bytes that went out. */
    int poll() throws IOException {
        final boolean clear = pipe.flush();
        final int bytes = releaseSent();
        if (!clear) {
            return bytes;
        }
        if (control.isEmpty()) {
            return bytes + sendRegion(Integer.MAX_VALUE);
        }
        // What the connection has to say waits for the end of one message, and not for others of the same region.
        final int begun = isInRegion() ? rings.readable().begunRecordLeft() : 0;
        return bytes + (begun == 0 ? sendControl() : sendRegion(begun));
    }

    private int sendControl() throws IOException {
        beside = true;
        final int bytes = control.send(pipe);
        counters.add(CounterCells.BYTES_OUT, bytes);
        return bytes;
    }

    private int sendRegion(final int most) throws IOException {
        final ByteBuffer region = nextRegion();
        if (region == null) {
            return 0;
        }
        beside = false;
        regionLeft = region.remaining();
        if (most < regionLeft) {
            region.limit(region.position() + most);
        }
        released = pipe.sentBytes();
        pipe.send(region);
        return releaseSent();
    }

    /** Null if there is nothing; what is empty now may have been passed over, and what comes behind lie in the next ring. */
    private ByteBuffer nextRegion() {
        ByteRing passed = null;
        for (ByteRing ring = rings.readable(); ring != null && ring != passed; ring = rings.readable()) {
            final ByteBuffer region = ring.peek(REGION_LIMIT);
            if (region.hasRemaining()) {
                return region;
            }
            passed = ring;
        }
        return null;
    }

    private boolean isInRegion() {
        return regionLeft > 0;
    }

    /** What the pipe took and did not write stays in the ring, so that the account of the ring is that of the wire. */
    private int releaseSent() {
        if (!isInRegion() || beside) {
            return 0;
        }
        final int bytes = (int) (pipe.sentBytes() - released);
        if (bytes > 0) {
            rings.readable().release(bytes);
            released += bytes;
            regionLeft -= bytes;
            counters.add(CounterCells.BYTES_OUT, bytes);
            noteFlushed();
        }
        return bytes;
    }

    private void noteFlushed() {
        final long read = rings.readRecords();
        if (read != flushed) {
            flushed = read;
            counters.set(CounterCells.MESSAGES_OUT, read);
        }
    }

    /** Ends the stream behind the last message, once that is flushed; returns true on the turn that does it. */
    boolean tryEnd() throws IOException {
        if (ended || !rings.isEmpty() || !pipe.flush() || !control.isEmpty()) {
            return false;
        }
        noteFlushed();
        ended = endPipe();
        return ended;
    }

    /** What the pipe says with its end is sent, too. */
    private boolean endPipe() throws IOException {
        if (endFrom < 0) {
            endFrom = pipe.sentBytes();
        }
        final boolean done = pipe.end();
        counters.add(CounterCells.BYTES_OUT, pipe.sentBytes() - endFrom);
        endFrom = pipe.sentBytes();
        return done;
    }

    /** Tells the peer that the end is meant, as far as one try can. */
    void sayFarewell() {
        try {
            final boolean clear = pipe.flush();
            releaseSent();
            if (clear) {
                beside = true;
                endPipe();
            }
        } catch (final IOException | RuntimeException | Error ignored) {
            // The connection ends for another reason, which is the one to report.
        }
    }

    /** Whether all that was accepted is flushed, and the peer told so. */
    boolean isEnded() {
        return ended;
    }

    /** Whether a message was claimed whose sender has not committed it yet. */
    boolean isWaitingForSender() {
        return !rings.isEmpty();
    }

    /** Gives up on messages that their senders never committed; returns how many. */
    int unblock() {
        final ByteRing ring = rings.readable();
        return ring == null || isInRegion() ? 0 : ring.unblock();
    }

    /**
     * Closes, passes over what is left, so that the account is final, and wipes it. What went out beside a turn of this, with
     * an alert say, is counted first.
     */
    void abandon() {
        releaseSent();
        rings.abandon();
        rings.wipe();
    }

    /** Lets go of all memory, once {@link #abandon() abandoned} and accounted for. */
    void letGo() {
        rings.letGo();
        pipe.close();
    }

    /** Messages accepted so far; final once {@link #abandon() abandoned}. */
    long accepted() {
        return rings.acceptedRecords();
    }

    /** Messages handed to the operating system whole. */
    long flushed() {
        return flushed;
    }
}
