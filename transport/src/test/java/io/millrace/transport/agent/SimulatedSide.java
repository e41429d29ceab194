package io.millrace.transport.agent;

import io.millrace.ring.ByteRing;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.ConnectionState;
import io.millrace.transport.IdleKind;
import io.millrace.transport.TransportCounters;
import io.millrace.transport.tls.TlsSide;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;

/**
 * One connection of a {@link ConnectionSimulation}, with all that its users do to it, and what they may expect of it.
 * Between turns it sleeps as its agent wants to: until the clock, the channel or a user wakes it.
 */
final class SimulatedSide implements ConnectionHandler {
    static final int MAX_MESSAGE_LENGTH = 256;

    /** Where the full capacity is so large, the first ring is smaller. */
    private static final int GROWN_CAPACITY = 8 * RingCell.FIRST_CAPACITY;

    /** Turns in a row, at one moment, that move, call and change nothing, and do not end in a sleep that lasts either. */
    private static final int MAX_FRUITLESS_TURNS = 8;

    private static final Set<CloseReason> LEGAL = EnumSet.of(
            CloseReason.LOCAL_CLOSE,
            CloseReason.LOCAL_ABORT,
            CloseReason.TRANSPORT_CLOSE,
            CloseReason.PEER_CLOSE,
            CloseReason.PEER_RESET,
            CloseReason.TRUNCATED,
            CloseReason.CLOSE_TIMEOUT,
            CloseReason.CONNECT_FAILED,
            CloseReason.CONNECT_TIMEOUT,
            CloseReason.HANDSHAKE_FAILED,
            CloseReason.HANDSHAKE_TIMEOUT,
            CloseReason.HEARTBEAT_LOST,
            CloseReason.HALF_CLOSE_TIMEOUT,
            CloseReason.SLOW_CONSUMER,
            CloseReason.HANDLER_ERROR);

    private final SplittableRandom random;
    private final SimulationVerdict verdict;
    private final SimulationTally tally;
    private final NanoClock clock;
    private final SimulatedChannel channel;
    private final SimulatedSender sender;
    private final TransportCounters counters = new TransportCounters();
    private final List<Integer> peersWire;
    private final ConnectionAgent agent;
    private final Connection connection;
    private final IdleStrategy idle;
    private final boolean halfOpen;
    private final boolean pulls;
    /** How often a callback does something, in 1024. */
    private final int liveliness;

    private boolean calm;
    private boolean opened;
    private boolean paused;
    private boolean closing;
    private boolean peerEnded;
    private CloseReport report;
    private int received;
    private int callbacks;
    private int fruitlessTurns;
    private long turnNs;
    private long sleepNs;

    SimulatedSide(
            final SplittableRandom random,
            final SimulationVerdict verdict,
            final SimulationTally tally,
            final NanoClock clock,
            final ConnectionContext context,
            final BufferPool buffers,
            final SimulatedChannel channel,
            final Optional<TlsSide> tls,
            final SimulatedSender sender,
            final List<Integer> peersWire) {
        this.random = random;
        this.verdict = verdict;
        this.tally = tally;
        this.clock = clock;
        this.channel = channel;
        this.sender = sender;
        this.peersWire = peersWire;
        halfOpen = context.allowsHalfOpen();
        pulls = context.pullCapacity() > 0;
        liveliness = random.nextInt(3) * random.nextInt(512);
        agent = new ConnectionAgent(
                random.nextLong(),
                clock,
                context,
                SimulatedProtocol.make(),
                counters,
                buffers,
                channel,
                tls,
                this,
                a -> verdict.expect(report == null, "the owner is told of the end after the handler"));
        connection = agent.connection();
        idle = agent.rest().onPlatformThread();
        sender.connection(connection, agent.lane().rings(), context.outboundCapacity());
        agent.onStart();
    }

    // ---- the thread ----

