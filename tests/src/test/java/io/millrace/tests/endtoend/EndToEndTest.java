package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.Driving;
import io.millrace.transport.Listener;
import io.millrace.transport.TlsInfo;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import java.net.ConnectException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole path, over plain TCP and over TLS, however it is driven, on real sockets. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EndToEndTest {
    private static final int SENDERS = 4;
    private static final int MESSAGES_PER_SENDER = 20_000;
    private static final SSLContext SSL_CONTEXT = sslContext();

    private static SSLContext sslContext() {
        try {
            return SelfSignedCertificate.sslContext();
        } catch (final Exception ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    static Stream<Arguments> ways() {
        return Ways.all("tcp", "tls");
    }

    private static DrivenTransport transport(final Driving driving) {
        return new DrivenTransport(
                new TransportContext().driving(driving).tlsContext(new TlsContext().sslContext(SSL_CONTEXT)));
    }

    private static Connection connect(
            final Transport transport, final String scheme, final Recorder server, final Recorder client)
            throws Exception {
        final URI uri =
                transport.listen(Ways.anywhere(scheme, null), () -> server).uri();
        return transport.connect(uri, client).get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
    }

    private static long offerUntilTaken(final Connection connection, final ByteBuffer message) {
        long result = connection.offer(message);
        while (result == Connection.BACK_PRESSURED) {
            Thread.onSpinWait();
            result = connection.offer(message);
        }
        return result;
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldDeliverEveryMessageInOrderPerSender(final Driving driving, final String scheme) throws Exception {
        final Recorder server = new Recorder();
        final Recorder client = new Recorder();
        try (DrivenTransport driven = transport(driving)) {
            final Transport transport = driven.transport;
            final Connection connection = connect(transport, scheme, server, client);
            final List<Thread> senders = new ArrayList<>();
            final AtomicLong refused = new AtomicLong();
            for (int i = 0; i < SENDERS; i++) {
                final int sender = i;
                senders.add(new Thread(() -> {
                    final Random random = new Random(sender);
                    final ByteBuffer message = ByteBuffer.allocate(512);
                    for (int n = 0; n < MESSAGES_PER_SENDER; n++) {
                        message.clear().putInt(sender).putInt(n).limit(8 + random.nextInt(500));
                        message.position(0);
                        refused.addAndGet(offerUntilTaken(connection, message) < 0 ? 1 : 0);
                    }
                }));
            }
            senders.forEach(Thread::start);
            for (final Thread sender : senders) {
                sender.join();
            }
            connection.close();
            final CloseReport report = client.awaitClose();
            server.awaitClose();

            assertEquals(0, refused.get());
            assertEquals(CloseReason.LOCAL_CLOSE, report.reason(), report.detail());
            assertEquals(SENDERS * MESSAGES_PER_SENDER, report.accepted());
            assertEquals(report.accepted(), report.flushed());
            assertEquals(0, report.undelivered());
            assertEquals(SENDERS * MESSAGES_PER_SENDER, server.messages.size());
            final int[] next = new int[SENDERS];
            final Random[] randoms = new Random[SENDERS];
            for (int i = 0; i < SENDERS; i++) {
                randoms[i] = new Random(i);
            }
            for (final byte[] message : server.messages) {
                final ByteBuffer buffer = ByteBuffer.wrap(message);
                final int sender = buffer.getInt(0);
                assertEquals(next[sender]++, buffer.getInt(4));
                assertEquals(8 + randoms[sender].nextInt(500), message.length);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldEchoFromTheCallbackWhenTheMessageIsOfAnyLength(final Driving driving, final String scheme)
            throws Exception {
        final Recorder server =
                new Recorder((connection, message) -> offerUntilTaken(connection, ByteBuffer.wrap(message)));
        final List<byte[]> sent = new ArrayList<>();
        final Recorder client = new Recorder((connection, message) -> {
            if (message.length == ConnectionContext.DEFAULT_MAX_MESSAGE_LENGTH) {
                connection.close();
            }
        });
        try (DrivenTransport driven = transport(driving)) {
            final Transport transport = driven.transport;
            final Connection connection = connect(transport, scheme, server, client);
            final Random random = new Random(42);
            for (final int length : new int[] {
                1,
                2,
                3,
                100,
                1_000,
                16_367,
                16_368,
                16_384,
                16_385,
                65_532,
                65_536,
                100_000,
                ConnectionContext.DEFAULT_MAX_MESSAGE_LENGTH
            }) {
                final byte[] message = new byte[length];
                random.nextBytes(message);
                sent.add(message);
                assertTrue(offerUntilTaken(connection, ByteBuffer.wrap(message)) > 0);
            }
            assertEquals(CloseReason.LOCAL_CLOSE, client.awaitClose().reason());
            assertEquals(CloseReason.PEER_CLOSE, server.awaitClose().reason());
            assertEquals(sent.size(), client.messages.size());
            int i = 0;
            for (final byte[] message : client.messages) {
                assertArrayEquals(sent.get(i++), message);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldFlushWhatWasAcceptedWhenClosedAtOnce(final Driving driving, final String scheme) throws Exception {
        final Recorder server = new Recorder();
        final Recorder client = new Recorder();
        try (DrivenTransport driven = transport(driving)) {
            final Transport transport = driven.transport;
            final Connection connection = connect(transport, scheme, server, client);
            int accepted = 0;
            while (connection.offer(ByteBuffer.wrap(new byte[100])) > 0) {
                accepted++;
            }
            connection.close();
            connection.close();

            assertTrue(connection.isClosed());
            assertEquals(Connection.CLOSED, connection.offer(ByteBuffer.wrap(new byte[100])));
            final CloseReport report = client.awaitClose();
            server.awaitClose();
            assertEquals(accepted, report.accepted());
            assertEquals(accepted, report.flushed());
            assertEquals(accepted, server.messages.size());
            assertEquals(1, client.closes.get());
            assertEquals(1, server.closes.get());
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldNotCallOnMessageWhenTheCallbackHasClosed(final Driving driving, final String scheme) throws Exception {
        final Recorder server = new Recorder((connection, message) -> connection.close());
        final Recorder client = new Recorder();
        try (DrivenTransport driven = transport(driving)) {
            final Transport transport = driven.transport;
            final Connection connection = connect(transport, scheme, server, client);
            for (int i = 0; i < 1000; i++) {
                offerUntilTaken(connection, ByteBuffer.wrap(new byte[10]));
            }
            assertEquals(CloseReason.LOCAL_CLOSE, server.awaitClose().reason());
            client.awaitClose();
            assertEquals(1, server.messages.size());
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldCloseOnlyThatConnectionWhenTheHandlerThrows(final Driving driving, final String scheme)
            throws Exception {
        final Recorder server = new Recorder((connection, message) -> {
            throw new IllegalStateException("deliberate");
        });
        final Recorder client = new Recorder();
        try (DrivenTransport driven = transport(driving)) {
            final Transport transport = driven.transport;
            final Connection connection = connect(transport, scheme, server, client);
            connection.offer(ByteBuffer.wrap(new byte[10]));
            final CloseReport report = server.awaitClose();
            assertEquals(CloseReason.HANDLER_ERROR, report.reason());
            assertEquals("deliberate", report.firstError().orElseThrow().getMessage());
            client.awaitClose();
            assertEquals(1, transport.counters().closed(CloseReason.HANDLER_ERROR));
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldTellTheFactsOfAnOpenConnection(final Driving driving, final String scheme) throws Exception {
        final Recorder server = new Recorder();
        final Recorder client = new Recorder();
        try (DrivenTransport driven = transport(driving)) {
            final Transport transport = driven.transport;
            final Connection connection = connect(transport, scheme, server, client);
            final Connection accepted = server.awaitOpen();

            assertEquals(connection.localAddress(), accepted.remoteAddress());
            assertEquals(connection.remoteAddress(), accepted.localAddress());
            assertEquals(scheme.equals("tls"), connection.tls().isPresent());
            connection.tls().ifPresent(tls -> assertEquals("TLSv1.3", tls.protocol()));
            assertEquals(
                    connection.tls().map(TlsInfo::cipherSuite), accepted.tls().map(TlsInfo::cipherSuite));
            connection
                    .tls()
                    .ifPresent(tls -> assertEquals(1, tls.peerCertificates().size()));
            accepted.tls().ifPresent(tls -> assertEquals(List.of(), tls.peerCertificates()));
            assertEquals(2, transport.connections().size());
            assertEquals(2, transport.counters().opened());
            assertFalse(connection.isClosed());
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldRefuseAMessageWhenItsLengthIsOutOfRange(final Driving driving, final String scheme) throws Exception {
        final Recorder client = new Recorder();
        try (DrivenTransport driven = transport(driving)) {
            final Transport transport = driven.transport;
            final Connection connection = connect(transport, scheme, new Recorder(), client);
            final int tooLong = ConnectionContext.DEFAULT_MAX_MESSAGE_LENGTH + 1;
            assertEquals(Connection.MESSAGE_TOO_LONG, connection.offer(ByteBuffer.allocate(tooLong)));
            final IllegalArgumentException empty =
                    assertThrows(IllegalArgumentException.class, () -> connection.offer(ByteBuffer.allocate(0)));
            assertTrue(empty.getMessage().contains("length=0"), empty.getMessage());
            assertThrows(IndexOutOfBoundsException.class, () -> connection.offer(ByteBuffer.allocate(4), 2, 3));
            connection.close();
            assertEquals(0, client.awaitClose().accepted());
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldEndEverythingWhenTheTransportCloses(final Driving driving, final String scheme) throws Exception {
        final Recorder server = new Recorder();
        final Recorder client = new Recorder();
        final DrivenTransport driven = transport(driving);
        final Transport transport = driven.transport;
        connect(transport, scheme, server, client);
        server.awaitOpen();
        driven.close();
        transport.close();

        assertEquals(1, client.closes.get());
        assertEquals(1, server.closes.get());
        assertEquals(List.of(), transport.connections());
        assertThrows(IllegalStateException.class, () -> transport.connect(URI.create("tcp://localhost:1"), client));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldFailTheFutureWhenNobodyListens(final Driving driving, final String scheme) throws Exception {
        final Recorder client = new Recorder();
        try (DrivenTransport driven = transport(driving)) {
            final Transport transport = driven.transport;
            final Listener listener = transport.listen(Ways.anywhere(scheme, null), Recorder::new);
            final URI uri = listener.uri();
            listener.close();
            listener.closed().toCompletableFuture().get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
            final ExecutionException failure = assertThrows(
                    ExecutionException.class,
                    () -> transport.connect(uri, client).get(Recorder.DEADLINE_S, TimeUnit.SECONDS));
            assertEquals(ConnectException.class, failure.getCause().getClass());
            assertTrue(failure.getCause().getMessage().contains(uri.toString()), failure.getMessage());
            assertEquals(CloseReason.CONNECT_FAILED, client.awaitClose().reason());
            assertEquals(0, client.opens.get());
        }
    }
}
