package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.ProtocolException;
import java.util.Optional;

/** What the ends of connections of either kind have in common: who ended first, how long it may take, and the report. */
abstract class CommonEnding {
    private static final System.Logger LOGGER = System.getLogger(CommonEnding.class.getName());

    private final CommonParts parts;
    private final Runnable onEnd;

    /** When to give up on claims that are not committed: early enough to flush what lies behind them. */
    private final Deadline unblockDeadline = new Deadline();

    /** Which side ended its stream first; null while neither has. */
    private CloseReason firstEnd;

    /** Whether this side's half has begun, apart from draining. */
    private boolean endsOutput;

    CommonEnding(final CommonParts parts, final Runnable onEnd) {
        this.parts = parts;
        this.onEnd = onEnd;
    }

    /** Ends at once, or as soon as is known what became of what was accepted. */
    abstract void giveUp(CloseReason reason, String detail);

    /** The peer or the channel has broken the connection. */
    abstract void fail(CloseReason reason, String detail, Throwable error);

    /** Ends as an exception says. */
    abstract void fail(ProtocolException ex);

    /** The handler has thrown. */
    abstract void handlerFailed(Throwable error);

    /** Ends now; nothing if it has ended. */
    abstract void finish(CloseReason reason, String detail, Throwable error);

    /** The peer has ended its stream. */
    final void peerEnded() {
        noteEnd(CloseReason.PEER_CLOSE);
    }

    private void noteEnd(final CloseReason reason) {
        if (firstEnd == null) {
            firstEnd = reason;
        }
    }

    /** Whoever ended first: this is the reason. */
    final void firstEnd(final CloseReason reason) {
        firstEnd = reason;
    }

    /** This side's half of the closing begins, unless it has. */
    final void beginOutputEnd() {
        if (!endsOutput) {
            endsOutput = true;
            noteEnd(CloseReason.LOCAL_CLOSE);
            parts.wakeSenders();
            boundFlush();
        }
    }

    final void startDrain(final CloseReason reason) {
        noteEnd(reason);
        parts.connection().closeSenders();
        parts.wakeSenders();
        parts.lifecycle.draining(firstEnd);
        parts.noMoreMessages();
        parts.timers.closing();
        boundFlush();
    }

    private void boundFlush() {
        final long closeTimeoutNs = parts.context.closeTimeoutNs();
        parts.timers.phase(closeTimeoutNs);
        unblockDeadline.at(parts.timers.nowNs() + closeTimeoutNs / 2);
    }

    final boolean isTimeToUnblock() {
        return unblockDeadline.isOver(parts.timers.nowNs());
    }

    /** Both streams have ended, and all is said. */
    final void finishAsEnded() {
        finish(firstEnd, firstEnd.text(), null);
    }

    /** Behind the last touch of the channel: nobody hears of messages or room any more. */
    final void close(final CloseReason reason) {
        parts.lifecycle.closed(reason);
        parts.noMoreMessages();
        parts.wakeSenders();
    }

    /** Says what became of it all; the handler hears of it if it is told. */
    final void report(
            final CloseReason reason,
            final String detail,
            final Throwable error,
            final long accepted,
            final long flushed,
            final boolean told) {
        final CloseReport report =
                new CloseReport(reason, detail, Optional.ofNullable(error), accepted, flushed, accepted - flushed);
        parts.counters.onClosed(reason);
        parts.record.closed(parts.lifecycle.state(), report, parts.allCounters());
        parts.counters.onEnded(parts.allCounters(), onEnd);
        try {
            if (told) {
                parts.callbacks().close(report);
            }
        } catch (final Callbacks.HandlerException ex) {
            parts.counters.onHandlerError();
            LOGGER.log(System.Logger.Level.DEBUG, "onClose threw on " + parts.connection(), ex.getCause());
        } finally {
            parts.connection().complete(report);
        }
    }
}
