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

    /** Whether the decoder has to see also what is skipped. */
    private final boolean converses;

    private long messages;

    /** Whether messages that come are thrown away. */
    private boolean skipping;

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
            final PullLane pull,
            final boolean converses) {
        this.converses = converses;
        this.requests = requests;
        this.counters = counters;
        this.pull = pull;
        inbound = new Inbound(pipe, protocol, buffers, pull == null ? new Handler() : new Puller());
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
        final int bytes;
        try {
            bytes = inbound.poll();
        } catch (final IOException | RuntimeException | Error ex) {
            // The connection ends, but what came did come.
            counters.set(CounterCells.BYTES_IN, inbound.receivedBytes());
            throw ex;
        }
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

    /** Where messages and events go, unless they are skipped. */
    private abstract class Sink implements Protocol.MessageSink {
        abstract boolean take(ByteBuffer buffer, int offset, int length);

        @Override
        public final boolean onMessage(final ByteBuffer buffer, final int offset, final int length) {
            if (skipping) {
                return true;
            }
            messages++;
            return take(buffer, offset, length) && goesOn();
        }

        @Override
        public final boolean onEvent(final Runnable callback) {
            if (skipping) {
                return true;
            }
            callbacks.event(callback);
            return goesOn();
        }
    }

    private final class Handler extends Sink {
        @Override
        boolean take(final ByteBuffer buffer, final int offset, final int length) {
            callbacks.message(buffer, offset, length);
            return true;
        }
    }

    private final class Puller extends Sink {
        @Override
        boolean take(final ByteBuffer buffer, final int offset, final int length) {
            return pull.put(buffer, offset, length);
        }
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
        skipping = true;
        final int bytes = converses ? inbound.poll() : inbound.skip();
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
        inbound.beforeSleep();
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
