package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.ConnectionPhase;
import io.millrace.transport.ProtocolException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How a connection ends: each side ends its stream, what was accepted is flushed meanwhile, and one report says what became
 * of it. The connection's thread.
 */
final class ConnectionEnding {
    private static final System.Logger LOGGER = System.getLogger(ConnectionEnding.class.getName());

    /** For these the peer did nothing that breaks the stream: it is told of the end in the proper way. */
    private static final Set<CloseReason> FAREWELLS = EnumSet.of(
            CloseReason.HANDLER_ERROR,
            CloseReason.AUTHENTICATION_TIMEOUT,
            CloseReason.HEARTBEAT_LOST,
            CloseReason.SLOW_CONSUMER);

    private record Failure(CloseReason reason, String detail, Throwable error) {}

    private final ConnectionParts parts;
    private final Predicate<CloseReason> isReplaced;
    private final Runnable onEnd;

    /** When to give up on claims that are not committed: early enough to flush what lies behind them. */
    private final Deadline unblockDeadline = new Deadline();

    /** Which side ended its stream first; null while neither has. */
    private CloseReason firstEnd;

    /** Why this side fails a conversation: said to the peer while it drains; null unless it does. */
    private Failure failure;

    /** Whether this side's half has begun, apart from draining. */
    private boolean endsOutput;

    ConnectionEnding(final ConnectionParts parts, final Predicate<CloseReason> isReplaced, final Runnable onEnd) {
        this.parts = parts;
        this.isReplaced = isReplaced;
        this.onEnd = onEnd;
    }

    /** The peer has ended its stream. */
    void peerEnded() {
        noteEnd(CloseReason.PEER_CLOSE);
    }

    private void noteEnd(final CloseReason reason) {
        if (firstEnd == null) {
            firstEnd = reason;
        }
    }

    /** The half of the closing that is this side's; over when the peer's half is done too. */
    int endOutput() throws IOException {
        if (!endsOutput) {
            endsOutput = true;
            noteEnd(CloseReason.LOCAL_CLOSE);
            parts.lane.wakeWaiters();
            boundFlush();
        }
        final Outbound outbound = parts.outbound;
        int work = 0;
        if (!outbound.isEnded() && unblockDeadline.isOver(parts.timers.nowNs())) {
            work += outbound.unblock();
        }
        if (outbound.tryEnd()) {
            parts.timers.outputEnded();
            work++;
        }
        if (outbound.isEnded() && parts.receiver.isEnded()) {
            finish(firstEnd, firstEnd.text(), null);
        }
        return work;
    }

    private void boundFlush() {
        final long closeTimeoutNs = parts.context.closeTimeoutNs();
        parts.timers.phase(closeTimeoutNs);
        unblockDeadline.at(parts.timers.nowNs() + closeTimeoutNs / 2);
    }

    void startDrain(final CloseReason reason) {
        noteEnd(reason);
        parts.rings.close();
        parts.lane.wakeWaiters();
        parts.lifecycle.draining(firstEnd);
        parts.receiver.noMore();
        parts.timers.closing();
        boundFlush();
    }

    /** The peer broke a rule: if there is a conversation, it is told so before the end. */
    void fail(final ProtocolException ex) {
        if (ex.reason() == CloseReason.TRUNCATED) {
            fail(ex.reason(), ex.getMessage(), ex);
        } else {
            failInOrder(ex.reason(), ex.getMessage(), ex);
        }
    }

    /** If there is a conversation, what was accepted is flushed, and the peer told why before the end. */
    void failInOrder(final CloseReason reason, final String detail, final Throwable error) {
        if (parts.conversation == null || parts.lifecycle.phase() != ConnectionPhase.OPEN) {
            fail(reason, detail, error);
            return;
        }
        failure = new Failure(reason, detail, error);
        parts.conversationPipe.fail(reason);
        firstEnd = reason;
        startDrain(reason);
    }

    int drain() throws IOException {
        final Outbound outbound = parts.outbound;
        int work = outbound.poll();
        if (work == 0 && unblockDeadline.isOver(parts.timers.nowNs())) {
            work += outbound.unblock();
        }
        if (outbound.tryEnd()) {
            work++;
        }
        work += parts.receiver.skip();
        if (outbound.isEnded() && parts.receiver.isEnded()) {
            finishInOrder();
            return 1;
        }
        return work;
    }

    /** Flushing, or the peer's half of draining, has taken too long. */
    void flushIsOver() {
        if (parts.outbound.isEnded() || failure != null) {
            finishInOrder();
        } else {
            finish(CloseReason.CLOSE_TIMEOUT, "not flushed in time: ns=" + parts.context.closeTimeoutNs(), null);
        }
    }

    void fail(final CloseReason reason, final String detail, final Throwable error) {
        if (parts.lifecycle.phase() == ConnectionPhase.DRAINING && parts.outbound.isEnded()) {
            // All that was accepted is flushed: how the peer takes our end changes nothing.
            finishInOrder();
        } else {
            finish(reason, detail, error);
        }
    }

    private void finishInOrder() {
        if (failure == null) {
            finish(firstEnd, firstEnd.text(), null);
        } else {
            finish(failure.reason(), failure.detail(), failure.error());
        }
    }

    /** Ends for a reason whose text says all there is to say. */
    void finish(final CloseReason reason) {
        finish(reason, reason.text(), null);
    }

    void finish(final CloseReason reason, final String detail, final Throwable error) {
        if (parts.lifecycle.phase() == ConnectionPhase.CLOSED) {
            return;
        }
        final Outbound outbound = parts.outbound;
        final boolean replaced = parts.lifecycle.phase() == ConnectionPhase.HANDSHAKING && isReplaced.test(reason);
        if (FAREWELLS.contains(reason)) {
            if (parts.conversation != null) {
                parts.conversationPipe.fail(reason);
            }
            outbound.sayFarewell();
        }
        outbound.abandon();
        parts.receiver.close();
        parts.channel.close();
        if (parts.conversation != null) {
            parts.conversation.end();
        }
        parts.lifecycle.closed(reason);
        parts.receiver.noMore();
        parts.lane.wakeWaiters();
        final long accepted = outbound.accepted();
        final long flushed = outbound.flushed();
        outbound.letGo();
        final CloseReport report =
                new CloseReport(reason, detail, Optional.ofNullable(error), accepted, flushed, accepted - flushed);
        parts.counters.onClosed(reason);
        parts.record.closed(parts.lifecycle.state(), report, parts.cells);
        parts.counters.onEnded(parts.cells, onEnd);
        try {
            if (!replaced) {
                parts.callbacks.close(report);
            }
        } catch (final Callbacks.HandlerException ex) {
            parts.counters.onHandlerError();
            LOGGER.log(System.Logger.Level.DEBUG, "onClose threw on " + parts.connection, ex.getCause());
        } finally {
            parts.connection.complete(report);
        }
    }
}
