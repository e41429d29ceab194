package io.millrace.transport.agent;

import io.millrace.ring.AdaptiveIdleStrategy;
import io.millrace.ring.Doorbell;
import io.millrace.ring.SpinBudget;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.ConnectionPhase;
import io.millrace.transport.IdleKind;
import io.millrace.transport.Protocol;
import io.millrace.transport.ProtocolException;
import io.millrace.transport.SlowConsumerPolicy;
import io.millrace.transport.TransportCounters;
import io.millrace.transport.channel.ConnectionChannel;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;

/**
 * The duty cycle of one connection: reads, decodes and calls the handler, then drains the outbound ring into the pipe, tells
 * senders that wait for room, and looks at its timers. Whoever calls {@link #doWork()} is its one thread; everything here
 * is that thread's own but the ring, the doorbell and the {@link Requests}.
 */
public final class ConnectionAgent implements Agent {
    private static final System.Logger LOGGER = System.getLogger(ConnectionAgent.class.getName());

    /** How long to sleep at most while a claim is not committed: its sender need not ring. */
    private static final long UNCOMMITTED_PARK_NS = 100_000;

    /** For these the peer did nothing that breaks the stream: it is told of the end in the proper way. */
    private static final Set<CloseReason> FAREWELLS = EnumSet.of(
            CloseReason.HANDLER_ERROR,
            CloseReason.AUTHENTICATION_TIMEOUT,
            CloseReason.HEARTBEAT_LOST,
            CloseReason.SLOW_CONSUMER);

    private final ConnectionContext context;
    private final TransportCounters counters;
    private final ConnectionChannel channel;
    private final ConnectionOwner owner;
    private final Doorbell doorbell;
    private final Pipe pipe;
    private final RingCell rings;
    private final Receiver receiver;
    private final Outbound outbound;
    private final Framing framing;
    private final SendLane lane;
    private final Flow flow;
    private final Timers timers;
    private final Lifecycle lifecycle = new Lifecycle();
    private final Requests requests = new Requests();
    private final CounterCells cells = new CounterCells();
    private final TransportConnection connection;
    private final Callbacks callbacks;

    /** When to give up on claims that are not committed: early enough to flush what lies behind them. */
    private final Deadline unblockDeadline = new Deadline();

