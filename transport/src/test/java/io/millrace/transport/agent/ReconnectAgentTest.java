package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.MessageClaim;
import io.millrace.transport.ReconnectContext;
import io.millrace.transport.ReconnectHandler;
import io.millrace.transport.ReconnectingConnection;
import io.millrace.transport.TransportCounters;
import io.millrace.transport.frame.LengthPrefixProtocol;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.agrona.concurrent.AgentTerminationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One thread plays the reconnecting thread's, the connections', the peers' and the clock's part. */
class ReconnectAgentTest {
    private static final ByteBuffer MESSAGE = ByteBuffer.wrap(new byte[10]);

    private final TransportCounters counters = new TransportCounters();
    private final List<FakeChannel> channels = new ArrayList<>();
    private final List<ConnectionAgent> dialled = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final List<CloseReport> reports = new ArrayList<>();
    private final List<Long> bounds = new ArrayList<>();
    private long nowNs = Long.MAX_VALUE - 50;
    private boolean peerAnswers = true;
    private RuntimeException dialFailure;
    private Runnable onClose = () -> {};
    private final ReconnectAgent agent = new ReconnectAgent(() -> nowNs, counters);
    private final ReconnectContext settings = new ReconnectContext()
            .firstDelayNs(100)
            .maxDelayNs(1_000)
            .healthyNs(500)
            .jitter(bound -> {
                bounds.add(bound);
                return bound;
            });

    private final ReconnectHandler handler = new ReconnectHandler() {
        @Override
        public void onOpen(final Connection connection) {
            events.add("open " + connection.id());
        }

        @Override
        public void onMessage(
                final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
            events.add("message");
        }

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            events.add("close " + connection.id());
            reports.add(report);
            onClose.run();
        }

