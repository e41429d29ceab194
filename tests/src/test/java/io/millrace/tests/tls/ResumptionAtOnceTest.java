package io.millrace.tests.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.session.SessionCacheContext;
import io.millrace.tests.Await;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.agrona.LangUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** FAULTS 1, live: connections on real sockets, all at once, each with a ticket of its own. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResumptionAtOnceTest {
    private static final int AT_ONCE = 50;
    private static final long DEADLINE_S = 60;

    private TlsContext clientTls;
    private Transport server;
    private Transport client;
    private TicketRelay relay;
    private URI uri;

    /** What connections' threads get for asking for another; null for a thread. */
    private volatile Throwable noThread;

    @BeforeEach
    void listen() throws Exception {
        final TestAuthority authority = new TestAuthority("authority");
        clientTls = new TlsContext()
                .trust(authority.trust())
                .sessionCacheContext(new SessionCacheContext().maxTicketsPerKey(AT_ONCE));
        server = new Transport(new TransportContext()
                .tlsContext(
                        new TlsContext().identity(authority.issue("localhost").identity())));
        client = new Transport(new TransportContext().tlsContext(clientTls).threadFactory(this::newThread));
        final int port = server.listen(
                        URI.create("tls://localhost:0"),
                        () -> (connection, buffer, offset, length) -> connection.offer(buffer, offset, length))
                .address()
                .getPort();
        relay = new TicketRelay(port);
        uri = URI.create("tls://localhost:" + relay.port());
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        server.close();
        relay.close();
    }

    private Thread newThread(final Runnable target) {
        if (noThread != null && Thread.currentThread().getName().startsWith("millrace-connection-")) {
            LangUtil.rethrowUnchecked(noThread);
        }
        return new Thread(target);
    }

    private List<Connection> connectAllAtOnce() throws Exception {
        relay.hold(AT_ONCE);
        final List<CompletableFuture<Connection>> futures = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            futures.add(client.connect(uri, (connection, buffer, offset, length) -> {}));
        }
        final List<Connection> connections = new ArrayList<>();
        for (final CompletableFuture<Connection> future : futures) {
            connections.add(future.get(DEADLINE_S, TimeUnit.SECONDS));
        }
        return connections;
    }

    private static long resumed(final List<Connection> connections) {
        return connections.stream()
                .filter(connection -> connection.tls().orElseThrow().resumed())
                .count();
    }

    private long resident() {
        return clientTls.resumptionStats().orElseThrow().tickets().resident();
    }

    @Test
    void shouldResumeFiftyAtOnceAndShowTheServerNoTicketTwice() throws Exception {
        final List<Connection> first = connectAllAtOnce();
        assertEquals(0, resumed(first));
        assertTrue(relay.tickets().isEmpty());
        Await.until(() -> resident() == AT_ONCE);

        assertEquals(AT_ONCE, resumed(connectAllAtOnce()));
        final List<String> tickets = List.copyOf(relay.tickets());
        assertEquals(AT_ONCE, tickets.size());
        assertEquals(AT_ONCE, Set.copyOf(tickets).size(), "a ticket was seen twice");
    }

    /** A server that breaks off whenever it is offered a ticket: the client is let in all the same, and told of one end. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTryOnceMoreWithoutATicketWhenTheHandshakeFailedWithOne(final boolean reset) throws Exception {
        final Connection first = connectAllAtOnce().get(0);
        assertTrue(first.tls().isPresent());
        Await.until(() -> resident() > 0);
        relay.refuseTickets(!reset);
        relay.resetTickets(reset);
        final AtomicInteger opens = new AtomicInteger();
        final Queue<CloseReport> ends = new ConcurrentLinkedQueue<>();
        final Connection again = client.connect(uri, counting(opens, ends)).get(DEADLINE_S, TimeUnit.SECONDS);
        Await.until(() -> opens.get() == 1);
        assertEquals(0, ends.size());
        assertEquals(1, clientTls.resumptionStats().orElseThrow().retried());
        // The second attempt may be open before the first is counted.
        final CloseReason reason = reset ? CloseReason.PEER_RESET : CloseReason.HANDSHAKE_FAILED;
        Await.until(() -> client.counters().closed(reason) == 1);
        again.close();
        Await.until(() -> ends.size() == 1);
    }

    private static ConnectionHandler counting(final AtomicInteger opens, final Queue<CloseReport> ends) {
        return new ConnectionHandler() {
            @Override
            public void onOpen(final Connection connection) {
                opens.incrementAndGet();
            }

            @Override
            public void onMessage(
                    final Connection connection, final ByteBuffer buffer, final int offset, final int length) {}

            @Override
            public void onClose(final Connection connection, final CloseReport report) {
                ends.add(report);
            }
        };
    }

    private static List<Throwable> failures() {
        return List.of(new IllegalStateException("no thread"), new OutOfMemoryError("no thread"));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void shouldTellOfOneEndWhenThereIsNoThreadToTryOnceMore(final Throwable failure) throws Exception {
        connectAllAtOnce();
        Await.until(() -> resident() > 0);
        relay.resetTickets(true);
        noThread = failure;
        final Queue<CloseReport> ends = new ConcurrentLinkedQueue<>();
        final CompletableFuture<Connection> future = client.connect(uri, counting(new AtomicInteger(), ends));
        assertThrows(ExecutionException.class, () -> future.get(DEADLINE_S, TimeUnit.SECONDS));
        Await.until(() -> client.counters().closed(CloseReason.PEER_RESET) == 1);
        Await.until(() -> client.connections().size() == AT_ONCE);
        assertEquals(
                List.of(CloseReason.THREAD_LOST),
                ends.stream().map(CloseReport::reason).toList());
    }
}
