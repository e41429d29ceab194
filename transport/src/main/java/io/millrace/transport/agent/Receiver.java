package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Protocol;
import io.millrace.transport.ProtocolException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads unless it is paused, hands messages to the handler, and notices the peer's end. The connection's thread. */
final class Receiver {
    private final Inbound inbound;
    private final Requests requests;
    private final CounterCells counters;
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
            final CounterCells counters) {
        this.requests = requests;
        this.counters = counters;
        inbound = new Inbound(pipe, protocol, buffers, this::onMessage);
    }

    void callbacks(final Callbacks newCallbacks) {
        callbacks = newCallbacks;
    }

    /** Receives once; returns the bytes, or {@link Pipe#END} once, at the peer's end. */
    int poll() throws IOException {
        skipped = !ended && requests.isPaused();
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

    private boolean onMessage(final ByteBuffer buffer, final int offset, final int length) {
        messages++;
        callbacks.message(buffer, offset, length);
        return !requests.isClosing() && !requests.isPaused();
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

    /** Whether the last turn did not read because of a pause. */
    boolean isSkipped() {
        return skipped;
    }

    /** Whether the pause that kept the last turn from reading is over. */
    boolean isResumed() {
        return skipped && !requests.isPaused();
    }

    void close() {
        counters.set(CounterCells.MESSAGES_IN, messages);
        inbound.close();
    }
}
