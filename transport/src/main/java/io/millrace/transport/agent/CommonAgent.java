package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionPhase;
import io.millrace.transport.ProtocolException;
import java.io.IOException;
import org.agrona.concurrent.AgentTerminationException;

/**
 * The duty cycle of a connection of either kind: looks whether it is to end, takes a turn, looks at its timers, and makes an
 * end of whatever is thrown. The connection's thread, but for what asks it to end.
 */
abstract class CommonAgent implements DrivenConnection {
    private static final System.Logger LOGGER = System.getLogger(CommonAgent.class.getName());

    private final ConnectionOwner owner;

    CommonAgent(final ConnectionOwner owner) {
        this.owner = owner;
    }

    abstract CommonParts parts();

    abstract CommonEnding ending();

    abstract Timers.Events events();

    /** One turn of a connection that is not closed; returns how much was done. */
    abstract int turn() throws IOException;

    @Override
    public final Connection connection() {
        return parts().connection();
    }

    @Override
    public final boolean isDriver() {
        return parts().thread.isCurrent();
    }

    @Override
    public final void abort(final CloseReason reason) {
        parts().connection().abort(reason);
    }

    @Override
    public final String roleName() {
        return "millrace-connection-" + parts().connection().id();
    }

    @Override
    public final void drivenBy(final Thread driver) {
        parts().thread.set(driver);
    }

    @Override
    public void onStart() {
        DrivenConnection.super.onStart();
        parts().timers.phase(parts().context.connectTimeoutNs());
    }

    @Override
    public final int doWork() {
        final CommonParts parts = parts();
        final CommonEnding ending = ending();
        final Lifecycle lifecycle = parts.lifecycle;
        if (lifecycle.phase() == ConnectionPhase.CLOSED) {
            throw new AgentTerminationException(true);
        }
        try {
            final CloseReason aborting = parts.requests.abortReason();
            if (aborting != null) {
                ending.giveUp(aborting, aborting.text());
            }
            if (lifecycle.phase() != ConnectionPhase.CLOSED && parts.parker.failure() != null) {
                throw new IOException("can't wait for the peer: " + parts.parker.failure(), parts.parker.failure());
            }
            final int work = lifecycle.phase() == ConnectionPhase.CLOSED ? 1 : turn();
            return lifecycle.phase() != ConnectionPhase.CLOSED && parts.timers.poll(work, events()) ? work + 1 : work;
        } catch (final ProtocolException ex) {
            ending.fail(ex);
        } catch (final IOException ex) {
            final CloseReason reason = lifecycle.reasonOf(ex);
            ending.fail(reason, reason.text() + ": " + ex.getMessage(), ex);
        } catch (final Callbacks.HandlerException ex) {
            LOGGER.log(System.Logger.Level.DEBUG, "a handler threw on " + parts.connection(), ex.getCause());
            ending.handlerFailed(ex.getCause());
        } catch (final RuntimeException | Error ex) {
            LOGGER.log(System.Logger.Level.ERROR, "internal error on " + parts.connection(), ex);
            ending.fail(CloseReason.INTERNAL_ERROR, CloseReason.INTERNAL_ERROR.text() + ": " + ex, ex);
        }
        return 1;
    }

    /** The connection is open: says so to all. */
    final void open() {
        final CommonParts parts = parts();
        parts.timers.open();
        parts.counters.onOpened();
        parts.record.opened(parts.lifecycle.state());
        owner.onOpen(this);
        parts.callbacks().open();
    }

    /** Looks at what was asked of an open connection; returns whether it drains from here on. */
    final boolean isToDrain() {
        final CommonParts parts = parts();
        if (parts.requests.isClosing()) {
            ending().startDrain(CloseReason.LOCAL_CLOSE);
            return true;
        }
        if (parts.timers.isAuthenticating() && parts.requests.isAuthenticated()) {
            parts.timers.authenticated();
        }
        return false;
    }

    /** The peer has ended its stream. */
    final void peerEnded() {
        final CommonParts parts = parts();
        parts.timers.peerEnded();
        ending().peerEnded();
        parts.callbacks().peerEnd();
        if (!parts.context.allowsHalfOpen()) {
            ending().startDrain(CloseReason.PEER_CLOSE);
        }
        parts.noMoreMessages();
    }

    /** Also the end for a thread that was interrupted, or never could run. */
    @Override
    public final void onClose() {
        if (parts().lifecycle.phase() != ConnectionPhase.CLOSED) {
            owner.onThreadLost(this);
        }
        ending().finish(CloseReason.THREAD_LOST, CloseReason.THREAD_LOST.text(), null);
    }
}
