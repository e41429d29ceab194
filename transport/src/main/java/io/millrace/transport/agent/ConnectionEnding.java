package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ConnectionPhase;
import io.millrace.transport.ProtocolException;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How a connection ends: each side ends its stream, what was accepted is flushed meanwhile, and one report says what became
 * of it. The connection's thread.
 */
final class ConnectionEnding extends CommonEnding {
    /** For these the peer did nothing that breaks the stream: it is told of the end in the proper way. */
    private static final Set<CloseReason> FAREWELLS = EnumSet.of(
            CloseReason.HANDLER_ERROR,
            CloseReason.AUTHENTICATION_TIMEOUT,
            CloseReason.HEARTBEAT_LOST,
            CloseReason.SLOW_CONSUMER);

    private static final System.Logger LOGGER = System.getLogger(ConnectionEnding.class.getName());

    private record Failure(CloseReason reason, String detail, Throwable error) {}

    private final ConnectionParts parts;
    private final Predicate<CloseReason> isReplaced;

    /** Why this side fails a conversation: said to the peer while it drains; null unless it does. */
    private Failure failure;

    ConnectionEnding(final ConnectionParts parts, final Predicate<CloseReason> isReplaced, final Runnable onEnd) {
        super(parts, onEnd);
        this.parts = parts;
        this.isReplaced = isReplaced;
    }

    /** The half of the closing that is this side's; over when the peer's half is done too. */
    int endOutput() throws IOException {
        beginOutputEnd();
        final Outbound outbound = parts.outbound;
        int work = 0;
        if (!outbound.isEnded() && isTimeToUnblock()) {
            work += outbound.unblock();
        }
        if (outbound.tryEnd()) {
            parts.timers.outputEnded();
            work++;
        }
        if (outbound.isEnded() && parts.receiver.isEnded()) {
            finishAsEnded();
        }
        return work;
    }

    /** If there is a conversation, the peer is told so before the end. */
    @Override
    void fail(final ProtocolException ex) {
        if (ex.reason() == CloseReason.TRUNCATED) {
            fail(ex.reason(), ex.getMessage(), ex);
        } else {
            failInOrder(ex.reason(), ex.getMessage(), ex);
        }
    }

    /** If there is a conversation, what was accepted is flushed, and the peer told why before the end. */
    private void failInOrder(final CloseReason reason, final String detail, final Throwable error) {
        if (parts.conversation == null || parts.lifecycle.phase() != ConnectionPhase.OPEN) {
            fail(reason, detail, error);
            return;
        }
        failure = new Failure(reason, detail, error);
        tell(() -> parts.conversationPipe.fail(reason));
        firstEnd(reason);
        startDrain(reason);
    }

    /** Somebody else's code: whatever it throws, the connection has to end, and for the reason that it had. */
    private void tell(final Runnable ofTheEnd) {
        try {
            ofTheEnd.run();
        } catch (final Throwable ex) {
            parts.counters.onHandlerError();
            LOGGER.log(System.Logger.Level.DEBUG, "a conversation threw at the end of " + parts.connection, ex);
        }
    }

    /** The listener, or the whole transport, closes. Any thread. */
    void leave() {
        if (parts.conversation != null) {
            tell(parts.conversation::leave);
        }
        parts.connection.close();
    }

    @Override
    void handlerFailed(final Throwable error) {
        failInOrder(CloseReason.HANDLER_ERROR, CloseReason.HANDLER_ERROR.text() + ": " + error, error);
    }

    @Override
    void giveUp(final CloseReason reason, final String detail) {
        finish(reason, detail, null);
    }

    int drain() throws IOException {
        final Outbound outbound = parts.outbound;
        int work = outbound.poll();
        if (work == 0 && isTimeToUnblock()) {
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

    @Override
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
            finishAsEnded();
        } else {
            finish(failure.reason(), failure.detail(), failure.error());
        }
    }

    @Override
    void finish(final CloseReason reason, final String detail, final Throwable error) {
        if (parts.lifecycle.phase() == ConnectionPhase.CLOSED) {
            return;
        }
        final Outbound outbound = parts.outbound;
        final boolean replaced = parts.lifecycle.phase() == ConnectionPhase.HANDSHAKING && isReplaced.test(reason);
        if (FAREWELLS.contains(reason)) {
            if (parts.conversation != null) {
                tell(() -> parts.conversationPipe.fail(reason));
            }
            outbound.sayFarewell();
        }
        outbound.abandon();
        parts.receiver.close();
        parts.channel.close();
        if (parts.conversation != null) {
            tell(parts.conversation::end);
        }
        close(reason);
        final long accepted = outbound.accepted();
        final long flushed = outbound.flushed();
        outbound.letGo();
        report(reason, detail, error, accepted, flushed, !replaced);
    }
}
