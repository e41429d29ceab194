package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.ConnectionPhase;
import io.millrace.transport.IdleKind;
import io.millrace.transport.TransportCounters;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.AgentTerminationException;

/** One thread plays the connection's, the senders', the peer's and the clock's part. */

/** An agent of messages, a channel whose peer the test plays, and what its handler was told. */
abstract class MessageRig {
    static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final class Handler implements ConnectionHandler {
        @Override
        public void onOpen(final Connection opened) {
            told.add("open");
        }

        @Override
        public void onMessage(final Connection on, final ByteBuffer buffer, final int offset, final int length) {
            told.add("message " + length);
            onMessage.run();
        }

        @Override
        public void onWritable(final Connection on) {
            told.add("writable");
        }

        @Override
        public void onSlowConsumer(final Connection on) {
            told.add("slow");
        }

        @Override
        public void onIdle(final Connection on, final IdleKind kind) {
            told.add("idle " + kind);
        }

        @Override
        public void onPeerEnd(final Connection on) {
            told.add("peer end");
        }

        @Override
        public void onClose(final Connection on, final CloseReport closing) {
            told.add("close");
            report = closing;
        }
    }

    final List<String> told = new ArrayList<>();
    final FakeMessages channel = new FakeMessages();
    final TransportCounters counters = new TransportCounters();
    Runnable onMessage = () -> {};
    ConnectionContext settings = new ConnectionContext().maxMessageLength(1_000);
    long nowNs = Long.MAX_VALUE - 500;
    MessageAgent agent;
    Connection connection;
    CloseReport report;
    int ends;

    final void start() {
        agent = new MessageAgent(
                1, () -> nowNs, settings.conclude(), counters, channel, new Handler(), ended -> ends++);
        connection = agent.connection();
        agent.onStart();
    }

    final void open() {
        start();
        agent.doWork();
        assertEquals(ConnectionPhase.OPEN, connection.state().phase());
    }

    final void turns(final int count) {
        for (int i = 0; i < count && connection.state().phase() != ConnectionPhase.CLOSED; i++) {
            agent.doWork();
        }
    }

    final void turnToTheEnd() {
        final long startNs = System.nanoTime();
        while (connection.state().phase() != ConnectionPhase.CLOSED && System.nanoTime() - startNs < 30 * SECOND) {
            agent.doWork();
            Thread.yield();
        }
    }

    final void pass(final long ns) {
        nowNs += ns;
        turns(2);
    }

    static ByteBuffer message(final int length) {
        return ByteBuffer.allocate(length);
    }

    final void assertEnded(final CloseReason reason, final long accepted, final long flushed, final long undelivered) {
        assertEquals(ConnectionPhase.CLOSED, connection.state().phase());
        assertEquals(reason, report.reason(), report.detail());
        assertEquals(
                List.of(accepted, flushed, undelivered),
                List.of(report.accepted(), report.flushed(), report.undelivered()));
        assertEquals(1, ends);
        assertEquals(1, counters.closed(reason));
        assertEquals(1, told.stream().filter("close"::equals).count());
        assertEquals(Connection.CLOSED, connection.offer(message(1)));
        assertThrows(AgentTerminationException.class, agent::doWork);
    }
}