    /** One turn, unless it sleeps or has ended. */
    void turn() {
        if (isOver()) {
            return;
        }
        if (calm) {
            pullAll();
        }
        if (isAsleep()) {
            fruitlessTurns = 0;
            return;
        }
        final long before = progress();
        final ConnectionState state = connection.state();
        final int work = agent.doWork();
        verdict.raise();
        if (isOver()) {
            checkOver();
            return;
        }
        idle.idle(work);
        sleepNs = channel.takeParkNs();
        verdict.expect(work == 0 || sleepNs == 0, "sleeps after work:", work);
        verdict.expect(sleepNs == 0 || !opened || !sender.isForgotten(), "sleeps, and has not told that there is room");
        final boolean fruitless =
                turnNs == clock.nanoTime() && before == progress() && state.equals(connection.state());
        fruitlessTurns = fruitless ? fruitlessTurns + 1 : 0;
        turnNs = clock.nanoTime();
        verdict.expect(fruitlessTurns <= MAX_FRUITLESS_TURNS, "spins with work:", work);
    }

    /** Moves with all that counts: not with onWritable, which must not be repeated for ever. */
    private long progress() {
        return channel.movedBytes()
                + sender.claims()
                + callbacks
                + connection.counters().messagesIn();
    }

    private void checkOver() {
        pullAll();
        verdict.expect(!pulls || connection.poll(this::onPulled, 1) == Connection.CLOSED, "pulls on after the end");
        verdict.expect(channel.isClosed(), "the channel is left open");
        for (final CloseReason reason : CloseReason.values()) {
            verdict.expect(
                    counters.closed(reason) == (reason == report.reason() ? 1 : 0),
                    "ended with " + report + ", and counted with " + reason + ":",
                    counters.closed(reason));
        }
        verdict.expect(
                report.equals(connection.closed().toCompletableFuture().getNow(null)), "not the handler's report");
        try {
            agent.doWork();
            verdict.fail("works on after the end");
        } catch (final AgentTerminationException expected) {
            agent.onClose();
        }
        verdict.raise();
    }

    boolean isOver() {
        return report != null;
    }

    boolean isAsleep() {
        if (sleepNs > 0 && (clock.nanoTime() - turnNs >= sleepNs || channel.isReady())) {
            sleepNs = 0;
        }
        return sleepNs > 0;
    }

    /** How long it would go on sleeping; {@link Long#MAX_VALUE} if nothing but others can wake it. */
    long leftNs() {
        return sleepNs == Long.MAX_VALUE ? sleepNs : turnNs + sleepNs - clock.nanoTime();
    }

    // ---- its users ----

    void act() {
        sleepNs = 0;
        fruitlessTurns = 0;
        final int way = random.nextInt(1024);
        if (way < 24) {
            pause(!paused);
        } else if (way < 27) {
            end();
        } else if (pulls && way < 400) {
            pull(random.nextInt(1, 6));
        } else {
            sender.act();
        }
    }

    private int pull(final int limit) {
        final int messages = connection.poll(this::onPulled, limit);
        if (messages == Connection.CLOSED) {
            verdict.expect(peerEnded || connection.isClosed(), "nothing more to pull, though nobody has ended");
        } else if (messages > 0) {
            sleepNs = 0;
            tally.count("pulled");
        }
        return messages;
    }

    private void pullAll() {
        boolean more = pulls;
        while (more) {
            more = pull(10) > 0;
        }
    }

    private void onPulled(final ByteBuffer buffer, final int offset, final int length) {
        take(buffer, offset, length);
    }

    private void pause(final boolean pause) {
        paused = pause;
        if (pause) {
            connection.pauseReading();
        } else {
            connection.resumeReading();
        }
    }

    private void end() {
        switch (random.nextInt(6)) {
            case 0 -> {
                closing = true;
                connection.closeNow();
            }
            case 1 -> {
                closing = true;
                agent.abort(CloseReason.TRANSPORT_CLOSE);
            }
            case 2, 3 -> close();
            default -> {
                tally.count("half-closed");
                connection.closeOutput();
            }
        }
        verdict.expect(connection.isClosed(), "open to offers after a close");
    }

    void close() {
        sleepNs = 0;
        closing = true;
        connection.close();
    }

    /** From here on nobody does anything to it, and nothing keeps it from reading. */
    void calm() {
        sleepNs = 0;
        calm = true;
        sender.settle();
        pause(false);
    }

