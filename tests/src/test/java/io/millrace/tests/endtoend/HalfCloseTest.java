package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Driving;
import io.millrace.transport.IdleContext;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One direction ends while the other goes on, on real sockets. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HalfCloseTest {
    private static final int ANSWERS = 2_000;

    /** Answers nothing before the peer has ended its stream, and then with a lot, from another thread. */
    private static final class LateAnswerer implements ConnectionHandler {
        final AtomicInteger received = new AtomicInteger();
        final CompletableFuture<CloseReport> closed = new CompletableFuture<>();

        @Override
        public void onMessage(
                final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
            received.incrementAndGet();
        }

        @Override
        public void onPeerEnd(final Connection connection) {
            new Thread(() -> answer(connection)).start();
        }

        private void answer(final Connection connection) {
            try {
                for (int i = 0; i < ANSWERS; i++) {
                    connection.send(ByteBuffer.allocate(1000), TimeUnit.SECONDS.toNanos(Recorder.DEADLINE_S));
                }
                connection.close();
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            closed.complete(report);
        }
    }

    @TempDir
    private Path folder;

    private static TransportContext context(final Driving driving) throws Exception {
        final ConnectionContext settings = new ConnectionContext()
                .allowHalfOpen(true)
                .maxMessageLength(1024)
                .outboundCapacity(8 * 1024)
                .idleContext(new IdleContext().bufferIdleTimeoutNs(1));
        return new TransportContext()
                .driving(driving)
                .connectionContext(settings)
                .tlsContext(new TlsContext().sslContext(SelfSignedCertificate.sslContext()));
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#all")
    void shouldReceiveAllAnswersWhenTheOutputIsClosedFirst(final Driving driving, final String scheme)
            throws Exception {
        final LateAnswerer server = new LateAnswerer();
        final Recorder client = new Recorder();
        try (DrivenTransport driven = new DrivenTransport(context(driving))) {
            final Transport transport = driven.transport;
            final URI uri = transport
                    .listen(Ways.anywhere(scheme, folder), () -> server)
                    .uri();
            final Connection connection = transport.connect(uri, client).get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
            connection.offer(ByteBuffer.allocate(10));
            connection.offer(ByteBuffer.allocate(20));
            connection.closeOutput();
            final CloseReport clientReport = client.awaitClose();
            final CloseReport serverReport = server.closed.get(Recorder.DEADLINE_S, TimeUnit.SECONDS);

            assertEquals(2, server.received.get());
            assertEquals(ANSWERS, client.messages.size());
            assertEquals(CloseReason.LOCAL_CLOSE, clientReport.reason(), clientReport.detail());
            assertEquals(CloseReason.PEER_CLOSE, serverReport.reason(), serverReport.detail());
            assertEquals(ANSWERS, serverReport.flushed());
            assertEquals(0, serverReport.undelivered());
        }
    }

    /** The same the other way round: who accepted ends first, and is answered. */
    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#all")
    void shouldReceiveAllAnswersWhenTheServerClosesItsOutputFirst(final Driving driving, final String scheme)
            throws Exception {
        final LateAnswerer client = new LateAnswerer();
        final Recorder server = new Recorder();
        try (DrivenTransport driven = new DrivenTransport(context(driving))) {
            final Transport transport = driven.transport;
            final URI uri = transport
                    .listen(Ways.anywhere(scheme, folder), () -> server)
                    .uri();
            transport.connect(uri, client).get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
            final Connection connection = server.awaitOpen();
            assertTrue(connection.offer(ByteBuffer.allocate(10)) > 0);
            connection.closeOutput();
            assertEquals(Connection.CLOSED, connection.offer(ByteBuffer.allocate(10)));
            final CloseReport serverReport = server.awaitClose();
            final CloseReport clientReport = client.closed.get(Recorder.DEADLINE_S, TimeUnit.SECONDS);

            assertEquals(1, client.received.get());
            assertEquals(ANSWERS, server.messages.size());
            assertEquals(CloseReason.LOCAL_CLOSE, serverReport.reason(), serverReport.detail());
            assertEquals(CloseReason.PEER_CLOSE, clientReport.reason(), clientReport.detail());
            assertEquals(ANSWERS, clientReport.flushed());
        }
    }
}
