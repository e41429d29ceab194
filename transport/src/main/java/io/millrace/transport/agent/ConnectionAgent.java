package io.millrace.transport.agent;

import io.millrace.ring.AdaptiveIdleStrategy;
import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.ConnectionPhase;
import io.millrace.transport.Protocol;
import io.millrace.transport.ProtocolException;
import io.millrace.transport.TransportCounters;
import io.millrace.transport.channel.ConnectionChannel;
import io.millrace.transport.tls.TlsSide;
import java.io.IOException;
import java.util.Optional;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.NanoClock;

/**
 * The duty cycle of one connection: reads, decodes and calls the handler, then drains the outbound ring into the pipe, tells
 * senders that wait for room, and looks at its timers. Whoever calls {@link #doWork()} is its one thread; everything here
 * is that thread's own but the ring, the doorbell and the {@link Requests}.
 */
public final class ConnectionAgent implements DrivenConnection {
    private static final System.Logger LOGGER = System.getLogger(ConnectionAgent.class.getName());

    private final ConnectionParts parts;
    private final ConnectionOwner owner;
    private final ConnectionEnding ending;
    private final ConnectionEvents events;

    /**
     * Makes the agent of one connection.
     *
     * @param id       of the connection.
     * @param clock    for its deadlines.
     * @param context  that is concluded.
     * @param protocol of the messages, to begin with.
     * @param counters of the transport.
     * @param buffers  for what is received.
     * @param channel  to the peer, connected or connecting; closed with the connection.
     * @param tls      this side's; empty for none.
     * @param handler  of what happens.
     * @param owner    told of opening and of the end.
     */
    public ConnectionAgent(
            final long id,
            final NanoClock clock,
            final ConnectionContext context,
            final Protocol protocol,
            final TransportCounters counters,
            final BufferPool buffers,
            final ConnectionChannel channel,
            final Optional<TlsSide> tls,
            final ConnectionHandler handler,
            final ConnectionOwner owner) {
        this.owner = owner;
        parts = new ConnectionParts(id, clock, context, protocol, counters, buffers, channel, tls, handler);
        ending = new ConnectionEnding(parts, reason -> owner.replaces(this, reason), () -> owner.onEnd(this));
        events = new ConnectionEvents(parts, ending);
    }

    @Override
    public Connection connection() {
        return parts.connection;
    }

    SendLane lane() {
        return parts.lane;
    }

    @Override
    public boolean isDriver() {
        return parts.thread.isCurrent();
    }

    @Override
    public Rest rest() {
        return new Rest(
                parts.context.waiting(),
                parts.doorbell,
                new ConnectionSleep(parts),
                () -> parts.lifecycle.phase() == ConnectionPhase.OPEN,
                AdaptiveIdleStrategy.DEFAULT_LONG_SLEEP_NS);
    }

    @Override
    public void leave() {
        if (parts.conversation != null) {
            parts.conversation.leave();
        }
        parts.connection.close();
    }

    @Override
    public void abort(final CloseReason reason) {
        parts.connection.abort(reason);
    }

    @Override
    public String roleName() {
        return "millrace-connection-" + parts.connection.id();
    }

    @Override
    public void drivenBy(final Thread driver) {
        parts.thread.set(driver);
    }

    @Override
    public void onStart() {
        DrivenConnection.super.onStart();
        parts.timers.phase(parts.context.connectTimeoutNs());
    }

