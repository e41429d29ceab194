package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.IdleKind;
import io.millrace.transport.Protocol;
import io.millrace.transport.TransportCounters;
import io.millrace.transport.tls.TlsSide;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A connection, plain unless the test says otherwise, over a {@link FakeChannel}, with a clock that the test turns, and all that its handler was told. */
final class ConnectionRig implements ConnectionHandler {
    static final int MAX_MESSAGE_LENGTH = 512;
    static final byte[] HEARTBEAT = {0, 0, 0, 0};

    final FakeChannel channel = new FakeChannel();
    final BufferPool buffers = new BufferPool();
    final TransportCounters counters = new TransportCounters();
    final List<CloseReport> reports = new ArrayList<>();
    final List<Integer> lengths = new ArrayList<>();
    final List<IdleKind> idle = new ArrayList<>();
    Runnable onMessage = () -> {};
    Runnable onWritable = () -> {};
    Runnable onPeerEnd = () -> {};
    int writable;
    int slow;
    int peerEnds;
    boolean heartbeat;
    boolean beatsAlways;
    Optional<TlsSide> tls = Optional.empty();
    ConnectionAgent agent;
    private final AtomicLong nowNs = new AtomicLong(Long.MAX_VALUE - 500);

    Connection open(final ConnectionContext context) {
        make(context);
        turn();
        assertEquals(1, counters.opened());
        return agent.connection();
    }

    void make(final ConnectionContext context) {
        agent = new ConnectionAgent(
                1, nowNs::get, context.conclude(), pulsing(), counters, buffers, channel, tls, this, a -> {});
        agent.onStart();
        LeakCheck.afterTest(agent::onClose);
    }

    /** Turns until nothing is left to do; a turn that works for ever is a spin. */
    void turn() {
        int turns = 0;
        while (reports.isEmpty() && agent.doWork() > 0) {
            assertTrue(++turns < 1000, "the agent spins");
        }
    }

    /** Turns until nothing is left to do, then sleeps if the agent wants to: {@code meanwhile} is what others do then. */
    void sleep(final Runnable meanwhile) {
        turn();
        channel.whileParked = meanwhile;
        try {
            agent.rest().onPlatformThread().idle(0);
        } finally {
            channel.whileParked = null;
        }
    }

    /** Time goes by, and the agent gets no turn. */
    void passUnnoticed(final long ns) {
        nowNs.addAndGet(ns);
    }

    void pass(final long ns) {
        nowNs.addAndGet(ns);
        turn();
    }

    /** With a ring that two of the longest messages fill. */
    static ConnectionContext settings() {
        return new ConnectionContext()
                .maxMessageLength(MAX_MESSAGE_LENGTH)
                .outboundCapacity(2 * MAX_MESSAGE_LENGTH)
                .closeTimeoutNs(300);
    }

    static ByteBuffer message(final int length) {
        return ByteBuffer.allocate(length);
    }

    /** Offers until there is no more room, while the peer takes nothing. */
    void fillRing() {
        channel.writeLimit = 0;
        while (agent.connection().offer(message(200)) >= 0) {
            // until it is full
        }
    }

    static ByteBuffer frames(final int... messageLengths) {
        final ByteBuffer frames = ByteBuffer.allocate(4096);
        for (final int length : messageLengths) {
            frames.putInt(length).put(new byte[length]);
        }
        return frames.flip();
    }

    CloseReport onlyReport() {
        assertEquals(1, reports.size());
        assertTrue(channel.closed);
        return reports.get(0);
    }

    @Override
    public void onMessage(final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
        lengths.add(length);
        onMessage.run();
    }

    @Override
    public void onWritable(final Connection connection) {
        writable++;
        onWritable.run();
    }

    @Override
    public void onSlowConsumer(final Connection connection) {
        slow++;
    }

    @Override
    public void onIdle(final Connection connection, final IdleKind kind) {
        idle.add(kind);
    }

    @Override
    public void onPeerEnd(final Connection connection) {
        peerEnds++;
        onPeerEnd.run();
    }

    private Protocol pulsing() {
        return new PulsingProtocol(
                MAX_MESSAGE_LENGTH,
                () -> heartbeat ? Optional.of(ByteBuffer.wrap(HEARTBEAT)) : Optional.empty(),
                () -> beatsAlways);
    }

    @Override
    public void onClose(final Connection connection, final CloseReport report) {
        reports.add(report);
    }
}
