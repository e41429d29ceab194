package io.millrace.transport.agent;

import io.millrace.ring.ThreadParker;
import io.millrace.transport.CloseReason;
import io.millrace.transport.ConnectionPhase;
import io.millrace.transport.ProtocolException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * How a connection of messages ends: in order, when each side has taken all that the other sent; or cut off, and then the
 * peer is asked what it has taken. Either way senders are out before the channel is touched, and one report says what became
 * of their messages. The connection's thread.
 */
final class MessageEnding extends CommonEnding {
    /** How long the peer may take at most to say what it has taken, when it is cut off. */
    private static final long CUT_OFF_NS = TimeUnit.SECONDS.toNanos(1);

    /** Turns, and then how long at a time, to wait for senders that are inside of an offer. */
    private static final int YIELDS = 100;

    private static final long NAP_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private static final String NOT_SAID = ": the peer has not said how much it took, flushed is what it told before";

    /** Why the connection is cut off. */
    private record Cut(CloseReason reason, String detail, Throwable error) {}

    private final MessageParts parts;

    /** Null unless the connection is being cut off. */
    private Cut cut;

    /** Whether the peer has taken all. */
    private boolean outputEnded;

    MessageEnding(final MessageParts parts, final Runnable onEnd) {
        super(parts, onEnd);
        this.parts = parts;
    }

    // ---- in order ----

    /** The half of the closing that is this side's; over when the peer's half is done too. */
    int endOutput() throws IOException {
        beginOutputEnd();
        final boolean before = outputEnded;
        final int work = flush();
        if (outputEnded && !before) {
            parts.timers.outputEnded();
        }
        return work + finishIfEnded();
    }

    int drain() throws IOException {
        final int work = flush() + parts.receiver.skip();
        return work + finishIfEnded();
    }

    private int flush() throws IOException {
        if (outputEnded) {
            return 0;
        }
        if (!parts.gate.isQuiet()) {
            return isTimeToUnblock() && parts.gate.isLeft() ? parts.gate.abandonClaims() : 0;
        }
        outputEnded = parts.channel.end(parts.gate.accepted());
        return outputEnded ? 1 : 0;
    }

    private int finishIfEnded() throws IOException {
        if (outputEnded && parts.receiver.isEnded() && parts.channel.farewell()) {
            finishAsEnded();
            return 1;
        }
        return 0;
    }

    /** Flushing, or the peer's half of draining, or its last word, has taken too long. */
    void isOver() {
        if (cut != null) {
            finishCut();
        } else if (outputEnded) {
            finishAsEnded();
        } else {
            cutOff(CloseReason.CLOSE_TIMEOUT, "not taken in time: ns=" + parts.context.closeTimeoutNs(), null);
        }
    }

    // ---- cut off ----

    @Override
    void fail(final CloseReason reason, final String detail, final Throwable error) {
        if (cut != null) {
            finish(cut.reason, cut.detail, cut.error == null ? error : cut.error);
        } else if (parts.lifecycle.phase() == ConnectionPhase.DRAINING && outputEnded) {
            // All that was accepted is taken: how the peer takes our end changes nothing.
            finishAsEnded();
        } else {
            cutOff(reason, detail, error);
        }
    }

    @Override
    void fail(final ProtocolException ex) {
        fail(ex.reason(), ex.getMessage(), ex);
    }

    @Override
    void handlerFailed(final Throwable error) {
        fail(CloseReason.HANDLER_ERROR, CloseReason.HANDLER_ERROR.text() + ": " + error, error);
    }

    @Override
    void giveUp(final CloseReason reason, final String detail) {
        cutOff(reason, detail, null);
    }

    private void cutOff(final CloseReason reason, final String detail, final Throwable error) {
        final ConnectionPhase phase = parts.lifecycle.phase();
        if (phase == ConnectionPhase.CONNECTING) {
            finish(reason, detail, error);
        } else if (cut == null && phase != ConnectionPhase.CLOSED) {
            cut = new Cut(reason, detail, error);
            parts.gate.close();
            parts.lane.wakeWaiters();
            parts.receiver.noMore();
            if (phase == ConnectionPhase.OPEN) {
                parts.lifecycle.draining(reason);
            }
            parts.timers.closing();
            parts.timers.phase(Math.min(CUT_OFF_NS, parts.context.closeTimeoutNs()));
        }
    }

    boolean isCutOff() {
        return cut != null;
    }

    /** A turn of one that is cut off. */
    int cutTurn() throws IOException {
        if (!parts.gate.isLeft()) {
            return 0;
        }
        if (!parts.gate.isQuiet()) {
            parts.gate.abandonClaims();
        }
        // First, for the peer is to be told of what was taken, and what is skipped was not.
        if (parts.channel.cutOff()) {
            finishCut();
            return 1;
        }
        return parts.receiver.skip();
    }

    private void finishCut() {
        finish(cut.reason, cut.detail, cut.error);
    }

    // ---- the end ----

    @Override
    void finish(final CloseReason reason, final String detail, final Throwable error) {
        if (parts.lifecycle.phase() == ConnectionPhase.CLOSED) {
            return;
        }
        letSendersOut();
        final boolean isFinal = parts.channel.isTakenFinal();
        final long taken = parts.channel.taken();
        parts.gate.whenEmpty(this::release);
        close(reason);
        // A claim that was given up on has not been sent, whatever the peer or the engine has taken.
        final long sent = parts.gate.accepted();
        final long accepted = sent + parts.gate.abandoned();
        final String said = taken < sent && !isFinal ? detail + NOT_SAID : detail;
        report(reason, said, error, accepted, Math.min(taken, sent), true);
    }

    private void release() {
        parts.channel.close();
        parts.gate.release();
    }

    /**
     * What was accepted is known, and the channel may be closed, only when nobody is inside of an offer any more. So this waits,
     * and ends: nobody comes in, and a {@link io.millrace.transport.channel.MessageSender} waits for nothing, so that each has but
     * a few steps to go, once it is given a processor. It naps so as not to keep that from them, should it matter more to the
     * scheduler than they do.
     */
    private void letSendersOut() {
        parts.gate.close();
        final ThreadParker parker = new ThreadParker();
        for (int turns = 0; !parts.gate.isLeft(); turns++) {
            if (turns < YIELDS) {
                Thread.yield();
            } else {
                parker.park(NAP_NS);
            }
        }
        parts.gate.abandonClaims();
    }
}
