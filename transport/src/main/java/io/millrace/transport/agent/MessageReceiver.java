package io.millrace.transport.agent;

import io.millrace.transport.Protocol;
import io.millrace.transport.channel.MessageChannel;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Receives unless it is paused or the puller is behind, hands messages to the handler or to the puller, and notices the peer's
 * end. The connection's thread.
 */
final class MessageReceiver implements Protocol.MessageSink {
    /** Messages of one turn: few enough for the turn's other business not to wait long. */
    private static final int LIMIT = 256;

    private final MessageChannel channel;
    private final Requests requests;
    private final CounterCells counters;
    private final Callbacks callbacks;

    /** Null if messages are pushed. */
    private final PullLane pull;

    /** Thrown by what took a message, on its way round the channel, which is not to be troubled with it. */
    private RuntimeException failure;

    private long messages;
    private long bytes;
    private boolean skipping;
    private boolean skipped;
    private boolean ended;

    MessageReceiver(
            final MessageChannel channel,
            final Requests requests,
            final CounterCells counters,
            final Callbacks callbacks,
            final PullLane pull) {
        this.channel = channel;
        this.requests = requests;
        this.counters = counters;
        this.callbacks = callbacks;
        this.pull = pull;
    }

    /** Receives; returns the messages, or {@link MessageChannel#END} once, at the peer's end. */
    int poll() throws IOException {
        skipped = !ended && isHeld();
        if (ended || skipped) {
            return 0;
        }
        final int received = receive();
        if (received == MessageChannel.END) {
            ended = true;
        }
        return received;
    }

    private int receive() throws IOException {
        final int received;
        try {
            received = channel.poll(this, LIMIT);
        } finally {
            counters.set(CounterCells.BYTES_IN, bytes);
            counters.set(CounterCells.MESSAGES_IN, messages);
        }
        if (failure != null) {
            final RuntimeException thrown = failure;
            failure = null;
            throw thrown;
        }
        return received;
    }

    @Override
    public boolean onMessage(final ByteBuffer buffer, final int offset, final int length) {
        if (skipping) {
            return true;
        }
        messages++;
        bytes += length;
        try {
            final boolean room = pull == null || pull.put(buffer, offset, length);
            if (pull == null) {
                callbacks.message(buffer, offset, length);
            }
            return room && !requests.isClosing() && !requests.isPaused();
        } catch (final RuntimeException ex) {
            failure = ex;
            return false;
        }
    }

    /** Something that the engine tells beside the messages. */
    @Override
    public boolean onEvent(final Runnable callback) {
        if (skipping) {
            return true;
        }
        try {
            callbacks.event(callback);
            return !requests.isClosing() && !requests.isPaused();
        } catch (final RuntimeException ex) {
            failure = ex;
            return false;
        }
    }

    /** Receives and throws the content away; returns how many. */
    int skip() throws IOException {
        if (ended) {
            return 0;
        }
        skipping = true;
        final int received = receive();
        ended = received == MessageChannel.END;
        return Math.max(0, received);
    }

    private boolean isHeld() {
        return requests.isPaused() || (pull != null && pull.isFull());
    }

    boolean isEnded() {
        return ended;
    }

    /** Whether the last turn did not receive because of a pause, or of a puller that is behind. */
    boolean isSkipped() {
        return skipped;
    }

    /** Whether what kept the last turn from receiving is over. */
    boolean isResumed() {
        return skipped && !isHeld();
    }

    /** Lets go of what holds nothing; true unless more can be let go later. */
    boolean rest() {
        return pull == null || pull.rest();
    }

    /** No message comes any more: tells the puller. Idempotent. */
    void noMore() {
        if (pull != null) {
            pull.end();
        }
    }
}