        @Override
        public void onEnd(final ReconnectingConnection connection, final CloseReport last) {
            events.add("end " + last.reason());
        }
    };

    private ReconnectingConnection start() {
        return agent.add(URI.create("fake://peer"), settings.conclude(), handler::onEnd, this::dial);
    }

    private void dial(final ConnectionOwner owner) {
        if (dialFailure != null) {
            throw dialFailure;
        }
        final FakeChannel channel = new FakeChannel();
        channel.connected = peerAnswers;
        channels.add(channel);
        final ConnectionAgent connection = new ConnectionAgent(
                channels.size(),
                () -> nowNs,
                new ConnectionContext().conclude(),
                new LengthPrefixProtocol(512),
                counters,
                new BufferPool(),
                channel,
                Optional.empty(),
                handler,
                owner);
        owner.onMade(connection);
        connection.onStart();
        LeakCheck.afterTest(connection::onClose);
        dialled.add(connection);
    }

    /** Lets everybody do what there is to do now. */
    private void turn() {
        int turns = 0;
        boolean worked = true;
        while (worked) {
            assertTrue(++turns < 100, "somebody spins");
            worked = agent.doWork() > 0;
            for (final ConnectionAgent connection : dialled) {
                if (!connection.connection().closed().toCompletableFuture().isDone()) {
                    worked |= connection.doWork() > 0;
                }
            }
        }
    }

    private void lose() {
        channels.get(channels.size() - 1).failure = new IOException("Connection reset");
        turn();
    }

    private void pass(final long ns) {
        nowNs += ns;
        turn();
    }

    @Test
    void shouldKeepTheHandleAndMakeAnotherConnectionWhenOneIsLost() {
        final ReconnectingConnection handle = start();
        assertEquals(Connection.NOT_CONNECTED, handle.offer(MESSAGE));
        turn();
        final Connection first = handle.connection().orElseThrow();
        assertTrue(handle.offer(MESSAGE) > 0);
        assertEquals(1, handle.generation());
        lose();
        assertEquals(Connection.NOT_CONNECTED, handle.offer(MESSAGE));
        assertTrue(handle.connection().isEmpty());
        assertEquals(CloseReason.PEER_RESET, reports.get(0).reason());
        assertEquals(1, reports.get(0).accepted());
        assertEquals(1, reports.get(0).undelivered());
        pass(99);
        assertEquals(1, dialled.size());
        pass(1);
        final Connection second = handle.connection().orElseThrow();
        assertNotSame(first, second);
        assertEquals(2, handle.generation());
        assertEquals(List.of("open 1", "close 1", "open 2"), events);
        assertTrue(handle.offer(MESSAGE) > 0);
    }

    @Test
    void shouldNeverLetAnEarlierConnectionTouchALaterOne() {
        final ReconnectingConnection handle = start();
        turn();
        final Connection first = handle.connection().orElseThrow();
        lose();
        pass(100);
        assertEquals(Connection.CLOSED, first.offer(MESSAGE));
        first.close();
        turn();
        assertFalse(handle.connection().orElseThrow().isClosed());
        assertEquals(0, channels.get(1).written.size());
    }

    @Test
    void shouldDoubleTheBoundOfTheDelayUpToTheLongest() {
        peerAnswers = false;
        start();
        turn();
        for (int i = 0; i < 6; i++) {
            lose();
            pass(1_000);
        }
        assertEquals(List.of(100L, 200L, 400L, 800L, 1_000L, 1_000L), List.copyOf(bounds));
    }

    @Test
    void shouldStartOverOnlyAfterAHealthyTime() {
        start();
        turn();
        nowNs += 499;
        lose();
        pass(100);
        nowNs += 499;
        lose();
        pass(200);
        nowNs += 500;
        lose();
        assertEquals(List.of(100L, 200L, 100L), List.copyOf(bounds));
    }

    private static void write(final MessageClaim claim) {
        claim.buffer().put(claim.offset(), (byte) 42);
    }

    @Test
    void shouldClaimInTheConnectionThatIsOpen() {
        final ReconnectingConnection handle = start();
        final MessageClaim claim = handle.newClaim();
        assertEquals(Connection.NOT_CONNECTED, handle.tryClaim(1, claim));
        assertThrows(IllegalStateException.class, claim::commit);
        turn();
        for (int i = 0; i < 2; i++) {
            assertEquals(0, handle.tryClaim(1, claim));
            assertEquals(1, claim.length());
            write(claim);
            assertTrue(claim.commit() > 0);
            assertThrows(IllegalStateException.class, claim::offset);
            turn();
            assertEquals(5, channels.get(i).written.size());
            lose();
            pass(1_000);
        }
        assertEquals(0, handle.tryClaim(1, claim));
        claim.abort();
        assertThrows(IllegalStateException.class, claim::abort);
        handle.close();
        assertEquals(Connection.CLOSED, handle.tryClaim(1, claim));
        channels.get(2).inputEnded = true;
        turn();
        assertEquals(0, channels.get(2).written.size());
    }

    @Test
    void shouldNeverMoveAClaimToTheNextConnection() {
        final ReconnectingConnection handle = start();
        turn();
        final MessageClaim claim = handle.newClaim();
        assertEquals(0, handle.tryClaim(1, claim));
        lose();
        pass(100);
        assertEquals(2, handle.generation());
        assertThrows(IllegalStateException.class, () -> handle.tryClaim(1, claim));
        write(claim);
        claim.commit();
        turn();
        assertEquals(0, channels.get(1).written.size());
        assertEquals(0, handle.connection().orElseThrow().counters().messagesOut());
        assertEquals(reports.get(0).accepted(), reports.get(0).undelivered());
        assertEquals(0, handle.tryClaim(1, claim));
        claim.commit();
        turn();
        assertEquals(5, channels.get(1).written.size());
    }

    @Test
    void shouldRefuseAnothersClaim() {
        final ReconnectingConnection handle = start();
        final ReconnectingConnection other = start();
        turn();
        final MessageClaim claim = handle.newClaim();
        assertThrows(IllegalArgumentException.class, () -> other.tryClaim(1, claim));
        final Connection connection = handle.connection().orElseThrow();
        assertThrows(IllegalArgumentException.class, () -> handle.tryClaim(1, connection.newClaim()));
        assertThrows(IllegalArgumentException.class, () -> connection.tryClaim(1, claim));
    }

    @Test
    void shouldSendAtOnceWhenThereIsNoTimeToWait() throws InterruptedException {
        final ReconnectingConnection handle = start();
        assertEquals(Connection.NOT_CONNECTED, handle.send(MESSAGE, 0));
        turn();
        dialled.get(0).drivenBy(null);
        assertTrue(handle.send(MESSAGE, 0) > 0);
        handle.connection().orElseThrow().close();
        assertEquals(Connection.NOT_CONNECTED, handle.send(MESSAGE, 0));
        handle.close();
        assertEquals(Connection.CLOSED, handle.send(MESSAGE, 0));
        channels.get(0).inputEnded = true;
        turn();
    }

    @Test
    void shouldNotWaitOnAThreadThatWouldWaitForItself() {
        final ReconnectingConnection handle = start();
        agent.drivenBy(Thread.currentThread());
        assertThrows(IllegalStateException.class, () -> handle.send(MESSAGE, 1));
        agent.drivenBy(null);
        turn();
        dialled.get(0).drivenBy(Thread.currentThread());
        onClose = () -> assertThrows(IllegalStateException.class, () -> handle.send(MESSAGE, 1));
        lose();
        assertEquals(0, counters.handlerErrors());
        Thread.currentThread().interrupt();
        dialled.get(0).drivenBy(null);
        assertThrows(InterruptedException.class, () -> handle.send(MESSAGE, 1));
    }

    @Test
    void shouldGiveUpAfterTheLastAttempt() {
        settings.maxAttempts(2);
        peerAnswers = false;
        final ReconnectingConnection handle = start();
        turn();
        lose();
        assertFalse(handle.isClosed());
        pass(100);
        lose();
        assertTrue(handle.isClosed());
        assertEquals(Connection.CLOSED, handle.offer(MESSAGE));
        assertEquals("end PEER_RESET", events.get(events.size() - 1));
        assertTrue(handle.closed().toCompletableFuture().isDone());
        pass(10_000);
        assertEquals(2, dialled.size());
    }

    @Test
    void shouldGiveUpWhenTheTimeIsOver() {
        settings.maxTimeNs(150);
        peerAnswers = false;
        final ReconnectingConnection handle = start();
        turn();
        lose();
        assertFalse(handle.isClosed());
        pass(100);
        nowNs += 50;
        lose();
        assertTrue(handle.isClosed());
    }

    @Test
    void shouldTryAgainWhenThereIsNoSocketToBeHad() {
        dialFailure = new IllegalStateException("Too many open files");
        final ReconnectingConnection handle = start();
        turn();
        assertFalse(handle.isClosed());
        dialFailure = null;
        pass(100);
        assertTrue(handle.connection().isPresent());
    }

    @SuppressWarnings("unchecked")
    private static <E extends Exception> void throwUnchecked(final Exception ex) throws E {
        throw (E) ex;
    }

    /** As languages do that have no checked exceptions. */
    @Test
    void shouldEndOnceWhenOnEndThrowsAnExceptionThatIsChecked() {
        final ReconnectingConnection handle = agent.add(
                URI.create("fake://peer"),
                settings.conclude(),
                (connection, last) -> {
                    events.add("end");
                    ReconnectAgentTest.<RuntimeException>throwUnchecked(new CloneNotSupportedException("deliberate"));
                },
                this::dial);
        handle.close();
        turn();
        turn();
        assertEquals(List.of("end"), events);
        assertEquals(1, counters.handlerErrors());
        assertTrue(handle.closed().toCompletableFuture().isDone());
    }

    @Test
    void shouldEndForGoodWhenNoAttemptCanEverBeMade() {
        dialFailure = new IllegalArgumentException("port must be from 1 to 65535: uri=tcp://peer");
        final ReconnectingConnection handle = start();
        turn();
        assertTrue(handle.isClosed());
        assertEquals("end CONNECT_FAILED", events.get(events.size() - 1));
        assertEquals(
                dialFailure.getMessage(),
                handle.closed().toCompletableFuture().join().detail());
    }

    @Test
    void shouldCountAnAttemptThatGotNoThreadOnce() {
        final ReconnectingConnection handle =
                agent.add(URI.create("fake://peer"), settings.maxAttempts(1).conclude(), handler::onEnd, owner -> {
                    dial(owner);
                    dialled.get(0).onClose();
                    throw new OutOfMemoryError("unable to create native thread");
                });
        turn();
        assertEquals(List.of("close 1", "end THREAD_LOST"), events);
        assertSame(reports.get(0), handle.closed().toCompletableFuture().join());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldEndForGoodWhenTheJitterThrows(final boolean atTheFirstAttempt) {
        settings.jitter(bound -> {
            throw new IllegalStateException("a bug");
        });
        dialFailure = atTheFirstAttempt ? new IllegalStateException("Too many open files") : null;
        final ReconnectingConnection handle = start();
        turn();
        if (!atTheFirstAttempt) {
            channels.get(0).inputEnded = true;
            turn();
        }
        final CloseReason last = atTheFirstAttempt ? CloseReason.CONNECT_FAILED : CloseReason.PEER_CLOSE;
        assertEquals("end " + last, events.get(events.size() - 1));
        assertEquals(last, handle.closed().toCompletableFuture().join().reason());
        assertTrue(handle.isClosed());
        assertEquals(1, counters.handlerErrors());
    }

    @Test
    void shouldEndForGoodWhenClosedWhileOpen() {
        final ReconnectingConnection handle = start();
        turn();
        handle.close();
        handle.close();
        assertEquals(Connection.CLOSED, handle.offer(MESSAGE));
        channels.get(0).inputEnded = true;
        turn();
        pass(10_000);
        assertEquals(List.of("open 1", "close 1", "end LOCAL_CLOSE"), events);
        assertEquals(1, dialled.size());
    }

    @Test
    void shouldEndForGoodWhenClosedWhileItConnects() {
        peerAnswers = false;
        final ReconnectingConnection handle = start();
        turn();
        handle.close();
        turn();
        assertEquals(List.of("close 1", "end LOCAL_CLOSE"), events);
        assertTrue(channels.get(0).closed);
    }

    @Test
    void shouldCloseTheConnectionThatOpensAfterTheHandleWasClosed() {
        final ReconnectingConnection handle = start();
        agent.doWork();
        handle.close();
        dialled.get(0).doWork();
        assertTrue(dialled.get(0).connection().isClosed());
        assertTrue(handle.connection().isEmpty());
        channels.get(0).inputEnded = true;
        turn();
        assertTrue(handle.closed().toCompletableFuture().isDone());
    }

    @Test
    void shouldEndForGoodWhenClosedWhileItWaits() {
        final ReconnectingConnection handle = start();
        turn();
        lose();
        handle.close();
        pass(10_000);
        assertEquals(List.of("open 1", "close 1", "end PEER_RESET"), events);
        assertEquals(1, dialled.size());
    }

    /** As after a handshake that failed with a ticket: the owner hears of the end from the second only. */
    @Test
    void shouldCloseTheSecondConnectionWhenItWasMadeInPlaceOfTheFirst() {
        peerAnswers = false;
        final ReconnectingConnection handle = agent.add(
                URI.create("fake://peer"),
                settings.conclude(),
                handler::onEnd,
                owner -> dial(new ConnectionOwner() {
                    @Override
                    public void onMade(final DrivenConnection made) {
                        owner.onMade(made);
                    }

                    @Override
                    public void onEnd(final DrivenConnection ended) {
                        dial(owner);
                    }
                }));
        agent.doWork();
        dialled.get(0).abort(CloseReason.LOCAL_CLOSE);
        dialled.get(0).doWork();
        assertEquals(2, dialled.size());
        handle.close();
        turn();
        assertTrue(dialled.get(1).connection().isClosed());
        assertTrue(handle.closed().toCompletableFuture().isDone());
    }

    @Test
    void shouldEndForGoodWhenTheHandlerClosesItInItsCallback() {
        final ReconnectingConnection handle = start();
        turn();
        onClose = handle::close;
        lose();
        pass(10_000);
        assertEquals(List.of("open 1", "close 1", "end PEER_RESET"), events);
    }

    @Test
    void shouldGoOnWhenOneConnectionIsClosedAndNotTheHandle() {
        final ReconnectingConnection handle = start();
        turn();
        channels.get(0).inputEnded = true;
        handle.connection().orElseThrow().close();
        assertEquals(Connection.NOT_CONNECTED, handle.offer(MESSAGE));
        turn();
        pass(100);
        assertEquals(2, handle.generation());
    }

    @Test
    void shouldEndAllWhenTheAgentCloses() {
        final ReconnectingConnection handle = start();
        turn();
        agent.close();
        channels.get(0).inputEnded = true;
        assertThrows(AgentTerminationException.class, this::turn);
        agent.onClose();
        assertTrue(agent.closed().toCompletableFuture().isDone());
        assertTrue(handle.closed().toCompletableFuture().isDone());

        final ReconnectingConnection late = start();
        assertTrue(late.isClosed());
        assertTrue(late.closed().toCompletableFuture().isDone());
        assertEquals(1, dialled.size());
    }
}
