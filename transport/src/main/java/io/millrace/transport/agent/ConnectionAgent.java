package io.millrace.transport.agent;

import io.millrace.ring.AdaptiveIdleStrategy;
import io.millrace.ring.ByteRing;
import io.millrace.ring.Doorbell;
import io.millrace.ring.ManyToOneByteRing;
import io.millrace.ring.SpinBudget;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Protocol;
import io.millrace.transport.ProtocolException;
import io.millrace.transport.TlsInfo;
import io.millrace.transport.TransportCounters;
import io.millrace.transport.channel.ConnectionChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;

/**
 * The duty cycle of one connection: reads, decodes and calls the handler, then drains the outbound ring into the pipe,
 * then looks at its deadline. Whoever calls {@link #doWork()} is its one thread; everything here is that thread's own
 * but the ring, the doorbell and {@link #abort}.
 */
public final class ConnectionAgent implements Agent {
    private enum Phase {
        CONNECTING,
        HANDSHAKING,
        OPEN,
        DRAINING,
        CLOSED
    }

    private static final System.Logger LOGGER = System.getLogger(ConnectionAgent.class.getName());

    /** How long to sleep at most while a claim is not committed: its sender need not ring. */
    private static final long UNCOMMITTED_PARK_NS = 100_000;

    private final ConnectionContext context;
    private final TransportCounters counters;
    private final ConnectionChannel channel;
    private final ConnectionHandler handler;
    private final ConnectionOwner owner;
    private final Doorbell doorbell;
    private final Pipe pipe;
    private final ByteRing ring;
    private final Inbound inbound;
    private final Outbound outbound;
    private final Framing framing;
    private final Deadline deadline;

    /** When to give up on claims that are not committed: early enough to flush what lies behind them. */
    private final Deadline unblockDeadline;

    private final TransportConnection connection;

