package io.millrace.tests.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.session.SessionCacheContext;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.agent.Logs;
import io.millrace.transport.tls.TlsContext;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Engines of other makers, and engines on direct memory, in either role, over sockets. */
@Logs("tcnative's context keeps no sessions apart")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OtherEnginesTest {
    private static final long DEADLINE_S = 20;
    private static final int MESSAGES = 100;
    private static final int LONGEST = 60_000;
    private static TestAuthority authority;
    private static TestAuthority.Issued issued;

    @BeforeAll
    static void issue() throws Exception {
        authority = new TestAuthority("authority");
        issued = authority.issue("localhost");
    }

    static Stream<Arguments> pairs() {
        return Stream.of(EngineKind.values())
                .flatMap(client -> Stream.of(EngineKind.values())
                        .filter(server -> client != EngineKind.JDK || server != EngineKind.JDK)
                        .flatMap(server -> Stream.of("TLSv1.3", "TLSv1.2")
                                .map(protocol -> Arguments.of(client, server, protocol))));
    }

    private static void assumeThere(final EngineKind... kinds) {
        for (final EngineKind kind : kinds) {
            assumeTrue(kind.missing().isEmpty(), () -> "SKIPPED: " + kind.missing());
        }
    }

    private static Transport transport(final TlsContext tls) {
        return new Transport(new TransportContext().tlsContext(tls));
    }

    /** Sends what it gets back, and keeps what does not fit until there is room. */
    private static final class Echo implements ConnectionHandler {
        final CompletableFuture<CloseReport> end = new CompletableFuture<>();
        final CompletableFuture<Connection> opened = new CompletableFuture<>();

        @Override
        public void onOpen(final Connection connection) {
            opened.complete(connection);
        }

        @Override
        public void onMessage(
                final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
            assertTrue(connection.offer(buffer, offset, length) > 0, "the client waits for echoes: there is room");
        }

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            end.complete(report);
        }
    }

    /** Checks that echoes are what was sent, in order. */
    private static final class Asker implements ConnectionHandler {
        final CompletableFuture<Void> all = new CompletableFuture<>();
        final CompletableFuture<CloseReport> end = new CompletableFuture<>();
        private final Random random = new Random(1);
        private byte[] outstanding;
        private int sent;

        @Override
        public void onOpen(final Connection connection) {
            ask(connection);
        }

        private void ask(final Connection connection) {
            outstanding = new byte[sent % 3 == 0 ? 1 + random.nextInt(LONGEST) : 1 + random.nextInt(100)];
            random.nextBytes(outstanding);
            sent++;
            assertTrue(connection.offer(ByteBuffer.wrap(outstanding)) > 0);
        }

        @Override
        public void onMessage(
                final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
            if (!ByteBuffer.wrap(outstanding).equals(buffer.slice(offset, length))) {
                all.completeExceptionally(new AssertionError("another echo: number=" + sent));
            } else if (sent == MESSAGES) {
                all.complete(null);
            } else {
                ask(connection);
            }
        }

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            all.completeExceptionally(new AssertionError("closed: " + report));
            end.complete(report);
        }
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void shouldCarryEchoesResumeAndEndProperly(final EngineKind client, final EngineKind server, final String protocol)
            throws Exception {
        assumeThere(client, server);
        final List<Echo> echoes = new CopyOnWriteArrayList<>();
        try (Transport serving = transport(server.server(issued, protocol));
                Transport asking = transport(client.client(authority, protocol))) {
            final URI uri = URI.create("tls://localhost:"
                    + serving.listen(URI.create("tls://localhost:0"), () -> {
                                final Echo echo = new Echo();
                                echoes.add(echo);
                                return echo;
                            })
                            .address()
                            .getPort());
            for (int i = 0; i < 3; i++) {
                final Asker asker = new Asker();
                final Connection connection = asking.connect(uri, asker).get(DEADLINE_S, TimeUnit.SECONDS);
                final Echo echo = echoes.get(i);
                try {
                    asker.all.get(DEADLINE_S, TimeUnit.SECONDS);
                } catch (final ExecutionException | TimeoutException ex) {
                    throw new AssertionError(
                            "connection " + i + ": " + connection + " sent=" + asker.sent + " server="
                                    + echo.end.getNow(null),
                            ex);
                }
                assertEquals(protocol, connection.tls().orElseThrow().protocol());
                assertEquals(
                        List.of(issued.certificate()),
                        connection.tls().orElseThrow().peerCertificates());
                assertEquals(i > 0, connection.tls().orElseThrow().resumed(), "connection " + i);
                assertEquals(
                        connection.tls().orElseThrow().resumed(),
                        echo.opened.join().tls().orElseThrow().resumed());
                connection.close();
                assertEquals(
                        CloseReason.LOCAL_CLOSE,
                        asker.end.get(DEADLINE_S, TimeUnit.SECONDS).reason());
                final CloseReport atServer = echo.end.get(DEADLINE_S, TimeUnit.SECONDS);
                assertEquals(CloseReason.PEER_CLOSE, atServer.reason(), atServer.toString());
            }
        }
    }

    static Stream<Arguments> servers() {
        return Stream.of(EngineKind.values())
                .flatMap(server -> Stream.of("TLSv1.3", "TLSv1.2").map(protocol -> Arguments.of(server, protocol)));
    }

    /** What is sent when the peer has ended goes out, or is said not to have, at once. */
    @ParameterizedTest
    @MethodSource("servers")
    void shouldNotWaitWithContentThatTheEngineRefusesBehindThePeersEnd(final EngineKind server, final String protocol)
            throws Exception {
        assumeThere(server);
        final CompletableFuture<CloseReport> end = new CompletableFuture<>();
        final ConnectionHandler late = new ConnectionHandler() {
            @Override
            public void onMessage(
                    final Connection connection, final ByteBuffer buffer, final int offset, final int length) {}

            @Override
            public void onPeerEnd(final Connection connection) {
                assertTrue(connection.offer(ByteBuffer.allocate(10)) > 0);
            }

            @Override
            public void onClose(final Connection connection, final CloseReport report) {
                end.complete(report);
            }
        };
        final ConnectionContext patient =
                new ConnectionContext().closeTimeoutNs(TimeUnit.SECONDS.toNanos(5 * DEADLINE_S));
        try (Transport serving = new Transport(new TransportContext()
                        .tlsContext(server.server(issued, protocol))
                        .connectionContext(patient));
                Transport asking = transport(EngineKind.JDK.client(authority, protocol))) {
            final URI uri = URI.create("tls://localhost:"
                    + serving.listen(URI.create("tls://localhost:0"), () -> late)
                            .address()
                            .getPort());
            asking.connect(uri, new Echo()).get(DEADLINE_S, TimeUnit.SECONDS).close();
            final CloseReport report = end.get(DEADLINE_S, TimeUnit.SECONDS);
            // TLS 1.3 keeps the directions apart (RFC 8446, section 6.1), but in the JDK's engine only.
            final boolean goesOn =
                    Set.of(EngineKind.JDK, EngineKind.JDK_DIRECT).contains(server) && protocol.equals("TLSv1.3");
            assertEquals(CloseReason.PEER_CLOSE, report.reason(), report.toString());
            assertEquals(goesOn ? 1 : 0, report.flushed(), report.toString());
            assertEquals(goesOn ? 0 : 1, report.undelivered(), report.toString());
            assertEquals(
                    goesOn
                            ? "closed by the peer"
                            : "the peer ended its stream, and the TLS engine sends nothing after that",
                    report.detail());
        }
    }

    @ParameterizedTest
    @EnumSource(EngineKind.class)
    void shouldRefuseACertificateForAnotherHostAndOneOfAStranger(final EngineKind client) throws Exception {
        assumeThere(client);
        final TestAuthority.Issued other = authority.issue("other.example");
        final TestAuthority.Issued strange = new TestAuthority("stranger").issue("localhost");
        for (final TestAuthority.Issued bad : List.of(other, strange)) {
            try (Transport serving = transport(EngineKind.JDK.server(bad, "TLSv1.3"));
                    Transport asking = transport(client.client(authority, "TLSv1.3"))) {
                final URI uri = URI.create("tls://localhost:"
                        + serving.listen(URI.create("tls://localhost:0"), Echo::new)
                                .address()
                                .getPort());
                final Exception refused = assertThrows(
                        ExecutionException.class,
                        () -> asking.connect(uri, new Asker()).get(DEADLINE_S, TimeUnit.SECONDS));
                final String text = refused.getMessage();
                // With trust of its own an SSLContext has words of its own, too.
                if (client != EngineKind.TCNATIVE) {
                    assertTrue(text.contains("this side refuses"), text);
                    assertTrue(
                            text.contains(
                                    bad.equals(other)
                                            ? "it is not for host=localhost but for names=[other.example]"
                                            : "no authority that is trusted has issued it"),
                            text);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void shouldNeverResumeWhenResumptionIsOff(final EngineKind engines, final String protocol) throws Exception {
        assumeThere(engines);
        final TlsContext server = engines.server(issued, protocol).conclude();
        final TlsContext client =
                engines.client(authority, protocol).resumption(false).conclude();
        for (int i = 0; i < 3; i++) {
            final TlsPair pair = new TlsPair(client.client("localhost", 443), server.server());
            pair.settle().assertOpen().serverTurn(ByteBuffer.allocate(1));
            assertFalse(pair.settle().client.info().resumed(), "connection " + i);
        }
    }

    /** All hellos are built before the first of them is answered; tickets come with the first content. */
    @ParameterizedTest
    @ValueSource(ints = {6, 50})
    void shouldResumeAllOfConscryptAtOnce(final int atOnce) throws Exception {
        assumeThere(EngineKind.CONSCRYPT);
        final TlsContext server = EngineKind.CONSCRYPT.server(issued, "TLSv1.3").conclude();
        final TlsContext client = EngineKind.CONSCRYPT
                .client(authority, "TLSv1.3")
                .sessionCacheContext(new SessionCacheContext().maxTicketsPerKey(atOnce))
                .conclude();
        int resumed = 0;
        for (int round = 0; round < 2; round++) {
            final List<TlsPair> pairs = new ArrayList<>();
            for (int i = 0; i < atOnce; i++) {
                final TlsPair pair = new TlsPair(client.client("localhost", 443), server.server());
                pair.clientTurn(ByteBuffer.allocate(0));
                pairs.add(pair);
            }
            resumed = 0;
            for (final TlsPair pair : pairs) {
                pair.settle().assertOpen().serverTurn(ByteBuffer.allocate(1));
                resumed += pair.settle().client.info().resumed() ? 1 : 0;
            }
        }
        assertEquals(atOnce, resumed);
        // By slots, that is, and not by the provider's own cache.
        assertEquals(atOnce, client.resumptionStats().orElseThrow().resumed());
    }
}