    /** Which side ended its stream first; null while neither has. */
    private CloseReason firstEnd;

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
        this.owner = owner;
        doorbell = new Doorbell(channel);
        pipe = engine.<Pipe>map(e -> new TlsPipe(channel, e)).orElseGet(() -> new PlainPipe(channel));
        final int longestFrame = Math.max(protocol.maxFrameLength(), context.maxFrameLength());
        rings = new RingCell(context.outboundCapacity(), longestFrame, pipe.memory());
        framing = new Framing(rings, protocol);
        final boolean dropsNewest = context.slowConsumerPolicy() == SlowConsumerPolicy.DROP_NEWEST;
        lane = new SendLane(rings, framing, doorbell, cells, clock, dropsNewest);
        receiver = new Receiver(pipe, protocol, buffers, requests, cells);
        outbound = new Outbound(rings, pipe, cells);
        timers = new Timers(clock, context, cells, new TimerEvents());
        flow = new Flow(lane, timers);
        connection = new TransportConnection(
                id,
                this,
                new ProtocolSwitch(this::checkDriver, framing, receiver, doorbell),
                lane,
                requests,
                lifecycle,
                cells,
                doorbell);
        callbacks = new Callbacks(handler, connection);
        receiver.callbacks(callbacks);
    }

    /**
     * The connection that this agent drives.
     *
     * @return the face for its users.
     */
    public Connection connection() {
        return connection;
    }

    SendLane lane() {
        return lane;
    }

    /**
     * Whether the calling thread is the one that drives this connection. Any thread; wait-free.
     *
     * @return true in its callbacks.
     */
    public boolean isDriver() {
        return driver == Thread.currentThread();
    }

    private void checkDriver() {
        if (!isDriver()) {
            throw new IllegalStateException("only the connection's thread, in a callback, may switch its protocol: "
                    + connection + " caller=" + Thread.currentThread().getName());
        }
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
        requests.abort(reason);
        connection.close();
    }

    @Override
    public String roleName() {
        return "millrace-connection-" + connection.id();
    }

    @Override
    public void onStart() {
        driver = Thread.currentThread();
        timers.phase(context.connectTimeoutNs());
    }

    @Override
    public int doWork() {
        if (lifecycle.phase() == ConnectionPhase.CLOSED) {
            throw new AgentTerminationException(true);
        }
        try {
            final CloseReason aborting = requests.abortReason();
            if (aborting != null) {
                finish(aborting, aborting.text(), null);
                return 1;
            }
            final int work = turn();
            return lifecycle.phase() != ConnectionPhase.CLOSED && timers.poll(work) ? work + 1 : work;
        } catch (final ProtocolException ex) {
            fail(ex.reason(), ex.getMessage(), ex);
        } catch (final IOException ex) {
            final CloseReason reason = lifecycle.reasonOf(ex);
            fail(reason, reason.text() + ": " + ex.getMessage(), ex);
        } catch (final Callbacks.HandlerException ex) {
            fail(CloseReason.HANDLER_ERROR, CloseReason.HANDLER_ERROR.text() + ": " + ex.getCause(), ex.getCause());
        } catch (final RuntimeException | Error ex) {
            LOGGER.log(System.Logger.Level.ERROR, "internal error on " + connection, ex);
            fail(CloseReason.INTERNAL_ERROR, CloseReason.INTERNAL_ERROR.text() + ": " + ex, ex);
        }
        return 1;
    }

    private void fail(final CloseReason reason, final String detail, final Throwable error) {
        if (lifecycle.phase() == ConnectionPhase.DRAINING && outbound.isEnded()) {
            // All that was accepted is flushed: how the peer takes our end changes nothing.
            finish(firstEnd, firstEnd.text(), null);
        } else {
            finish(reason, detail, error);
        }
    }

    private int turn() throws IOException {
        return switch (lifecycle.phase()) {
            case CONNECTING -> connect();
            case HANDSHAKING -> handshake();
            case OPEN -> work();
            case DRAINING -> drain();
            case CLOSED -> 0;
        };
    }

    private int connect() throws IOException {
        if (requests.isClosing()) {
            finish(CloseReason.LOCAL_CLOSE, "closed before it was connected", null);
            return 1;
        }
        if (!channel.finishConnect()) {
            return 0;
        }
        lifecycle.connected(channel.localAddress(), channel.remoteAddress());
        pipe.begin();
        timers.phase(context.handshakeTimeoutNs());
        return 1 + handshake();
    }

    private int handshake() throws IOException {
        if (requests.isClosing()) {
            finish(CloseReason.LOCAL_CLOSE, "closed before the handshake was done", null);
            return 1;
        }
        if (!pipe.handshake()) {
            return 0;
        }
        lifecycle.opened(pipe.tls());
        timers.open();
        counters.onOpened();
        owner.onOpen(this);
        callbacks.open();
        return 1;
    }

    private int work() throws IOException {
        if (requests.isClosing()) {
            startDrain(CloseReason.LOCAL_CLOSE);
            return 1;
        }
        if (timers.isAuthenticating() && requests.isAuthenticated()) {
            timers.authenticated();
        }
        final int work = receive() + outbound.poll() + tellSenders();
        return rings.isClosed() && lifecycle.phase() == ConnectionPhase.OPEN ? work + endOutput() : work;
    }

    private int receive() throws IOException {
        final int bytes = receiver.poll();
        timers.readingPaused(receiver.isSkipped());
        if (bytes != Pipe.END) {
            return bytes;
        }
        timers.peerEnded();
        noteEnd(CloseReason.PEER_CLOSE);
        callbacks.peerEnd();
        if (!context.allowsHalfOpen()) {
            startDrain(CloseReason.PEER_CLOSE);
        }
        return 1;
    }

    private int tellSenders() {
        if (!flow.isDue()) {
            flow.watch();
            return 0;
        }
        flow.tell();
        if (!rings.isClosed()) {
            callbacks.writable();
        }
        return 1;
    }

    /** The half of the closing that is this side's; over when the peer's half is done too. */
    private int endOutput() throws IOException {
        noteEnd(CloseReason.LOCAL_CLOSE);
        lane.wakeWaiters();
        final boolean ended = outbound.tryEnd();
        if (outbound.isEnded() && receiver.isEnded()) {
            finish(firstEnd, firstEnd.text(), null);
        }
        return ended ? 1 : 0;
    }

    private void noteEnd(final CloseReason reason) {
        if (firstEnd == null) {
            firstEnd = reason;
        }
    }

    private void startDrain(final CloseReason reason) {
        noteEnd(reason);
        rings.close();
        lane.wakeWaiters();
        lifecycle.draining(firstEnd);
        timers.closing();
        timers.phase(context.closeTimeoutNs());
        unblockDeadline.at(timers.nowNs() + context.closeTimeoutNs() / 2);
    }

    private int drain() throws IOException {
        int work = outbound.poll();
        if (work == 0 && unblockDeadline.isOver(timers.nowNs())) {
            work += outbound.unblock();
        }
        if (outbound.tryEnd()) {
            work++;
        }
        work += receiver.skip();
        if (outbound.isEnded() && receiver.isEnded()) {
            finish(firstEnd, firstEnd.text(), null);
            return 1;
        }
        return work;
    }

    private void finish(final CloseReason reason, final String detail, final Throwable error) {
        if (lifecycle.phase() == ConnectionPhase.CLOSED) {
            return;
        }
        if (FAREWELLS.contains(reason)) {
            outbound.sayFarewell();
        }
        outbound.abandon();
        receiver.close();
        channel.close();
        lifecycle.closed(reason);
        lane.wakeWaiters();
        final long accepted = outbound.accepted();
        final long flushed = outbound.flushed();
        final CloseReport report =
                new CloseReport(reason, detail, Optional.ofNullable(error), accepted, flushed, accepted - flushed);
        counters.onClosed(reason);
        owner.onEnd(this);
        try {
            callbacks.close(report);
        } catch (final Callbacks.HandlerException ex) {
            counters.onHandlerError();
            LOGGER.log(System.Logger.Level.DEBUG, "onClose threw on " + connection, ex.getCause());
        } finally {
            connection.complete(report);
        }
    }

    /** How long to sleep: asked by the doorbell when senders can already see the sleeper. */
    private long mayParkNs() {
        final ConnectionPhase phase = lifecycle.phase();
        if (phase == ConnectionPhase.CLOSED
                || requests.abortReason() != null
                || (requests.isClosing() && phase != ConnectionPhase.DRAINING)
                || (phase == ConnectionPhase.OPEN && needsTurn())) {
            return 0;
        }
        channel.wantRead(!receiver.isSkipped() || phase != ConnectionPhase.OPEN);
        final boolean waitsForSender = outbound.isWaitingForSender() && !channel.isWriteBlocked();
        return Math.min(timers.leftNs(), waitsForSender ? UNCOMMITTED_PARK_NS : Long.MAX_VALUE);
    }

    private boolean needsTurn() {
        final boolean outputEnds = rings.isClosed() && !outbound.isEnded() && rings.isEmpty();
        return flow.needsTurn()
                || receiver.isResumed()
                || (timers.isAuthenticating() && requests.isAuthenticated())
                || (outputEnds && !channel.isWriteBlocked());
    }

    /** Also the end for a thread that was interrupted, or never could run. */
    @Override
    public void onClose() {
        finish(CloseReason.THREAD_LOST, CloseReason.THREAD_LOST.text(), null);
    }

    private final class TimerEvents implements Timers.Events {
        @Override
        public void onPhaseOver() {
            switch (lifecycle.phase()) {
                case CONNECTING ->
                    finish(
                            CloseReason.CONNECT_TIMEOUT,
                            "not connected in time: ns=" + context.connectTimeoutNs(),
                            null);
                case HANDSHAKING ->
                    finish(
                            CloseReason.HANDSHAKE_TIMEOUT,
                            "TLS handshake not done in time: ns=" + context.handshakeTimeoutNs(),
                            null);
                case DRAINING ->
                    finish(
                            outbound.isEnded() ? firstEnd : CloseReason.CLOSE_TIMEOUT,
                            outbound.isEnded()
                                    ? firstEnd.text()
                                    : "not flushed in time: ns=" + context.closeTimeoutNs(),
                            null);
                default -> throw new IllegalStateException("no deadline in phase=" + lifecycle.phase());
            }
        }

        @Override
        public void onGiveUp(final CloseReason reason, final String detail) {
            finish(reason, detail, null);
        }

        @Override
        public void onIdle(final IdleKind kind) {
            cells.add(CounterCells.IDLE, 1);
            callbacks.idle(kind);
        }

        @Override
        public void onHeartbeat() {
            if (!outbound.sendHeartbeat(framing.protocol())) {
                onIdle(IdleKind.READ);
            }
        }

        @Override
        public void onSlowConsumer() {
            cells.add(CounterCells.SLOW_CONSUMER, 1);
            callbacks.slowConsumer();
            if (context.slowConsumerPolicy() == SlowConsumerPolicy.DISCONNECT) {
                finish(
                        CloseReason.SLOW_CONSUMER,
                        "senders waited too long for room: ns=" + context.slowConsumerTimeoutNs(),
                        null);
            }
        }

        @Override
        public boolean onQuiet() {
            return outbound.rest();
        }
    }
}