    private Phase phase = Phase.CONNECTING;
    private boolean peerEnded;
    private CloseReason drainReason;
    private volatile CloseReason abortReason;
    private volatile Thread driver;

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
     * @param engine   for TLS; empty for none.
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
            final Optional<SSLEngine> engine,
            final ConnectionHandler handler,
            final ConnectionOwner owner) {
        this.context = context;
        this.counters = counters;
        this.channel = channel;
        this.handler = handler;
        this.owner = owner;
        deadline = new Deadline(clock);
        unblockDeadline = new Deadline(clock);
        doorbell = new Doorbell(channel);
        pipe = engine.<Pipe>map(e -> new TlsPipe(channel, e)).orElseGet(() -> new PlainPipe(channel));
        final int longestFrame = Math.max(protocol.maxFrameLength(), context.maxFrameLength());
        ring = new ManyToOneByteRing(context.outboundCapacity(), longestFrame, pipe.memory());
        inbound = new Inbound(pipe, protocol, buffers, this::onMessage);
        outbound = new Outbound(ring, pipe);
        framing = new Framing(ring, protocol);
        connection = new TransportConnection(id, this, framing, ring, doorbell);
    }

    /**
     * The connection that this agent drives.
     *
     * @return the face for its users.
     */
    public Connection connection() {
        return connection;
    }

    /**
     * Whether the calling thread is the one that drives this connection. Any thread; wait-free.
     *
     * @return true in its callbacks.
     */
    public boolean isDriver() {
        return driver == Thread.currentThread();
    }

    /**
     * A strategy to idle with between turns, which sleeps on the connection's channel.
     *
     * @return a new strategy.
     */
    public IdleStrategy idleStrategy() {
        return switch (context.waiting()) {
            case ADAPTIVE -> adaptive(AdaptiveIdleStrategy.DEFAULT_MAX_SPINS, AdaptiveIdleStrategy.DEFAULT_MAX_YIELDS);
            case SPINNING -> BusySpinIdleStrategy.INSTANCE;
            case PARKING -> adaptive(0, 0);
        };
    }

    private IdleStrategy adaptive(final int maxSpins, final int maxYields) {
        return new AdaptiveIdleStrategy(maxSpins, maxYields, SpinBudget.shared(), doorbell, this::mayParkNs);
    }

    /**
     * Ends the connection at its next turn, flushing nothing. Any thread; idempotent.
     *
     * @param reason for the report.
     */
    public void abort(final CloseReason reason) {
        abortReason = reason;
        connection.close();
        doorbell.ring();
    }

    void switchInbound(final Protocol next) {
        checkDriver();
        inbound.switchTo(next);
    }

    void switchOutbound(final Protocol next) {
        checkDriver();
        framing.switchTo(next);
    }

    long switchOutbound(final Protocol next, final ByteBuffer last, final int offset, final int length) {
        checkDriver();
        final long position = framing.switchTo(next, last, offset, length);
        doorbell.ring();
        return position;
    }

    private void checkDriver() {
        if (!isDriver()) {
            throw new IllegalStateException("only the connection's thread, in a callback, may switch its protocol: "
                    + connection + " caller=" + Thread.currentThread().getName());
        }
    }

    @Override
    public String roleName() {
        return "millrace-connection-" + connection.id();
    }

    @Override
    public void onStart() {
        driver = Thread.currentThread();
        deadline.in(context.connectTimeoutNs());
    }

    @Override
    public int doWork() {
        if (phase == Phase.CLOSED) {
            throw new AgentTerminationException(true);
        }
        try {
            final CloseReason aborting = abortReason;
            if (aborting != null) {
                finish(aborting, aborting.text(), null);
                return 1;
            }
            if (deadline.isOver()) {
                onDeadline();
                return 1;
            }
            return turn();
        } catch (final ProtocolException ex) {
            fail(ex.reason(), ex.getMessage(), ex);
        } catch (final IOException ex) {
            final CloseReason reason = reasonOf(ex);
            fail(reason, reason.text() + ": " + ex.getMessage(), ex);
        } catch (final HandlerException ex) {
            fail(CloseReason.HANDLER_ERROR, CloseReason.HANDLER_ERROR.text() + ": " + ex.getCause(), ex.getCause());
        } catch (final RuntimeException | Error ex) {
            LOGGER.log(System.Logger.Level.ERROR, "internal error on " + connection, ex);
            fail(CloseReason.INTERNAL_ERROR, CloseReason.INTERNAL_ERROR.text() + ": " + ex, ex);
        }
        return 1;
    }

    private void fail(final CloseReason reason, final String detail, final Throwable error) {
        if (outbound.isEnded()) {
            // All that was accepted is flushed: how the peer takes our end changes nothing.
            finish(drainReason, drainReason.text(), null);
        } else {
            finish(reason, detail, error);
        }
    }

    private int turn() throws IOException {
        return switch (phase) {
            case CONNECTING -> connect();
            case HANDSHAKING -> handshake();
            case OPEN -> receive() + outbound.poll();
            case DRAINING -> drain();
            case CLOSED -> 0;
        };
    }

    private int connect() throws IOException {
        if (ring.isClosed()) {
            finish(CloseReason.LOCAL_CLOSE, "closed before it was connected", null);
            return 1;
        }
        if (!channel.finishConnect()) {
            return 0;
        }
        publishFacts(Optional.empty());
        pipe.begin();
        phase = Phase.HANDSHAKING;
        deadline.in(context.handshakeTimeoutNs());
        return 1 + handshake();
    }

    private int handshake() throws IOException {
        if (ring.isClosed()) {
            finish(CloseReason.LOCAL_CLOSE, "closed before the handshake was done", null);
            return 1;
        }
        if (!pipe.handshake()) {
            return 0;
        }
        if (pipe instanceof TlsPipe tls) {
            final SSLSession session = tls.session();
            publishFacts(Optional.of(new TlsInfo(session.getProtocol(), session.getCipherSuite())));
        }
        phase = Phase.OPEN;
        deadline.clear();
        counters.onOpened();
        owner.onOpen(this);
        try {
            handler.onOpen(connection);
        } catch (final RuntimeException | Error ex) {
            throw new HandlerException(ex);
        }
        return 1;
    }

    private void publishFacts(final Optional<TlsInfo> tls) {
        connection.facts(new TransportConnection.Facts(
                Optional.ofNullable(channel.localAddress()), Optional.ofNullable(channel.remoteAddress()), tls));
    }

    private int receive() throws IOException {
        if (ring.isClosed()) {
            startDrain(CloseReason.LOCAL_CLOSE);
            return 1;
        }
        final int bytes = inbound.poll();
        if (bytes == Pipe.END) {
            if (inbound.pending() > 0) {
                throw new ProtocolException(
                        CloseReason.TRUNCATED,
                        "the peer ended the stream inside a message: bytes=" + inbound.pending());
            }
            peerEnded = true;
            ring.close();
            startDrain(CloseReason.PEER_CLOSE);
            return 1;
        }
        return bytes;
    }

    private boolean onMessage(final ByteBuffer buffer, final int offset, final int length) {
        try {
            handler.onMessage(connection, buffer, offset, length);
        } catch (final RuntimeException | Error ex) {
            throw new HandlerException(ex);
        }
        return !ring.isClosed();
    }

    private void startDrain(final CloseReason reason) {
        drainReason = reason;
        phase = Phase.DRAINING;
        deadline.in(context.closeTimeoutNs());
        unblockDeadline.in(context.closeTimeoutNs() / 2);
    }

    private int drain() throws IOException {
        int work = outbound.poll();
        if (work == 0 && unblockDeadline.isOver()) {
            work += outbound.unblock();
        }
        if (outbound.tryEnd()) {
            work++;
        }
        if (!peerEnded) {
            final int bytes = inbound.skip();
            peerEnded = bytes == Pipe.END;
            work += Math.max(0, bytes);
        }
        if (outbound.isEnded() && peerEnded) {
            finish(drainReason, drainReason.text(), null);
            return 1;
        }
        return work;
    }

    private void onDeadline() {
        deadline.clear();
        switch (phase) {
            case CONNECTING ->
                finish(CloseReason.CONNECT_TIMEOUT, "not connected in time: ns=" + context.connectTimeoutNs(), null);
            case HANDSHAKING ->
                finish(
                        CloseReason.HANDSHAKE_TIMEOUT,
                        "TLS handshake not done in time: ns=" + context.handshakeTimeoutNs(),
                        null);
            case DRAINING ->
                finish(
                        outbound.isEnded() ? drainReason : CloseReason.CLOSE_TIMEOUT,
                        outbound.isEnded() ? drainReason.text() : "not flushed in time: ns=" + context.closeTimeoutNs(),
                        null);
            default -> throw new IllegalStateException("no deadline in phase=" + phase);
        }
    }

    private void finish(final CloseReason reason, final String detail, final Throwable error) {
        if (phase == Phase.CLOSED) {
            return;
        }
        final boolean connecting = phase == Phase.CONNECTING;
        final CloseReason told = connecting && reason == CloseReason.IO_ERROR ? CloseReason.CONNECT_FAILED : reason;
        phase = Phase.CLOSED;
        outbound.abandon();
        inbound.close();
        channel.close();
        final long accepted = outbound.accepted();
        final long flushed = outbound.flushed();
        final CloseReport report =
                new CloseReport(told, detail, Optional.ofNullable(error), accepted, flushed, accepted - flushed);
        counters.onClosed(told);
        owner.onEnd(this);
        try {
            handler.onClose(connection, report);
        } catch (final RuntimeException | Error ex) {
            counters.onHandlerError();
            LOGGER.log(System.Logger.Level.DEBUG, "onClose threw on " + connection, ex);
        } finally {
            connection.complete(report);
        }
    }

    /** How long to sleep: asked by the doorbell when senders can already see the sleeper. */
    private long mayParkNs() {
        if (phase == Phase.CLOSED || abortReason != null || (ring.isClosed() && phase != Phase.DRAINING)) {
            return 0;
        }
        final boolean waitsForSender = outbound.isWaitingForSender() && !channel.isWriteBlocked();
        return Math.min(deadline.leftNs(), waitsForSender ? UNCOMMITTED_PARK_NS : Long.MAX_VALUE);
    }

    private CloseReason reasonOf(final IOException ex) {
        if (ex instanceof SSLException) {
            return phase == Phase.HANDSHAKING ? CloseReason.HANDSHAKE_FAILED : CloseReason.TLS_ERROR;
        }
        final String text = String.valueOf(ex.getMessage()).toLowerCase(Locale.ROOT);
        final boolean reset = text.contains("reset") || text.contains("broken pipe") || text.contains("aborted");
        return reset ? CloseReason.PEER_RESET : CloseReason.IO_ERROR;
    }

    /** Also the end for a thread that was interrupted, or never could run. */
    @Override
    public void onClose() {
        finish(CloseReason.THREAD_LOST, CloseReason.THREAD_LOST.text(), null);
    }

    private static final class HandlerException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        HandlerException(final Throwable cause) {
            super(null, cause, false, false);
        }
    }
}
