package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.tests.Await;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.Driving;
import io.millrace.transport.Listener;
import io.millrace.transport.ListenerContext;
import io.millrace.transport.MessageClaim;
import io.millrace.transport.RefusalReason;
import io.millrace.transport.SocketContext;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.agrona.DirectBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every scheme promises, whoever drives it, one that a user brings among them. A new one adds its name to
 * {@link Ways}, and where it listens.
 */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SchemeContractTest {
    private static final SSLContext SSL_CONTEXT = sslContext();
    private static final int CONNECTIONS = 100;

    @TempDir
    private Path folder;

    private final Queue<Recorder> servers = new ConcurrentLinkedQueue<>();
    private DrivenTransport driven;
    private Transport transport;

    private static SSLContext sslContext() {
        try {
            return SelfSignedCertificate.sslContext();
        } catch (final Exception ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private void start(final Driving driving) {
        driven = new DrivenTransport(context(driving));
        transport = driven.transport;
    }

    private static AutoCloseable driver;

    @BeforeAll
    static void holdDriver() {
        driver = Ways.sharedDriver();
    }

    @AfterAll
    static void letDriverGo() throws Exception {
        driver.close();
    }

    /** Nothing is resumed: who is refused while offering a ticket dials again without one, and is refused twice. */
    private static TransportContext context(final Driving driving) {
        return Ways.withSharedDriver(new TransportContext())
                .driving(driving)
                .tlsContext(new TlsContext().sslContext(SSL_CONTEXT).resumption(false));
    }

    @AfterEach
    void close() {
        driven.close();
    }

    private Listener listen(final String scheme, final ListenerContext settings, final Recorder.Reaction reaction) {
        return transport.listen(Ways.anywhere(scheme, folder), settings, () -> {
            final Recorder server = new Recorder(reaction);
            servers.add(server);
            return server;
        });
    }

    private Listener echo(final String scheme) {
        return listen(
                scheme, new ListenerContext(), (connection, message) -> offer(connection, ByteBuffer.wrap(message)));
    }

    /** Has room for all that a test echoes: a handler that waits for room keeps its own thread from making any. */
    private Listener roomyEcho(final String scheme) {
        return listen(
                scheme,
                new ListenerContext().connectionContext(new ConnectionContext().outboundCapacity(8 * 1024 * 1024)),
                (connection, message) -> offer(connection, ByteBuffer.wrap(message)));
    }

    /** The first that was accepted: a client is connected before the listener knows of it. */
    private Recorder server() {
        Await.until(() -> !servers.isEmpty());
        return servers.element();
    }

    private Connection connect(final Listener listener, final Recorder client) throws Exception {
        return transport.connect(listener.uri(), client).get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
    }

    /** Where nobody says that he does not listen, by a transport that doesn't wait for him for long. */
    private ExecutionException refused(final Driving driving, final String scheme, final URI uri, final Recorder client)
            throws Exception {
        if (!scheme.equals("aeron:udp")) {
            return refused(transport, uri, client);
        }
        try (DrivenTransport impatient = new DrivenTransport(Ways.impatient(context(driving)))) {
            return refused(impatient.transport, uri, client);
        }
    }

    private static ExecutionException refused(final Transport by, final URI uri, final Recorder client) {
        final var connecting = by.connect(uri, client);
        return assertThrows(ExecutionException.class, () -> connecting.get(Recorder.DEADLINE_S, TimeUnit.SECONDS));
    }

    private static void offer(final Connection connection, final ByteBuffer message) {
        while (connection.offer(message) == Connection.BACK_PRESSURED) {
            Thread.onSpinWait();
        }
    }

    /** Offers until it has been full for a while: what the operating system and both rings hold is not known. */
    private static int fill(final Connection connection) {
        final ByteBuffer message = ByteBuffer.allocate(10_000);
        int accepted = 0;
        long fullSinceNs = System.nanoTime();
        while (System.nanoTime() - fullSinceNs < TimeUnit.MILLISECONDS.toNanos(200)) {
            if (connection.offer(message) > 0) {
                accepted++;
                fullSinceNs = System.nanoTime();
            }
            assertTrue(accepted < 100_000, "never full");
        }
        return accepted;
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#all")
    void shouldEchoManyMessagesInOrder(final Driving driving, final String scheme) throws Exception {
        start(driving);
        final Recorder client = new Recorder();
        final Connection connection = connect(roomyEcho(scheme), client);
        final ByteBuffer message = ByteBuffer.allocate(100);
        final int count = 20_000;
        for (int i = 0; i < count; i++) {
            offer(connection, message.putInt(0, i));
        }
        Await.until(() -> client.messages.size() == count);
        int next = 0;
        for (final byte[] echoed : client.messages) {
            assertEquals(next++, ByteBuffer.wrap(echoed).getInt());
        }
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#all")
    void shouldEchoBigMessagesWhole(final Driving driving, final String scheme) throws Exception {
        start(driving);
        final Recorder client = new Recorder();
        final Connection connection = connect(roomyEcho(scheme), client);
        final byte[] big = new byte[ConnectionContext.DEFAULT_MAX_MESSAGE_LENGTH];
        new Random(7).nextBytes(big);
        for (int i = 0; i < 10; i++) {
            offer(connection, ByteBuffer.wrap(big));
        }
        Await.until(() -> client.messages.size() == 10);
        client.messages.forEach(echoed -> assertArrayEquals(big, echoed));
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#all")
    void shouldTellBothSidesWhoClosed(final Driving driving, final String scheme) throws Exception {
        start(driving);
        final Listener listener = echo(scheme);
        final Recorder client = new Recorder();
        connect(listener, client).close();
        assertEquals(CloseReason.LOCAL_CLOSE, client.awaitClose().reason());
        assertEquals(CloseReason.PEER_CLOSE, servers.remove().awaitClose().reason());

        final Recorder other = new Recorder();
        connect(listener, other);
        server().awaitOpen().close();
        assertEquals(CloseReason.PEER_CLOSE, other.awaitClose().reason());
        assertEquals(CloseReason.LOCAL_CLOSE, servers.remove().awaitClose().reason());
        Await.until(() -> listener.connections().isEmpty());
        assertEquals(0, listener.counters().connections());
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#all")
    void shouldPushBackWhenThePeerDoesNotReadAndLoseNothing(final Driving driving, final String scheme)
            throws Exception {
        start(driving);
        final AtomicBoolean stalled = new AtomicBoolean(true);
        final Listener listener = listen(scheme, new ListenerContext(), (connection, message) -> {
            if (stalled.get()) {
                connection.pauseReading();
            }
        });
        final Recorder client = new Recorder();
        final Connection connection = connect(listener, client);
        final int accepted = fill(connection);
        stalled.set(false);
        server().awaitOpen().resumeReading();
        connection.close();
        final CloseReport report = client.awaitClose();
        assertEquals(accepted, report.accepted());
        assertEquals(accepted, report.flushed());
        server().awaitClose();
        assertEquals(accepted, server().messages.size());
    }

    /** Every message that the operating system has is flushed by the account, and reaches the peer; no other does. */
    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#all")
    void shouldCountAsFlushedWhatReachesThePeerWhenCutOffInAStall(final Driving driving, final String scheme)
            throws Exception {
        start(driving);
        final AtomicBoolean stalled = new AtomicBoolean(true);
        final Listener listener = listen(scheme, new ListenerContext(), (connection, message) -> {
            if (stalled.get()) {
                connection.pauseReading();
            }
        });
        final Recorder client = new Recorder();
        final Connection connection = connect(listener, client);
        final int accepted = fill(connection);
        connection.closeNow();
        final CloseReport report = client.awaitClose();
        stalled.set(false);
        server().awaitOpen().resumeReading();
        server().awaitClose();
        assertEquals(accepted, report.accepted());
        assertEquals(accepted, report.flushed() + report.undelivered());
        assertTrue(report.undelivered() > 0, report.toString());
        assertEquals(report.flushed(), server().messages.size());
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#all")
    void shouldServeAHundredConnectionsAtOnceAndDrainThem(final Driving driving, final String scheme) throws Exception {
        start(driving);
        final Listener listener = echo(scheme);
        final List<CompletableFuture<Connection>> connects = new ArrayList<>();
        final List<Recorder> clients = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            clients.add(new Recorder());
            connects.add(transport.connect(listener.uri(), clients.get(i)));
        }
        for (int i = 0; i < CONNECTIONS; i++) {
            final Connection connection = connects.get(i).get(60, TimeUnit.SECONDS);
            offer(connection, ByteBuffer.allocate(4).putInt(0, i));
        }
        for (int i = 0; i < CONNECTIONS; i++) {
            final Recorder client = clients.get(i);
            Await.until(() -> client.messages.size() == 1);
            assertEquals(i, ByteBuffer.wrap(client.messages.element()).getInt());
        }
        assertEquals(CONNECTIONS, listener.connections().size());
        assertEquals(2 * CONNECTIONS, transport.connections().size());

        assertTrue(listener.drain(TimeUnit.SECONDS.toNanos(60)));
        assertEquals(List.of(), listener.connections());
        for (final Recorder client : clients) {
            assertEquals(CloseReason.PEER_CLOSE, client.awaitClose().reason());
        }
        assertTrue(listener.closed().toCompletableFuture().isDone());
        refused(driving, scheme, listener.uri(), new Recorder());
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#all")
    void shouldCutOffWhatDoesNotEndWhileItDrains(final Driving driving, final String scheme) throws Exception {
        start(driving);
        final Listener listener = listen(scheme, new ListenerContext(), (connection, message) -> {});
        final Recorder client = new Recorder((connection, message) -> connection.pauseReading());
        final Connection deaf = connect(listener, client);
        final Connection server = server().awaitOpen();
        while (fill(server) > 0) {
            // On a busy machine the connection's thread may just not have run.
            Thread.onSpinWait();
        }
        final long startNs = System.nanoTime();
        assertFalse(listener.drain(TimeUnit.MILLISECONDS.toNanos(100)));
        assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(4), "past its bound");
        final CloseReport report = server().awaitClose();
        assertEquals(CloseReason.CLOSE_TIMEOUT, report.reason());
        assertTrue(report.undelivered() > 0);
        // Who does not read does not see the end either: the transport would wait for its close timeout.
        deaf.closeNow();
        client.awaitClose();
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#all")
    void shouldRefuseOnlyWhatIsOverTheLimit(final Driving driving, final String scheme) throws Exception {
        start(driving);
        final Listener listener = listen(
                scheme,
                new ListenerContext().maxConnections(1),
                (connection, message) -> offer(connection, ByteBuffer.wrap(message)));
        final Recorder first = new Recorder();
        final Connection connection = connect(listener, first);
        final Recorder second = new Recorder();
        final var unused = transport.connect(listener.uri(), second);
        second.awaitClose();
        assertEquals(1, listener.counters().refused(RefusalReason.TOO_MANY_CONNECTIONS));
        assertEquals(1, transport.counters().refused(RefusalReason.TOO_MANY_CONNECTIONS));

        offer(connection, ByteBuffer.allocate(1));
        Await.until(() -> first.messages.size() == 1);
        connection.close();
        first.awaitClose();
        Await.until(() -> listener.counters().connections() == 0);
        connect(listener, new Recorder());
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#all")
    void shouldNameTheUriWhenNobodyListensOrSomebodyElseDoes(final Driving driving, final String scheme)
            throws Exception {
        start(driving);
        final Listener listener = echo(scheme);
        final UncheckedIOException taken =
                assertThrows(UncheckedIOException.class, () -> transport.listen(listener.uri(), Recorder::new));
        assertTrue(taken.getMessage().contains(listener.uri().toString()), taken.getMessage());
        assertTrue(taken.getMessage().contains("in use"), taken.getMessage());

        listener.close();
        listener.closed().toCompletableFuture().get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
        final Recorder client = new Recorder();
        final ExecutionException refused = refused(driving, scheme, listener.uri(), client);
        assertEquals(ConnectException.class, refused.getCause().getClass());
        assertTrue(refused.getCause().getMessage().contains(listener.uri().toString()), refused.getMessage());
        assertEquals(CloseReason.CONNECT_FAILED, client.awaitClose().reason());
        try (Listener again = transport.listen(listener.uri(), Recorder::new)) {
            assertEquals(listener.uri(), again.uri());
        }
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#all")
    void shouldWorkWithEverySocketOptionSet(final Driving driving, final String scheme) throws Exception {
        start(driving);
        final ConnectionContext settings = new ConnectionContext()
                .socketContext(new SocketContext()
                        .receiveBufferLength(8_192)
                        .sendBufferLength(8_192)
                        .noDelay(false)
                        .keepAlive(true));
        final Listener listener = listen(
                scheme,
                new ListenerContext().backlog(7).connectionContext(settings),
                (connection, message) -> offer(connection, ByteBuffer.wrap(message)));
        final Recorder client = new Recorder();
        final Connection connection =
                transport.connect(listener.uri(), settings, client).get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
        offer(connection, ByteBuffer.allocate(100_000));
        Await.until(() -> client.messages.size() == 1);
    }

    /** Agrona's own want a flag of the JVM, but for this one method. */
    private static DirectBuffer directBuffer(final ByteBuffer content) {
        return (DirectBuffer) Proxy.newProxyInstance(
                DirectBuffer.class.getClassLoader(), new Class<?>[] {DirectBuffer.class}, (proxy, method, args) -> {
                    if (method.getName().equals("capacity")) {
                        return content.capacity();
                    }
                    assertEquals("getBytes", method.getName());
                    return ((ByteBuffer) args[1]).put((int) args[2], content, (int) args[0], (int) args[3]);
                });
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#all")
    void shouldDeliverInOrderWhateverWayAMessageIsSent(final Driving driving, final String scheme) throws Exception {
        start(driving);
        final Recorder client = new Recorder();
        final Connection connection = connect(echo(scheme), client);
        final ByteBuffer bytes = ByteBuffer.wrap("0123456789".getBytes(StandardCharsets.US_ASCII));
        final MessageClaim claim = connection.newClaim();
        for (int round = 0; round < 100; round++) {
            assertTrue(connection.offer(bytes, 0, 1) > 0);
            assertTrue(connection.offer(directBuffer(bytes), 1, 2) > 0);
            assertTrue(connection.offer(new ByteBuffer[] {bytes.slice(3, 1), bytes.slice(4, 2)}, 0, 2) > 0);
            assertTrue(connection.offerBatch(bytes, 6, new int[] {1, 1}, 2) > 0);
            assertEquals(0, connection.tryClaim(1, claim));
            claim.buffer().put(claim.offset(), (byte) '8');
            assertTrue(claim.commit() > 0);
            assertTrue(connection.send(bytes.slice(9, 1), TimeUnit.SECONDS.toNanos(Recorder.DEADLINE_S)) > 0);
        }
        Await.until(() -> client.messages.size() == 700);
        final StringBuilder all = new StringBuilder();
        client.messages.forEach(message ->
                all.append(new String(message, StandardCharsets.US_ASCII)).append(' '));
        assertEquals("0 12 345 6 7 8 9 ".repeat(100), all.toString());
        connection.close();
        connection.close();
        connection.closeNow();
        assertEquals(700, client.awaitClose().flushed());
        assertEquals(1, client.closes.get());
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#all")
    void shouldFlushEverythingWhenTheWholeTransportDrains(final Driving driving, final String scheme) throws Exception {
        start(driving);
        final Listener listener = listen(scheme, new ListenerContext(), (connection, message) -> {});
        final int count = 1_000;
        final Recorder client = new Recorder();
        try (DrivenTransport leaving = new DrivenTransport(context(driving))) {
            final Connection connection =
                    leaving.transport.connect(listener.uri(), client).get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
            final Listener own = leaving.transport.listen(URI.create("tcp://localhost:0"), Recorder::new);
            for (int i = 0; i < count; i++) {
                offer(connection, ByteBuffer.allocate(100));
            }
            assertTrue(leaving.transport.drain(TimeUnit.SECONDS.toNanos(Recorder.DEADLINE_S)));
            assertEquals(count, client.awaitClose().flushed());
            assertTrue(own.closed().toCompletableFuture().isDone());
            assertEquals(List.of(), leaving.transport.connections());
            assertEquals(List.of(), leaving.transport.listeners());
            assertThrows(IllegalStateException.class, () -> leaving.transport.connect(listener.uri(), new Recorder()));
            assertThrows(IllegalStateException.class, () -> leaving.transport.listen(listener.uri(), Recorder::new));
        }
        assertEquals(CloseReason.PEER_CLOSE, server().awaitClose().reason());
        assertEquals(count, server().messages.size());
    }

    /** Applications keep such a handle for long. */
    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#all")
    void shouldHoldNoBuffersOnceItHasEnded(final Driving driving, final String scheme) throws Exception {
        start(driving);
        final Recorder client = new Recorder((connection, message) -> connection.pauseReading());
        final Connection connection = connect(echo(scheme), client);
        final Connection accepted = server().awaitOpen();
        offer(connection, ByteBuffer.allocate(100_000));
        Await.until(() -> client.messages.size() == 1);
        offer(connection, ByteBuffer.allocate(100_000));
        offer(connection, ByteBuffer.allocate(100_000));
        Await.until(() -> server().messages.size() == 3);
        assertTrue(Reachable.bufferBytes(connection) > 100_000, "what is looked for can be found");
        connection.closeNow();
        client.awaitClose();
        server().awaitClose();
        assertTrue(Reachable.bufferBytes(connection) < 1_000, "bytes=" + Reachable.bufferBytes(connection));
        assertTrue(Reachable.bufferBytes(accepted) < 1_000, "bytes=" + Reachable.bufferBytes(accepted));
    }
}
