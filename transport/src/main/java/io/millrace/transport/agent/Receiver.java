package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Protocol;
import io.millrace.transport.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads unless it is paused or the puller is behind, hands messages to the handler or to the puller, and notices the peer's
 * end. The connection's thread.
 */
final class Receiver {
    private final Inbound inbound;
    private final Requests requests;
    private final CounterCells counters;

    /** Null if messages are pushed. */
    private final PullLane pull;

    private long messages;
    private boolean skipped;
    private boolean ended;

    /** Set once, before the first turn: it needs the connection, which needs us. */
    private Callbacks callbacks;

    Receiver(
            final Pipe pipe,
            final Protocol protocol,
            final BufferPool buffers,
            final Requests requests,
            final CounterCells counters,
            final PullLane pull) {
        this.requests = requests;
        this.counters = counters;
        this.pull = pull;
        inbound = new Inbound(pipe, protocol, buffers, pull == null ? this::push : this::hand);
    }

    void callbacks(final Callbacks newCallbacks) {
        callbacks = newCallbacks;
    }

    /** Receives once; returns the bytes, or {@link Pipe#END} once, at the peer's end. */
    int poll() throws IOException {
        skipped = !ended && isHeld();
        if (ended || skipped) {
            return 0;
        }
        final int bytes = inbound.poll();
        if (bytes == Pipe.END) {
            if (inbound.pending() > 0) {
                throw new ProtocolException(
                        CloseReason.TRUNCATED,
                        "the peer ended the stream inside a message: bytes=" + inbound.pending());
            }
            ended = true;
        } else if (bytes > 0) {
            counters.set(CounterCells.BYTES_IN, inbound.receivedBytes());
            counters.set(CounterCells.MESSAGES_IN, messages);
        }
        return bytes;
    }

    private boolean push(final ByteBuffer buffer, final int offset, final int length) {
        messages++;
        callbacks.message(buffer, offset, length);
        return goesOn();
    }

    private boolean hand(final ByteBuffer buffer, final int offset, final int length) {
        messages++;
        return pull.put(buffer, offset, length) && goesOn();
    }

    private boolean goesOn() {
        return !requests.isClosing() && !requests.isPaused();
    }

    private boolean isHeld() {
        return requests.isPaused() || (pull != null && pull.isFull());
    }

    /** Receives once and throws the content away; returns the bytes. */
    int skip() throws IOException {
        if (ended) {
            return 0;
        }
        final int bytes = inbound.skip();
        ended = bytes == Pipe.END;
        return Math.max(0, bytes);
    }

    void switchTo(final Protocol next) {
        inbound.switchTo(next);
    }

    /** Whether the peer has ended its stream. */
    boolean isEnded() {
        return ended;
    }

    /** Whether the last turn did not read because of a pause, or of a puller that is behind. */
    boolean isSkipped() {
        return skipped;
    }

    /** Whether what kept the last turn from reading is over. */
    boolean isResumed() {
        return skipped && !isHeld();
    }

    /** The thread is about to sleep: holds no more than what has come. */
    void beforeSleep() {
        inbound.shelve();
    }

    /** Lets go of what holds nothing; true unless more can be let go later. */
    boolean rest() {
        inbound.rest();
        return pull == null || pull.rest();
    }

    /** No message comes any more: tells the puller. Idempotent. */
    void noMore() {
        if (pull != null) {
            pull.end();
        }
    }

    void close() {
        counters.set(CounterCells.MESSAGES_IN, messages);
        inbound.close();
    }
}
