package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.tests.Await;
import io.millrace.transport.AddressFilter;
import io.millrace.transport.Cidr;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.Driving;
import io.millrace.transport.Listener;
import io.millrace.transport.ListenerContext;
import io.millrace.transport.ReconnectContext;
import io.millrace.transport.ReconnectHandler;
import io.millrace.transport.ReconnectingConnection;
import io.millrace.transport.RefusalReason;
import io.millrace.transport.SocketContext;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a listener and a reconnecting client do at their edges, on real sockets, whoever drives. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ListenerEdgeTest {
    private static final URI ANY_PORT = URI.create("tcp://127.0.0.1:0");
    private static final byte[] PROXY_LINE =
            "PROXY TCP4 192.0.2.1 192.0.2.2 5 6\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MESSAGE = {0, 0, 0, 1, 42};

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldReadTheProxyHeaderBeforeTheMessages(final Driving driving) throws Exception {
        final Recorder server = new Recorder();
        try (DrivenTransport driven = new DrivenTransport(new TransportContext().driving(driving))) {
            final Transport transport = driven.transport;
            final Listener listener = transport.listen(
                    ANY_PORT, new ListenerContext().proxySources(AddressFilter.ALL.allow("127.0.0.1")), () -> server);
            try (Socket peer = new Socket(
                    InetAddress.getLoopbackAddress(), listener.address().getPort())) {
                peer.getOutputStream()
                        .write(ByteBuffer.allocate(PROXY_LINE.length + MESSAGE.length)
                                .put(PROXY_LINE)
                                .put(MESSAGE)
                                .array());
                final Connection connection = server.awaitOpen();
                assertEquals(
                        "/192.0.2.1:5", connection.remoteAddress().orElseThrow().toString());
                assertEquals(
                        "/192.0.2.2:6", connection.localAddress().orElseThrow().toString());
            }
            assertEquals(CloseReason.PEER_CLOSE, server.awaitClose().reason());
            assertEquals(42, server.messages.element()[0]);
        }
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldReadTheProxyHeaderBeforeTheTlsHandshake(final Driving driving) throws Exception {
        final SSLContext sslContext = SelfSignedCertificate.sslContext();
        final Recorder server = new Recorder();
        try (DrivenTransport driven = new DrivenTransport(
                new TransportContext().driving(driving).tlsContext(new TlsContext().sslContext(sslContext)))) {
            final Transport transport = driven.transport;
            final Listener listener = transport.listen(
                    URI.create("tls://127.0.0.1:0"),
                    new ListenerContext().proxySources(AddressFilter.ALL),
                    () -> server);
            final int port = listener.address().getPort();
            try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
                plain.getOutputStream().write(PROXY_LINE);
                try (SSLSocket peer =
                        (SSLSocket) sslContext.getSocketFactory().createSocket(plain, "localhost", port, false)) {
                    peer.getOutputStream().write(MESSAGE);
                    assertEquals(
                            "/192.0.2.1:5",
                            server.awaitOpen().remoteAddress().orElseThrow().toString());
                }
            }
            server.awaitClose();
            assertEquals(42, server.messages.element()[0]);
        }
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldEndTheConnectionThatComesWithoutAHeader(final Driving driving) throws Exception {
        final Recorder server = new Recorder();
        try (DrivenTransport driven = new DrivenTransport(new TransportContext().driving(driving))) {
            final Transport transport = driven.transport;
            final Listener listener =
                    transport.listen(ANY_PORT, new ListenerContext().proxySources(AddressFilter.ALL), () -> server);
            try (Socket peer = new Socket(
                    InetAddress.getLoopbackAddress(), listener.address().getPort())) {
                peer.getOutputStream().write(MESSAGE);
                final CloseReport report = server.awaitClose();
                assertEquals(CloseReason.PROXY_HEADER, report.reason());
                assertTrue(report.detail().contains("byte=0x0 at=0"), report.detail());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldRefuseWhomTheFilterDenies(final Driving driving) throws Exception {
        try (DrivenTransport driven = new DrivenTransport(new TransportContext().driving(driving))) {
            final Transport transport = driven.transport;
            final Listener listener = transport.listen(
                    ANY_PORT,
                    new ListenerContext().addressFilter(AddressFilter.ALL.deny("127.0.0.0/8")),
                    Recorder::new);
            final Recorder client = new Recorder();
            final var unused = transport.connect(listener.uri(), client);
            client.awaitClose();
            assertEquals(1, listener.counters().refused(RefusalReason.ADDRESS_DENIED));
        }
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldListenOnAnIpv6Address(final Driving driving) throws Exception {
        try (DrivenTransport driven = new DrivenTransport(new TransportContext().driving(driving))) {
            final Transport transport = driven.transport;
            final Recorder server = new Recorder();
            final Listener listener = transport.listen(URI.create("tcp://[::1]:0"), () -> server);
            assertTrue(
                    listener.uri().toString().startsWith("tcp://[::1]:"),
                    listener.uri().toString());
            transport.connect(listener.uri(), new Recorder()).get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
            final InetSocketAddress peer =
                    (InetSocketAddress) server.awaitOpen().remoteAddress().orElseThrow();
            assertEquals(Cidr.address("::1"), peer.getAddress());
        }
    }

    @Test
    void shouldGoOnWhenThreadsAreToBeHadAgain() throws Exception {
        final AtomicInteger missing = new AtomicInteger();
        final TransportContext context = new TransportContext().threadFactory(task -> new Thread(task) {
            @Override
            @SuppressWarnings("UnsynchronizedOverridesSynchronized")
            public void start() {
                if (missing.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                    throw new OutOfMemoryError("unable to create native thread");
                }
                super.start();
            }
        });
        try (Transport server = new Transport(context);
                Transport client = new Transport()) {
            final Recorder handler = new Recorder();
            final Listener listener = server.listen(ANY_PORT, () -> handler);
            missing.set(2);
            for (int i = 0; i < 2; i++) {
                final Recorder refused = new Recorder();
                final var unused = client.connect(listener.uri(), refused);
                refused.awaitClose();
                assertEquals(i + 1, listener.counters().refused(RefusalReason.OUT_OF_RESOURCES));
            }
            assertEquals(2, server.counters().refused(RefusalReason.OUT_OF_RESOURCES));
            client.connect(listener.uri(), new Recorder()).get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
            handler.awaitOpen();
            assertEquals(1, listener.counters().connections());
            assertEquals(2, handler.closes.get());
        }
    }

    @Test
    void shouldTellTheConnectorWhenThereIsNoThread() throws Exception {
        final TransportContext context = new TransportContext().threadFactory(task -> new Thread(task) {
            @Override
            @SuppressWarnings("UnsynchronizedOverridesSynchronized")
            public void start() {
                throw new OutOfMemoryError("unable to create native thread");
            }
        });
        try (Transport transport = new Transport(context)) {
            final Recorder client = new Recorder();
            final var connect = transport.connect(URI.create("tcp://127.0.0.1:1"), client);
            assertThrows(ExecutionException.class, () -> connect.get(Recorder.DEADLINE_S, TimeUnit.SECONDS));
            assertEquals(CloseReason.THREAD_LOST, client.awaitClose().reason());
        }
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldCloseWithinItsBoundWhenAPeerNeverEnds(final Driving driving) throws Exception {
        final TransportContext context =
                new TransportContext().driving(driving).closeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(400));
        final Recorder server = new Recorder();
        final DrivenTransport driven = new DrivenTransport(context);
        final Listener listener = driven.transport.listen(ANY_PORT, () -> server);
        try (Socket peer =
                new Socket(InetAddress.getLoopbackAddress(), listener.address().getPort())) {
            server.awaitOpen();
            final long startNs = System.nanoTime();
            driven.close();
            final long tookNs = System.nanoTime() - startNs;
            assertTrue(tookNs < TimeUnit.SECONDS.toNanos(4), "tookNs=" + tookNs);
            assertTrue(server.awaitClose().reason() == CloseReason.TRANSPORT_CLOSE
                    && peer.getInputStream().read() < 0);
        }
    }

    /** Counts what it is told of each connection. */
    private static final class Client implements ReconnectHandler {
        final Queue<Connection> opened = new ConcurrentLinkedQueue<>();
        final Queue<CloseReport> reports = new ConcurrentLinkedQueue<>();
        final CompletableFuture<CloseReport> ended = new CompletableFuture<>();

        @Override
        public void onOpen(final Connection connection) {
            opened.add(connection);
        }

        @Override
        public void onMessage(
                final Connection connection, final ByteBuffer buffer, final int offset, final int length) {}

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            reports.add(report);
        }

        @Override
        public void onEnd(final ReconnectingConnection connection, final CloseReport last) {
            ended.complete(last);
        }

        @SuppressWarnings("ThreadPriorityCheck")
        void awaitOpened(final int count) {
            final long startNs = System.nanoTime();
            while (opened.size() < count) {
                assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(Recorder.DEADLINE_S));
                Thread.yield();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldConnectAgainWhenTheServerComesBack(final Driving driving) throws Exception {
        final Client client = new Client();
        try (DrivenTransport driven = new DrivenTransport(new TransportContext().driving(driving))) {
            final Transport transport = driven.transport;
            final Recorder first = new Recorder();
            final Listener listener = transport.listen(ANY_PORT, () -> first);
            final ReconnectingConnection handle = transport.keepConnected(
                    listener.uri(),
                    new ConnectionContext(),
                    new ReconnectContext().firstDelayNs(1_000_000).maxDelayNs(10_000_000),
                    client);
            client.awaitOpened(1);
            assertTrue(listener.drain(TimeUnit.SECONDS.toNanos(Recorder.DEADLINE_S)));
            final Recorder second = new Recorder();
            transport.listen(listener.uri(), () -> second);
            client.awaitOpened(2);

            assertEquals(2, handle.generation());
            assertEquals(Connection.CLOSED, client.opened.element().offer(ByteBuffer.allocate(1)));
            assertTrue(handle.offer(ByteBuffer.allocate(1)) > 0);
            handle.close();
            assertEquals(
                    CloseReason.LOCAL_CLOSE,
                    client.ended.get(Recorder.DEADLINE_S, TimeUnit.SECONDS).reason());
            second.awaitClose();
            assertEquals(1, second.messages.size());
            assertEquals(0, first.messages.size());
            assertEquals(Connection.CLOSED, handle.offer(ByteBuffer.allocate(1)));
        }
    }

    /** Until it has been full for a while: what the operating system takes is not known. */
    private static long fill(final ReconnectingConnection handle) {
        long accepted = 0;
        for (long sinceNs = System.nanoTime(); System.nanoTime() - sinceNs < TimeUnit.MILLISECONDS.toNanos(100); ) {
            if (handle.offer(ByteBuffer.allocate(1_000)) > 0) {
                accepted++;
                sinceNs = System.nanoTime();
            }
        }
        return accepted;
    }

    /** The peer reads nothing, resets, and is there again: what never left is told, and is not sent a second time. */
    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldTellWhatWasNotDeliveredWhenItConnectsAgain(final Driving driving) throws Exception {
        final Client client = new Client();
        try (DrivenTransport driven = new DrivenTransport(new TransportContext().driving(driving));
                ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            server.setReceiveBufferSize(8_192);
            final ReconnectingConnection handle = driven.transport.keepConnected(
                    URI.create("tcp://127.0.0.1:" + server.getLocalPort()),
                    new ConnectionContext()
                            .maxMessageLength(1_000)
                            .outboundCapacity(64 * 1024)
                            .socketContext(new SocketContext().sendBufferLength(8_192)),
                    new ReconnectContext().firstDelayNs(1_000_000).maxDelayNs(10_000_000),
                    client);
            final long accepted;
            try (Socket deaf = server.accept()) {
                client.awaitOpened(1);
                accepted = fill(handle);
                deaf.setSoLinger(true, 0);
            }
            try (Socket next = server.accept()) {
                client.awaitOpened(2);
                final CloseReport report = client.reports.element();
                assertEquals(CloseReason.PEER_RESET, report.reason(), report.toString());
                assertEquals(accepted, report.accepted());
                assertEquals(accepted, report.flushed() + report.undelivered());
                assertTrue(report.undelivered() > 0, report.toString());
                assertTrue(handle.offer(ByteBuffer.allocate(7)) > 0);
                assertEquals(
                        7, ByteBuffer.wrap(next.getInputStream().readNBytes(4)).getInt());
                handle.close();
            }
            client.ended.get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
        }
    }

    /** A thread that sends, and waits. */
    private static Thread sender(final ReconnectingConnection handle, final CompletableFuture<Long> result) {
        final Thread thread = new Thread(() -> {
            try {
                result.complete(
                        handle.send(ByteBuffer.wrap(new byte[] {42}), TimeUnit.SECONDS.toNanos(Recorder.DEADLINE_S)));
            } catch (final InterruptedException | RuntimeException ex) {
                result.completeExceptionally(ex);
            }
        });
        thread.setDaemon(true);
        thread.start();
        Await.until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        return thread;
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldSendOnTheNextConnectionWhatWaitedForOne(final Driving driving) throws Exception {
        final Client client = new Client();
        try (DrivenTransport driven = new DrivenTransport(new TransportContext().driving(driving))) {
            final Transport transport = driven.transport;
            final Listener gone = transport.listen(ANY_PORT, Recorder::new);
            assertTrue(gone.drain(TimeUnit.SECONDS.toNanos(Recorder.DEADLINE_S)));
            final ReconnectingConnection handle = transport.keepConnected(
                    gone.uri(),
                    new ConnectionContext(),
                    new ReconnectContext().firstDelayNs(1_000_000).maxDelayNs(10_000_000),
                    client);
            final CompletableFuture<Long> sent = new CompletableFuture<>();
            final Thread thread = sender(handle, sent);
            final Recorder server = new Recorder();
            final Listener listener = transport.listen(gone.uri(), () -> server);
            assertTrue(sent.get(Recorder.DEADLINE_S, TimeUnit.SECONDS) > 0);
            Await.until(() -> !server.messages.isEmpty());
            assertEquals(42, server.messages.element()[0]);
            thread.join();

            assertTrue(listener.drain(TimeUnit.SECONDS.toNanos(Recorder.DEADLINE_S)));
            Await.until(() -> handle.connection().isEmpty());
            final CompletableFuture<Long> late = new CompletableFuture<>();
            final Thread waits = sender(handle, late);
            handle.close();
            assertEquals(Connection.CLOSED, late.get(Recorder.DEADLINE_S, TimeUnit.SECONDS));
            waits.join();
        }
        client.ended.get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldEndTheReconnectingWhenTheTransportCloses(final Driving driving) throws Exception {
        final Client client = new Client();
        final ReconnectingConnection handle;
        try (DrivenTransport driven = new DrivenTransport(new TransportContext().driving(driving))) {
            final Transport transport = driven.transport;
            handle = transport.keepConnected(
                    URI.create("tcp://127.0.0.1:1"), new ConnectionContext(), new ReconnectContext(), client);
            assertFalse(handle.isClosed());
        }
        assertTrue(handle.isClosed());
        client.ended.get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
    }

    /** The reconnecting one ends behind the connection: whose thread would wait for itself. */
    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldWaitForNothingWhenATransportIsDrainedAsItsConnectionEnds(final Driving driving) throws Exception {
        final CompletableFuture<Boolean> drained = new CompletableFuture<>();
        try (DrivenTransport driven = new DrivenTransport(new TransportContext().driving(driving));
                Transport server = new Transport()) {
            final URI uri = server.listen(ANY_PORT, Recorder::new).uri();
            driven.transport.keepConnected(
                    uri, new ConnectionContext(), new ReconnectContext(), new ReconnectHandler() {
                        @Override
                        public void onOpen(final Connection connection) {
                            connection.close();
                        }

                        @Override
                        public void onMessage(
                                final Connection connection,
                                final ByteBuffer buffer,
                                final int offset,
                                final int length) {}

                        @Override
                        public void onClose(final Connection connection, final CloseReport report) {
                            drained.complete(driven.transport.drain(TimeUnit.SECONDS.toNanos(1)));
                        }

                        @Override
                        public void onEnd(final ReconnectingConnection connection, final CloseReport last) {}
                    });
            assertTrue(drained.get(Recorder.DEADLINE_S, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldSayThatADrainWasNotInOrderIfACloseTimeoutCutAConnectionOff(final Driving driving) throws Exception {
        final Recorder server = new Recorder();
        final ConnectionContext impatient = new ConnectionContext()
                .slowConsumerTimeoutNs(TimeUnit.MILLISECONDS.toNanos(100))
                .closeTimeoutNs(TimeUnit.MILLISECONDS.toNanos(100));
        try (DrivenTransport driven = new DrivenTransport(new TransportContext().driving(driving))) {
            final Listener listener =
                    driven.transport.listen(ANY_PORT, new ListenerContext().connectionContext(impatient), () -> server);
            try (Socket readsNothing = new Socket(
                    InetAddress.getLoopbackAddress(), listener.address().getPort())) {
                final Connection connection = server.awaitOpen();
                final ByteBuffer message = ByteBuffer.allocate(100_000);
                Await.until(() -> {
                    // By then the operating system takes no more, however much it took.
                    while (connection.offer(message) > 0) {}
                    return connection.counters().slowConsumer() > 0;
                });
                assertFalse(listener.drain(TimeUnit.SECONDS.toNanos(Recorder.DEADLINE_S)));
                assertTrue(readsNothing.isConnected());
            }
            final CloseReport report = server.awaitClose();
            assertEquals(CloseReason.CLOSE_TIMEOUT, report.reason());
            assertTrue(report.undelivered() > 0, report::toString);
        }
    }
}
