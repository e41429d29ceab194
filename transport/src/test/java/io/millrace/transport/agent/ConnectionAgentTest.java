package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.TransportCounters;
import io.millrace.transport.frame.LengthPrefixProtocol;
import io.millrace.transport.tls.TlsContext;
import io.millrace.transport.tls.TlsSide;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.AgentTerminationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One thread plays the agent's, the senders', the peer's and the clock's part. */
class ConnectionAgentTest {
    private static final int MAX_MESSAGE_LENGTH = 512;

    private final FakeChannel channel = new FakeChannel();
    private final TransportCounters counters = new TransportCounters();
    private final List<CloseReport> reports = new ArrayList<>();
    private final List<Integer> lengths = new ArrayList<>();
    private Runnable onMessage = () -> {};
    private long nowNs = Long.MAX_VALUE - 500;
    private final ConnectionContext context = new ConnectionContext()
            .maxMessageLength(MAX_MESSAGE_LENGTH)
            .outboundCapacity(1024)
            .connectTimeoutNs(100)
            .handshakeTimeoutNs(200)
            .closeTimeoutNs(300)
            .conclude();

    private final ConnectionHandler handler = new ConnectionHandler() {
        @Override
        public void onMessage(
                final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
            lengths.add(length);
            onMessage.run();
        }

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            reports.add(report);
        }
    };

    private ConnectionAgent agent(final Optional<TlsSide> tls) {
        final ConnectionAgent agent = new ConnectionAgent(
                1,
                () -> nowNs,
                context,
                new LengthPrefixProtocol(MAX_MESSAGE_LENGTH),
                counters,
                new BufferPool(),
                channel,
                tls,
                handler,
                a -> {});
        agent.onStart();
        LeakCheck.afterTest(agent::onClose);
        return agent;
    }

    private ConnectionAgent openAgent() {
        final ConnectionAgent agent = agent(Optional.empty());
        turn(agent);
        assertEquals(1, counters.opened());
        return agent;
    }

    /** Turns until nothing is left to do; a turn that works for ever is a spin. */
    private static void turn(final ConnectionAgent agent) {
        int turns = 0;
        while (agent.doWork() > 0) {
            assertTrue(++turns < 1000, "the agent spins");
            if (agent.connection().closed().toCompletableFuture().isDone()) {
                return;
            }
        }
    }

    private static ByteBuffer message(final int length) {
        return ByteBuffer.allocate(length);
    }

    private static ByteBuffer frames(final int... messageLengths) {
        final ByteBuffer frames = ByteBuffer.allocate(4096);
        for (final int length : messageLengths) {
            frames.putInt(length).put(new byte[length]);
        }
        return frames.flip();
    }

    private CloseReport onlyReport() {
        assertEquals(1, reports.size());
        assertTrue(channel.closed);
        return reports.get(0);
    }

    @Test
    void shouldWriteFramesAsTheyGoToTheWire() {
        final ConnectionAgent agent = openAgent();
        assertEquals(6, agent.connection().offer(ByteBuffer.wrap(new byte[] {7, 8})));
        assertEquals(11, agent.connection().offer(ByteBuffer.wrap(new byte[] {9})));
        turn(agent);
        assertArrayEquals(new byte[] {0, 0, 0, 2, 7, 8, 0, 0, 0, 1, 9}, channel.written.toByteArray());
    }

    @Test
    void shouldDeliverWholeMessagesWhenTheyComeByteByByte() {
        final ConnectionAgent agent = openAgent();
        final ByteBuffer frames = frames(1, 500, 20);
        for (int i = 0; i < frames.limit(); i++) {
            channel.receive(frames.slice(i, 1));
            turn(agent);
        }
        assertEquals(List.of(1, 500, 20), lengths);
    }

    @Test
    void shouldKeepTheRestWhenTheChannelTakesAPart() {
        final ConnectionAgent agent = openAgent();
        channel.writeLimit = 3;
        agent.connection().offer(message(100));
        agent.doWork();
        assertEquals(3, channel.written.size());
        turn(agent);
        assertEquals(104, channel.written.size());
    }

    @Test
    void shouldAnswerBackPressureWhenTheChannelTakesNothing() {
        final ConnectionAgent agent = openAgent();
        channel.writeLimit = 0;
        assertTrue(agent.connection().offer(message(500)) > 0);
        assertTrue(agent.connection().offer(message(500)) > 0);
        turn(agent);
        assertEquals(Connection.BACK_PRESSURED, agent.connection().offer(message(500)));
        channel.writeLimit = Integer.MAX_VALUE;
        turn(agent);
        assertTrue(agent.connection().offer(message(500)) > 0);
    }

    @Test
    void shouldReportUndeliveredMessagesWhenClosingTakesTooLong() {
        final ConnectionAgent agent = openAgent();
        agent.connection().offer(message(100));
        turn(agent);
        channel.writeLimit = 0;
        agent.connection().offer(message(100));
        agent.connection().offer(message(100));
        agent.connection().close();
        turn(agent);
        assertEquals(List.of(), reports);
        nowNs += 300;
        turn(agent);

        final CloseReport report = onlyReport();
        assertEquals(CloseReason.CLOSE_TIMEOUT, report.reason());
        assertEquals(3, report.accepted());
        assertEquals(1, report.flushed());
        assertEquals(2, report.undelivered());
        assertThrows(AgentTerminationException.class, agent::doWork);
    }

    @Test
    void shouldCountAMessageAsUndeliveredWhenOnlyAPartWasWritten() {
        final ConnectionAgent agent = openAgent();
        agent.connection().offer(message(100));
        agent.connection().offer(message(100));
        channel.writeLimit = 150;
        agent.doWork();
        channel.failure = new IOException("Broken pipe");
        turn(agent);

        final CloseReport report = onlyReport();
        assertEquals(CloseReason.PEER_RESET, report.reason());
        assertSame(channel.failure, report.firstError().orElseThrow());
        assertEquals(2, report.accepted());
        assertEquals(1, report.flushed());
        assertEquals(1, report.undelivered());
    }

    @Test
    void shouldFlushThenEndThenWaitForThePeerWhenClosed() {
        final ConnectionAgent agent = openAgent();
        agent.connection().offer(message(10));
        agent.connection().close();
        assertEquals(Connection.CLOSED, agent.connection().offer(message(10)));
        turn(agent);
        assertTrue(channel.outputEnded);
        assertEquals(14, channel.written.size());
        assertFalse(channel.closed);
        channel.inputEnded = true;
        turn(agent);

        assertEquals(CloseReason.LOCAL_CLOSE, onlyReport().reason());
        assertEquals(1, counters.closed(CloseReason.LOCAL_CLOSE));
        assertEquals(1, onlyReport().flushed());
    }

    @Test
    void shouldCloseProperlyWhenThePeerNeverEnds() {
        final ConnectionAgent agent = openAgent();
        agent.connection().close();
        turn(agent);
        nowNs += 300;
        turn(agent);
        assertEquals(CloseReason.LOCAL_CLOSE, onlyReport().reason());
    }

    @Test
    void shouldKeepTheBoundWhenThePeerSendsForEver() {
        final ConnectionAgent agent = openAgent();
        agent.connection().close();
        for (int i = 0; i < 400 && reports.isEmpty(); i++) {
            channel.receive(frames(100));
            agent.doWork();
            nowNs++;
        }
        assertEquals(CloseReason.LOCAL_CLOSE, onlyReport().reason());
        assertEquals(List.of(), lengths);
    }

    @Test
    void shouldDeliverNothingMoreWhenTheCallbackCloses() {
        final ConnectionAgent agent = openAgent();
        onMessage = agent.connection()::close;
        channel.receive(frames(1, 2, 3));
        turn(agent);
        assertEquals(List.of(1), lengths);
    }

    @Test
    void shouldFlushTheAnswerWhenThePeerHasEnded() {
        final ConnectionAgent agent = openAgent();
        onMessage = () -> agent.connection().offer(message(10));
        channel.receive(frames(1));
        channel.inputEnded = true;
        turn(agent);
        assertEquals(CloseReason.PEER_CLOSE, onlyReport().reason());
        assertEquals(14, channel.written.size());
        assertEquals(1, onlyReport().flushed());
    }

    @Test
    void shouldAnswerClosedWhenThePeerHasEnded() {
        final ConnectionAgent agent = openAgent();
        agent.connection().offer(message(10));
        channel.writeLimit = 0;
        channel.inputEnded = true;
        turn(agent);
        assertEquals(List.of(), reports);
        assertEquals(Connection.CLOSED, agent.connection().offer(message(10)));
    }

    /** A source that does something while it is copied: between an offer's claim and its commit. */
    private static DirectBuffer source(final int length, final Runnable whileCopied) {
        return (DirectBuffer) Proxy.newProxyInstance(
                ConnectionAgentTest.class.getClassLoader(),
                new Class<?>[] {DirectBuffer.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("capacity")) {
                        return length;
                    }
                    assertEquals("getBytes", method.getName());
                    whileCopied.run();
                    return null;
                });
    }

    @Test
    void shouldFlushTheMessageWhenClosedInsideItsOffer() {
        final ConnectionAgent agent = openAgent();
        final Connection connection = agent.connection();
        assertEquals(14, connection.offer(source(10, connection::close), 0, 10));
        assertEquals(Connection.CLOSED, connection.offer(message(10)));
        channel.inputEnded = true;
        turn(agent);
        assertEquals(14, channel.written.size());
        assertEquals(1, onlyReport().accepted());
        assertEquals(1, onlyReport().flushed());
    }

    @Test
    void shouldSendNothingOfAMessageWhenItsOfferThrows() {
        final ConnectionAgent agent = openAgent();
        final Connection connection = agent.connection();
        final RuntimeException failure = new IllegalStateException("deliberate");
        assertSame(
                failure,
                assertThrows(
                        IllegalStateException.class,
                        () -> connection.offer(
                                source(10, () -> {
                                    throw failure;
                                }),
                                0,
                                10)));
        connection.offer(message(1));
        connection.close();
        channel.inputEnded = true;
        turn(agent);
        assertArrayEquals(new byte[] {0, 0, 0, 1, 0}, channel.written.toByteArray());
        assertEquals(1, onlyReport().accepted());
        assertEquals(0, onlyReport().undelivered());
    }

    @Test
    void shouldFlushWhatLiesBehindWhenAnOfferIsNeverFinished() {
        final ConnectionAgent agent = openAgent();
        final Connection connection = agent.connection();
        channel.inputEnded = true;
        connection.offer(
                source(10, () -> {
                    connection.offer(message(20));
                    connection.close();
                    turn(agent);
                    assertEquals(0, channel.written.size());
                    nowNs += 150;
                    turn(agent);
                }),
                0,
                10);
        assertEquals(24, channel.written.size());
        assertEquals(CloseReason.LOCAL_CLOSE, onlyReport().reason());
        assertEquals(2, onlyReport().accepted());
        assertEquals(1, onlyReport().flushed());
        assertEquals(1, onlyReport().undelivered());
    }

    @Test
    void shouldTellTruncationWhenThePeerEndsInsideAMessage() {
        final ConnectionAgent agent = openAgent();
        channel.receive(frames(100).limit(50));
        channel.inputEnded = true;
        turn(agent);
        assertEquals(CloseReason.TRUNCATED, onlyReport().reason());
    }

    @Test
    void shouldEndWithTheHandlersErrorWhenItThrows() {
        final ConnectionAgent agent = openAgent();
        final Error error = new StackOverflowError("deliberate");
        onMessage = () -> {
            throw error;
        };
        channel.receive(frames(1, 2));
        turn(agent);
        assertEquals(CloseReason.HANDLER_ERROR, onlyReport().reason());
        assertSame(error, onlyReport().firstError().orElseThrow());
        assertEquals(List.of(1), lengths);
        assertTrue(channel.outputEnded, "the peer is told");
    }

    @SuppressWarnings("unchecked")
    private static <E extends Exception> void throwUnchecked(final Exception ex) throws E {
        throw (E) ex;
    }

    /** As languages do that have no checked exceptions: else the message would come again and again. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndWithTheHandlersErrorWhenItThrowsWhatJavaWouldNotLetIt(final boolean byIo) {
        final ConnectionAgent agent = openAgent();
        final Exception checked = byIo ? new IOException("of a file") : new CloneNotSupportedException("deliberate");
        onMessage = () -> ConnectionAgentTest.<RuntimeException>throwUnchecked(checked);
        channel.receive(frames(1, 2));
        turn(agent);
        assertEquals(CloseReason.HANDLER_ERROR, onlyReport().reason());
        assertSame(checked, onlyReport().firstError().orElseThrow());
        assertEquals(List.of(1), lengths);
    }

    @Test
    void shouldCountTheBytesThatCameWithWhatTheHandlerThrewFor() {
        final ConnectionAgent agent = openAgent();
        onMessage = () -> {
            throw new IllegalStateException("deliberate");
        };
        channel.receive(frames(1, 2));
        turn(agent);
        assertEquals(CloseReason.HANDLER_ERROR, onlyReport().reason());
        assertEquals(1, agent.connection().counters().messagesIn());
        assertEquals(11, agent.connection().counters().bytesIn());
    }

    @Test
    void shouldGiveUpAtTheDeadlineWhenNotConnected() {
        channel.connected = false;
        final ConnectionAgent agent = agent(Optional.empty());
        turn(agent);
        nowNs += 99;
        turn(agent);
        assertEquals(List.of(), reports);
        nowNs++;
        turn(agent);
        assertEquals(CloseReason.CONNECT_TIMEOUT, onlyReport().reason());
    }

    @Test
    void shouldGiveUpAtTheDeadlineWhenThePeerSaysNothingInTheHandshake() throws Exception {
        final ConnectionAgent agent =
                agent(Optional.of(TlsContext.withoutSettings().client("localhost", 1)));
        turn(agent);
        assertTrue(channel.written.size() > 100, "a ClientHello");
        nowNs += 199;
        turn(agent);
        assertEquals(List.of(), reports);
        nowNs++;
        turn(agent);
        assertEquals(CloseReason.HANDSHAKE_TIMEOUT, onlyReport().reason());
        assertEquals(0, counters.opened());
    }

    @Test
    void shouldEndAtOnceWhenAborted() {
        final ConnectionAgent agent = openAgent();
        agent.connection().offer(message(10));
        agent.abort(CloseReason.TRANSPORT_CLOSE);
        turn(agent);
        assertEquals(CloseReason.TRANSPORT_CLOSE, onlyReport().reason());
        assertEquals(1, onlyReport().undelivered());
    }

    @Test
    void shouldReportOnceWhenItsThreadIsLost() {
        final ConnectionAgent agent = openAgent();
        agent.connection().offer(message(10));
        agent.onClose();
        agent.onClose();
        assertEquals(CloseReason.THREAD_LOST, onlyReport().reason());
        assertEquals(1, onlyReport().undelivered());
    }
}