    @Override
    public int doWork() {
        final Lifecycle lifecycle = parts.lifecycle;
        if (lifecycle.phase() == ConnectionPhase.CLOSED) {
            throw new AgentTerminationException(true);
        }
        try {
            final CloseReason aborting = parts.requests.abortReason();
            if (aborting != null) {
                ending.finish(aborting);
                return 1;
            }
            if (parts.parker.failure() != null) {
                throw new IOException("can't wait for the socket: " + parts.parker.failure(), parts.parker.failure());
            }
            final int work = turn();
            return lifecycle.phase() != ConnectionPhase.CLOSED && parts.timers.poll(work, events) ? work + 1 : work;
        } catch (final ProtocolException ex) {
            ending.fail(ex);
        } catch (final IOException ex) {
            final CloseReason reason = lifecycle.reasonOf(ex);
            ending.fail(reason, reason.text() + ": " + ex.getMessage(), ex);
        } catch (final Callbacks.HandlerException ex) {
            ending.failInOrder(
                    CloseReason.HANDLER_ERROR, CloseReason.HANDLER_ERROR.text() + ": " + ex.getCause(), ex.getCause());
        } catch (final RuntimeException | Error ex) {
            LOGGER.log(System.Logger.Level.ERROR, "internal error on " + parts.connection, ex);
            ending.fail(CloseReason.INTERNAL_ERROR, CloseReason.INTERNAL_ERROR.text() + ": " + ex, ex);
        }
        return 1;
    }

    private int turn() throws IOException {
        return switch (parts.lifecycle.phase()) {
            case CONNECTING -> connect();
            case HANDSHAKING -> handshake();
            case OPEN -> work();
            case DRAINING -> ending.drain();
            case CLOSED -> 0;
        };
    }

    private int connect() throws IOException {
        if (parts.requests.isClosing()) {
            ending.finish(CloseReason.LOCAL_CLOSE, "closed before it was connected", null);
            return 1;
        }
        if (!parts.channel.finishConnect()) {
            return 0;
        }
        parts.lifecycle.connected(parts.channel.localAddress(), parts.channel.remoteAddress());
        if (parts.secure) {
            parts.record.handshakeBegins();
        }
        parts.pipe.begin();
        parts.timers.phase(parts.context.handshakeTimeoutNs());
        return 1 + handshake();
    }

    private int handshake() throws IOException {
        if (parts.requests.isClosing()) {
            ending.finish(CloseReason.LOCAL_CLOSE, "closed before the handshake was done", null);
            return 1;
        }
        if (!parts.pipe.handshake()) {
            return 0;
        }
        parts.lifecycle.opened(parts.pipe.tls());
        if (parts.framing.protocol().beatsAlways()) {
            parts.timers.beatAlways();
        }
        parts.timers.open();
        parts.counters.onOpened();
        parts.record.opened(parts.lifecycle.state());
        owner.onOpen(this);
        parts.callbacks.open();
        return 1;
    }

    private int work() throws IOException {
        if (parts.requests.isClosing()) {
            ending.startDrain(CloseReason.LOCAL_CLOSE);
            return 1;
        }
        if (parts.timers.isAuthenticating() && parts.requests.isAuthenticated()) {
            parts.timers.authenticated();
        }
        final int said = parts.conversation == null ? 0 : parts.conversation.poll();
        final int work = said + receive() + parts.outbound.poll() + tellSenders();
        final boolean endsOutput = parts.rings.isClosed() && parts.lifecycle.phase() == ConnectionPhase.OPEN;
        return endsOutput ? work + ending.endOutput() : work;
    }

    private int receive() throws IOException {
        final int bytes = parts.receiver.poll();
        parts.timers.readingPaused(parts.receiver.isSkipped());
        parts.timers.heldUp(parts.pipe.isHeldUp());
        if (bytes != Pipe.END) {
            return bytes;
        }
        parts.timers.peerEnded();
        ending.peerEnded();
        parts.callbacks.peerEnd();
        if (!parts.context.allowsHalfOpen()) {
            ending.startDrain(CloseReason.PEER_CLOSE);
        }
        parts.receiver.noMore();
        return 1;
    }

    private int tellSenders() {
        if (!parts.flow.isDue()) {
            parts.flow.watch();
            return 0;
        }
        parts.flow.tell();
        if (!parts.rings.isClosed()) {
            parts.callbacks.writable();
        }
        return 1;
    }

    /** Also the end for a thread that was interrupted, or never could run. */
    @Override
    public void onClose() {
        ending.finish(CloseReason.THREAD_LOST);
    }
}
