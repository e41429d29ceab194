package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Driving;
import io.millrace.transport.IdleContext;
import io.millrace.transport.IdleKind;
import io.millrace.transport.ListenerContext;
import io.millrace.transport.SlowConsumerPolicy;
import io.millrace.transport.SocketContext;
import io.millrace.transport.TransportContext;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A thread that sleeps on its socket wakes by itself when a time is over, though nothing comes: whoever drives. What
 * exactly happens at which time is tested on a clock that is not the system's.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TimersContractTest {
    private static final long SOON_NS = TimeUnit.MILLISECONDS.toNanos(40);

    /** Small, for some are filled. */
    private static final int BUFFER_LENGTH = 8_192;

    private static final class Told implements ConnectionHandler {
        final CompletableFuture<Connection> opened = new CompletableFuture<>();
        final CompletableFuture<IdleKind> idle = new CompletableFuture<>();
        final CompletableFuture<CloseReport> closed = new CompletableFuture<>();

        @Override
        public void onOpen(final Connection connection) {
            opened.complete(connection);
        }

        @Override
        public void onMessage(
                final Connection connection, final ByteBuffer buffer, final int offset, final int length) {}

        @Override
        public void onIdle(final Connection connection, final IdleKind kind) {
            idle.complete(kind);
        }

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            closed.complete(report);
        }
    }

    private final Told told = new Told();
    private DrivenTransport driven;

    /** A peer that never says a word. */
    private Socket silentPeer(final Driving driving, final ConnectionContext settings) throws Exception {
        driven = new DrivenTransport(new TransportContext().driving(driving));
        final int port = driven.transport
                .listen(
                        URI.create("tcp://localhost:0"),
                        new ListenerContext()
                                .connectionContext(
                                        settings.socketContext(new SocketContext().sendBufferLength(BUFFER_LENGTH))),
                        () -> told)
                .address()
                .getPort();
        final Socket peer = new Socket();
        peer.setReceiveBufferSize(BUFFER_LENGTH);
        peer.connect(new InetSocketAddress("localhost", port));
        told.opened.get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
        return peer;
    }

    private void assertEndsWith(final CloseReason reason) throws Exception {
        final CloseReport report = told.closed.get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
        assertEquals(reason, report.reason(), report.detail());
        assertEquals(1, driven.transport.counters().closed(reason));
    }

    @AfterEach
    void close() {
        driven.close();
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldTellThatNothingComes(final Driving driving) throws Exception {
        final IdleContext idle = new IdleContext().readIdleTimeoutNs(SOON_NS);
        try (Socket peer = silentPeer(driving, new ConnectionContext().idleContext(idle))) {
            assertEquals(IdleKind.READ, told.idle.get(Recorder.DEADLINE_S, TimeUnit.SECONDS));
            assertTrue(told.opened.join().counters().idle() > 0);
            assertTrue(!told.closed.isDone() && peer.isConnected());
        }
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldEndWhoDoesNotSayWhoHeIs(final Driving driving) throws Exception {
        try (Socket peer = silentPeer(driving, new ConnectionContext().authenticationTimeoutNs(SOON_NS))) {
            assertEndsWith(CloseReason.AUTHENTICATION_TIMEOUT);
            assertEquals(-1, peer.getInputStream().read());
        }
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldEndWhoDoesNotAnswerHeartbeats(final Driving driving) throws Exception {
        final IdleContext idle = new IdleContext().heartbeatIntervalNs(SOON_NS).heartbeatMissedLimit(1);
        try (Socket peer = silentPeer(driving, new ConnectionContext().idleContext(idle))) {
            assertEndsWith(CloseReason.HEARTBEAT_LOST);
            assertEquals(-1, peer.getInputStream().read());
        }
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldEndWhenNothingComesBehindItsOwnEnd(final Driving driving) throws Exception {
        try (Socket peer = silentPeer(driving, new ConnectionContext().halfCloseTimeoutNs(SOON_NS))) {
            told.opened.join().closeOutput();
            assertEndsWith(CloseReason.HALF_CLOSE_TIMEOUT);
            assertEquals(-1, peer.getInputStream().read());
        }
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldGiveUpFlushingToWhoDoesNotRead(final Driving driving) throws Exception {
        try (Socket peer = silentPeer(driving, new ConnectionContext().closeTimeoutNs(SOON_NS))) {
            final Connection connection = told.opened.join();
            fill(connection);
            connection.close();
            assertEndsWith(CloseReason.CLOSE_TIMEOUT);
            final CloseReport report = told.closed.join();
            assertTrue(report.undelivered() > 0, report::toString);
            assertEquals(report.accepted(), report.flushed() + report.undelivered());
            assertTrue(peer.isConnected());
        }
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldEndWhoTakesTooLittle(final Driving driving) throws Exception {
        final ConnectionContext settings = new ConnectionContext()
                .slowConsumerPolicy(SlowConsumerPolicy.DISCONNECT)
                .slowConsumerTimeoutNs(SOON_NS);
        try (Socket peer = silentPeer(driving, settings)) {
            final Connection connection = told.opened.join();
            while (!told.closed.isDone()) {
                fill(connection);
            }
            assertEndsWith(CloseReason.SLOW_CONSUMER);
            assertEquals(1, connection.counters().slowConsumer());
            assertTrue(peer.isConnected());
        }
    }

    /** Until it is refused again and again, or closed: neither the operating system nor the ring takes any more. */
    private static void fill(final Connection connection) throws InterruptedException {
        long code = 1;
        while (code > 0) {
            code = connection.send(ByteBuffer.allocate(100_000), SOON_NS);
        }
    }
}
