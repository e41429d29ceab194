package io.millrace.transport.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.AddressFilter;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.ListenerContext;
import io.millrace.transport.RefusalReason;
import io.millrace.transport.TransportCounters;
import io.millrace.transport.channel.ConnectionChannel;
import io.millrace.transport.channel.IncomingChannel;
import io.millrace.transport.channel.OutOfDescriptorsException;
import io.millrace.transport.frame.LengthPrefixProtocol;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.agrona.concurrent.AgentTerminationException;
import org.junit.jupiter.api.Test;

/** One thread plays the listener's, the connections', the peers' and the clock's part. */
class AcceptorAgentTest {
    private static final ConnectionHandler HANDLER = (connection, buffer, offset, length) -> {};

    private final FakeServer server = new FakeServer();
    private final TransportCounters counters = new TransportCounters();
    private final List<ConnectionAgent> living = new ArrayList<>();
    private final ListenerContext settings = new ListenerContext();
    private Supplier<ConnectionHandler> handlers = () -> HANDLER;
    private Error launchFailure;
    private boolean hasThreads = true;
    private int ends;
    private long nowNs = Long.MAX_VALUE - 500;
    private AcceptorAgent<IncomingChannel> agent;

    private void start() {
        agent = new AcceptorAgent<>(
                server,
                settings.conclude(),
                () -> nowNs,
                counters,
                () -> handlers.get(),
                (incoming, handler, owner, wrap) -> {
                    final ConnectionChannel channel = wrap.apply(incoming.open());
                    if (launchFailure != null) {
                        throw launchFailure;
                    }
                    final ConnectionAgent connection = new ConnectionAgent(
                            living.size() + 1,
                            () -> nowNs,
                            new ConnectionContext().conclude(),
                            new LengthPrefixProtocol(512),
                            counters,
                            new BufferPool(),
                            channel,
                            Optional.empty(),
                            handler,
                            owner);
                    if (!hasThreads) {
                        connection.onClose();
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    connection.onStart();
                    LeakCheck.afterTest(connection::onClose);
                    living.add(connection);
                    return connection;
                },
                () -> List.copyOf(living),
                new ThreadDriver(Thread::new, Long.MAX_VALUE),
                ended -> ends++);
    }

    private FakeServer.Peer accept(final String address) {
        final FakeServer.Peer peer = server.connect(address);
        assertEquals(1, agent.doWork());
        assertEquals(0, agent.doWork());
        return peer;
    }

    private void assertRefused(final RefusalReason reason, final FakeServer.Peer peer) {
        final long before = agent.counters().refused(reason) - 1;
        assertTrue(peer.refused(), "not refused");
        assertEquals(before + 1, agent.counters().refused(reason));
        assertEquals(agent.counters().refused(reason), counters.refused(reason));
        assertEquals(
                agent.counters().refused(reason),
                Arrays.stream(RefusalReason.values())
                        .mapToLong(agent.counters()::refused)
                        .sum(),
                "refused for another reason");
    }

    private void turn(final int index) {
        while (!living.get(index).connection().closed().toCompletableFuture().isDone()
                && living.get(index).doWork() > 0) {
            assertFalse(Thread.currentThread().isInterrupted());
        }
    }

    private void end(final int index) {
        living.get(index).abort(CloseReason.LOCAL_CLOSE);
        living.get(index).doWork();
    }

    @Test
    void shouldRefuseOnlyWhatIsOverTheNumberOfConnections() {
        settings.maxConnections(2);
        start();
        assertFalse(accept("10.0.0.1").refused());
        assertFalse(accept("10.0.0.2").refused());
        assertRefused(RefusalReason.TOO_MANY_CONNECTIONS, accept("10.0.0.3"));
        assertEquals(2, agent.counters().connections());
        end(0);
        assertEquals(1, agent.counters().connections());
        assertFalse(accept("10.0.0.4").refused());
        assertEquals(3, agent.counters().accepted());
    }

    @Test
    void shouldRefuseOnlyTheAddressThatHasTooMany() {
        settings.maxConnectionsPerAddress(2);
        start();
        accept("10.0.0.1");
        accept("10.0.0.1");
        assertRefused(RefusalReason.TOO_MANY_FROM_ADDRESS, accept("10.0.0.1"));
        assertFalse(accept("10.0.0.2").refused());
        end(1);
        assertFalse(accept("10.0.0.1").refused());
        assertTrue(accept("10.0.0.1").refused());
    }

    @Test
    void shouldGiveAnAddressBackWhenAnotherLimitRefuses() {
        settings.maxConnectionsPerAddress(1).maxConnections(1);
        start();
        accept("10.0.0.1");
        assertRefused(RefusalReason.TOO_MANY_CONNECTIONS, accept("10.0.0.2"));
        end(0);
        assertFalse(accept("10.0.0.2").refused());
    }

    @Test
    void shouldRefuseWhatComesFasterThanTheRate() {
        settings.acceptRate(10, 2);
        start();
        // A pause saves no more than the burst, and the bucket was full already.
        nowNs += TimeUnit.HOURS.toNanos(1);
        assertFalse(accept("10.0.0.1").refused());
        assertFalse(accept("10.0.0.1").refused());
        assertRefused(RefusalReason.TOO_FAST, accept("10.0.0.1"));
        nowNs += TimeUnit.MILLISECONDS.toNanos(100) - 1;
        assertRefused(RefusalReason.TOO_FAST, accept("10.0.0.1"));
        nowNs += 1;
        assertFalse(accept("10.0.0.1").refused());
        nowNs += TimeUnit.HOURS.toNanos(1);
        assertFalse(accept("10.0.0.1").refused());
        assertFalse(accept("10.0.0.1").refused());
        assertRefused(RefusalReason.TOO_FAST, accept("10.0.0.1"));
    }

    @Test
    void shouldCountAHandshakeUntilTheConnectionIsOpen() {
        settings.maxHandshakes(1);
        start();
        accept("10.0.0.1").channel.connected = false;
        assertRefused(RefusalReason.TOO_MANY_HANDSHAKES, accept("10.0.0.1"));
        living.get(0).doWork();
        assertEquals(1, agent.counters().handshakes());
        assertTrue(accept("10.0.0.1").refused());
        end(0);
        assertEquals(0, agent.counters().handshakes());
        accept("10.0.0.1");
        turn(1);
        assertEquals(0, agent.counters().handshakes());
        assertFalse(accept("10.0.0.1").refused());
        assertEquals(2, agent.counters().connections());
    }

    @Test
    void shouldRefuseWhomTheFilterDenies() {
        settings.addressFilter(AddressFilter.ALL.deny("10.0.0.0/8"));
        start();
        assertRefused(RefusalReason.ADDRESS_DENIED, accept("10.0.0.1"));
        assertFalse(accept("11.0.0.1").refused());
    }

    @Test
    void shouldPauseWithoutSpinningWhenAcceptingFailsAndGoOnLater() {
        start();
        server.failure = new IOException("Too many open files");
        final FakeServer.Peer peer = server.connect("10.0.0.1");
        assertEquals(1, agent.doWork());
        assertFalse(server.accepting, "a waiting peer would keep the listener awake");
        assertEquals(0, agent.doWork());
        assertEquals(0, agent.counters().refused(RefusalReason.NO_DESCRIPTOR), "the peer still waits");
        server.failure = null;
        nowNs += TimeUnit.MILLISECONDS.toNanos(100);
        assertEquals(1, agent.doWork());
        assertTrue(server.accepting);
        assertTrue(peer.opened);
    }

    @Test
    void shouldGoOnAtOnceWhenOnePeerWasRefusedForWantOfDescriptors() {
        start();
        server.failure = new OutOfDescriptorsException(new IOException("Too many open files"));
        server.connect("10.0.0.1");
        assertEquals(1, agent.doWork());
        server.failure = null;
        assertEquals(1, agent.doWork());
        assertEquals(1, agent.counters().refused(RefusalReason.NO_DESCRIPTOR));
        assertEquals(1, agent.counters().accepted());
    }

    @Test
    void shouldHaveCountedTheRefusalBeforeTheEndWhenThereIsNoThread() {
        settings.maxConnections(1);
        start();
        final List<Long> counted = new ArrayList<>();
        handlers = () -> new ConnectionHandler() {
            @Override
            public void onMessage(
                    final Connection connection, final ByteBuffer buffer, final int offset, final int length) {}

            @Override
            public void onClose(final Connection connection, final CloseReport report) {
                counted.add(agent.counters().refused(RefusalReason.OUT_OF_RESOURCES));
            }
        };
        hasThreads = false;
        for (int i = 1; i <= 2; i++) {
            accept("10.0.0.1");
            assertEquals(i, agent.counters().refused(RefusalReason.OUT_OF_RESOURCES));
            assertEquals(i, counters.refused(RefusalReason.OUT_OF_RESOURCES));
        }
        assertEquals(List.of(1L, 2L), counted);
        hasThreads = true;
        assertFalse(accept("10.0.0.1").refused());
        living.get(0).onClose();
        assertEquals(2, counters.refused(RefusalReason.OUT_OF_RESOURCES), "a thread that is lost later refuses nobody");
    }

    /** As languages do that have no checked exceptions. */
    private static ConnectionHandler throwChecked() {
        throw AcceptorAgentTest.<RuntimeException>unchecked(new CloneNotSupportedException("deliberate"));
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> E unchecked(final Exception ex) throws E {
        throw (E) ex;
    }

    @Test
    void shouldRefuseOnlyThatPeerWhenThereIsNothingToServeItWith() {
        settings.maxConnections(1).maxConnectionsPerAddress(1);
        start();
        final FakeServer.Peer noDescriptor = server.connect("10.0.0.1");
        noDescriptor.openFailure = new IOException("Too many open files");
        agent.doWork();
        assertRefused(RefusalReason.NO_DESCRIPTOR, noDescriptor);

        launchFailure = new OutOfMemoryError("unable to create native thread");
        assertTrue(accept("10.0.0.1").closed);
        assertEquals(1, counters.refused(RefusalReason.OUT_OF_RESOURCES));
        launchFailure = null;

        handlers = () -> {
            throw new IllegalStateException("deliberate");
        };
        assertTrue(accept("10.0.0.1").refused());
        assertEquals(1, counters.refused(RefusalReason.NO_HANDLER));
        handlers = AcceptorAgentTest::throwChecked;
        assertTrue(accept("10.0.0.1").refused());
        assertEquals(2, counters.refused(RefusalReason.NO_HANDLER));
        handlers = () -> null;
        assertTrue(accept("10.0.0.1").refused());
        assertEquals(3, counters.refused(RefusalReason.NO_HANDLER));
        handlers = () -> HANDLER;

        assertEquals(0, agent.counters().connections());
        assertFalse(accept("10.0.0.1").refused());
    }

    @Test
    void shouldTrustOnlyTheProxiesThatAreNamed() {
        settings.proxySources(AddressFilter.ALL.allow("10.0.0.1"));
        start();
        assertRefused(RefusalReason.NOT_A_PROXY, accept("10.0.0.2"));
        assertFalse(accept("10.0.0.1").refused());
    }

    @Test
    void shouldJudgeTheClientBehindTheProxy() {
        settings.proxySources(AddressFilter.ALL)
                .addressFilter(AddressFilter.ALL.deny("192.0.2.66").deny("10.0.0.0/8"))
                .maxConnectionsPerAddress(1);
        start();
        say(accept("10.0.0.1"), "PROXY TCP4 192.0.2.1 192.0.2.2 5 6\r\n");
        turn(0);
        assertEquals(
                "/192.0.2.1:5",
                living.get(0).connection().remoteAddress().orElseThrow().toString());
        say(accept("10.0.0.1"), "PROXY TCP4 192.0.2.66 192.0.2.2 5 6\r\n");
        turn(1);
        say(accept("10.0.0.1"), "PROXY TCP4 192.0.2.1 192.0.2.2 7 6\r\n");
        turn(2);
        say(accept("10.0.0.1"), "PROXY TCP4 192.0.2.3 192.0.2.2 7 6\r\n");
        turn(3);

        assertEquals(2, counters.closed(CloseReason.REFUSED));
        assertEquals(1, counters.refused(RefusalReason.ADDRESS_DENIED));
        assertEquals(1, counters.refused(RefusalReason.TOO_MANY_FROM_ADDRESS));
        assertEquals(2, agent.counters().connections());
        end(0);
        say(accept("10.0.0.1"), "PROXY TCP4 192.0.2.1 192.0.2.2 7 6\r\n");
        turn(4);
        assertEquals(2, agent.counters().connections());
    }

    @Test
    void shouldEndOnlyTheConnectionWhoseHeaderIsBadOrLate() {
        settings.proxySources(AddressFilter.ALL).proxyTimeoutNs(100);
        start();
        say(accept("10.0.0.1"), "GET / HTTP/1.1\r\n");
        turn(0);
        accept("10.0.0.1");
        say(accept("10.0.0.1"), "PROXY UNKNOWN\r\n");
        turn(2);
        turn(1);
        nowNs += 100;
        turn(1);

        assertEquals(1, counters.closed(CloseReason.PROXY_HEADER));
        assertEquals(1, counters.closed(CloseReason.PROXY_TIMEOUT));
        assertEquals(1, counters.opened());
        assertEquals(1, agent.counters().connections());
    }

    private static void say(final FakeServer.Peer peer, final String text) {
        peer.channel.receive(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void shouldFreeTheAddressOnceWhenClosed() {
        start();
        accept("10.0.0.1");
        agent.close();
        agent.close();
        assertFalse(agent.closed().toCompletableFuture().isDone());
        assertThrows(AgentTerminationException.class, agent::doWork);
        agent.onClose();
        assertTrue(server.closed);
        assertEquals(1, ends);
        assertTrue(agent.closed().toCompletableFuture().isDone());
        assertFalse(living.get(0).connection().isClosed());
    }

    @Test
    void shouldCloseWhatComesInWhileItDrains() {
        start();
        handlers = () -> {
            // The listener's own thread drains, which waits for nothing, while a connection is on its way in.
            agent.onStart();
            assertTrue(agent.drain(1));
            return HANDLER;
        };
        server.connect("10.0.0.1");
        agent.doWork();
        assertTrue(living.get(0).connection().isClosed());
        assertThrows(IllegalArgumentException.class, () -> agent.drain(0));
    }
}