    /** Lets the ring's idleness and growth show. */
    void look() {
        final RingCell rings = agent.lane().rings();
        final ByteRing ring = isOver() ? null : rings.readable();
        if (ring != null && ring.capacity() >= GROWN_CAPACITY) {
            tally.count("grown");
        }
        if (!isOver() && sender.claims() > 0 && !rings.isClosed() && !rings.isHolding()) {
            tally.count("retired");
        }
    }

    boolean isOpen() {
        return opened && !isOver() && !connection.isClosed() && !peerEnded;
    }

    /** Whether a time was over that had begun to run before all was calm. */
    boolean hasLostPatience() {
        return report.reason() == CloseReason.HEARTBEAT_LOST
                || report.reason() == CloseReason.HALF_CLOSE_TIMEOUT
                || report.reason() == CloseReason.SLOW_CONSUMER;
    }

    boolean isOpened() {
        return opened;
    }

    CloseReport report() {
        return report;
    }

    boolean hasReceivedAll() {
        return received == peersWire.size();
    }

    // ---- its handler ----

    private void callback() {
        callbacks++;
        verdict.expect(!isOver(), "called after onClose");
        verdict.expect(opened, "called before onOpen");
    }

    private void maybeAct(final String where) {
        if (!calm && random.nextInt(1024) < liveliness) {
            if (random.nextInt(200) == 0) {
                throw new IllegalStateException("thrown by the seed");
            }
            if (random.nextInt(where.equals("onMessage") ? 200 : 12) == 0) {
                tally.count("ends in " + where);
                end();
            } else {
                act();
            }
        }
    }

    @Override
    public void onOpen(final Connection which) {
        verdict.expect(!opened, "opened twice");
        verdict.expect(which == connection, "another connection");
        opened = true;
        callback();
        maybeAct("onOpen");
    }

    @Override
    public void onMessage(final Connection which, final ByteBuffer buffer, final int offset, final int length) {
        callback();
        verdict.expect(!paused, "a message while reading is paused");
        verdict.expect(!closing, "a message after the close");
        verdict.expect(!peerEnded, "a message behind the peer's end");
        verdict.expect(!pulls, "a message is pushed at a side that pulls");
        take(buffer, offset, length);
        maybeAct("onMessage");
    }

    private void take(final ByteBuffer buffer, final int offset, final int length) {
        if (length != SimulatedProtocol.HEARTBEAT_LENGTH) {
            final int number = SimulatedSender.number(verdict, buffer, offset, length);
            verdict.expect(received < peersWire.size(), "received, and never sent:", number);
            final int next = peersWire.get(received++);
            verdict.expect(number == next, "received out of order:", next, number);
        }
    }

    @Override
    public void onWritable(final Connection which) {
        callback();
        callbacks--;
        tally.count("writable");
        sender.writable();
        maybeAct("onWritable");
    }

    @Override
    public void onSlowConsumer(final Connection which) {
        callback();
        maybeAct("onSlowConsumer");
    }

    @Override
    public void onIdle(final Connection which, final IdleKind kind) {
        callback();
        tally.count("idle");
        maybeAct("onIdle");
    }

    @Override
    public void onPeerEnd(final Connection which) {
        callback();
        verdict.expect(!peerEnded, "the peer ended twice");
        verdict.expect(!paused, "the peer's end noticed while reading is paused");
        pullAll();
        verdict.expect(hasReceivedAll(), "ended before all came: received, sent", received, peersWire.size());
        peerEnded = true;
        tally.count("peer ended");
        maybeAct("onPeerEnd");
        if (calm && halfOpen) {
            close();
        }
    }

    @Override
    public void onClose(final Connection which, final CloseReport newReport) {
        verdict.expect(!isOver(), "closed twice");
        if (!LEGAL.contains(newReport.reason())) {
            verdict.fail("ended with " + newReport);
        }
        verdict.expect(connection.isClosed(), "closed, and open to offers");
        report = newReport;
        tally.closed(newReport.reason());
        sender.check(newReport);
        sender.checkClosed();
        connection.close();
        connection.closeNow();
        connection.closeOutput();
        maybeThrow();
    }

    private void maybeThrow() {
        if (random.nextInt(50) == 0) {
            throw new IllegalStateException("thrown by the seed at the end");
        }
    }
}
