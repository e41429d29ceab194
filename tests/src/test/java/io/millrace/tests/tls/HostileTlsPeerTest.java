package io.millrace.tests.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.SlowConsumerPolicy;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.frame.LengthPrefixProtocol;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients that break TLS or drag it out, each ended for a reason while another connection of the listener goes on. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileTlsPeerTest {
    private static final long DEADLINE_S = 20;

    /** Short, for threads sleep that long by the real clock before they look at ours. */
    private static final long BOUND_NS = TimeUnit.MILLISECONDS.toNanos(8);

    private static final int CAPACITY = 64 * 1024;
    private static final int FLOOD = 100_000;
    private static final int LONGEST_RECORD_12 = 16 * 1024 + 2048;
    private static TestAuthority authority;
    private static TestAuthority.Issued issued;

    private final AtomicLong nowNs = new AtomicLong();
    private final List<Serving> handlers = new CopyOnWriteArrayList<>();
    private Transport serving;
    private Transport asking;
    private Lines bystander;
    private Connection bystanding;
    private String protocol;
    private int port;

    @BeforeAll
    static void issue() throws Exception {
        authority = new TestAuthority("authority");
        issued = authority.issue("localhost");
    }

    static Stream<Arguments> servers() {
        return Stream.of(EngineKind.JDK, EngineKind.CONSCRYPT, EngineKind.TCNATIVE)
                .flatMap(engines -> Stream.of("TLSv1.3", "TLSv1.2").map(version -> Arguments.of(engines, version)));
    }

    /** Echoes; pours out as much as there is room for when it is told to; keeps its end. */
    private static final class Serving implements ConnectionHandler {
        final CompletableFuture<CloseReport> end = new CompletableFuture<>();
        volatile boolean isFull;
        volatile boolean isOpen;

        @Override
        public void onOpen(final Connection connection) {
            isOpen = true;
        }

        @Override
        public void onMessage(
                final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
            if (buffer.get(offset) == 'P') {
                connection.authenticated();
                onWritable(connection);
            } else if (buffer.get(offset) != 'A') {
                connection.authenticated();
                connection.offer(buffer, offset, length);
            }
        }

        @Override
        public void onWritable(final Connection connection) {
            while (connection.offer(ByteBuffer.allocate(1_000)) > 0) {
                // On and on.
            }
            isFull = true;
        }

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            end.complete(report);
        }
    }

    /** A server whose time only passes when it is told to, and a connection to it that is not hostile. */
    private void listen(final EngineKind engines, final String version) throws Exception {
        assumeTrue(engines.missing().isEmpty(), () -> "SKIPPED: " + engines.missing());
        protocol = version;
        serving = new Transport(new TransportContext()
                .nanoClock(nowNs::get)
                .tlsContext(engines.server(issued, version))
                .connectionContext(new ConnectionContext()
                        .protocol(new LengthPrefixProtocol(CAPACITY / 8))
                        .outboundCapacity(CAPACITY)
                        .handshakeTimeoutNs(BOUND_NS)
                        .authenticationTimeoutNs(BOUND_NS)
                        .slowConsumerTimeoutNs(BOUND_NS)
                        .slowConsumerPolicy(SlowConsumerPolicy.DISCONNECT)));
        asking = new Transport(new TransportContext().tlsContext(EngineKind.JDK.client(authority, version)));
        port = serving.listen(URI.create("tls://localhost:0"), this::handler)
                .address()
                .getPort();
        bystander = new Lines(false);
        bystanding =
                asking.connect(URI.create("tls://localhost:" + port), bystander).get(DEADLINE_S, TimeUnit.SECONDS);
        assertBystanderGoesOn();
    }

    private ConnectionHandler handler() {
        final Serving handler = new Serving();
        handlers.add(handler);
        return handler;
    }

    @AfterEach
    void close() {
        if (asking != null) {
            asking.close();
            serving.close();
        }
    }

    private void assertBystanderGoesOn() throws Exception {
        assertTrue(bystanding.offer(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII))) > 0);
        assertEquals("hello", bystander.lines.poll(DEADLINE_S, TimeUnit.SECONDS));
    }

    private RawTlsClient hostile() throws Exception {
        return new RawTlsClient(authority.trustingContext(), protocol, port);
    }

    private static void await(final BooleanSupplier condition) {
        final long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_S);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadlineNs < 0, "not in time");
            Thread.yield();
        }
    }

    private Serving hostileHandler() {
        await(() -> handlers.size() == 2);
        return handlers.get(1);
    }

    /** The end comes by itself. */
    private CloseReport assertEnded(final CloseReason reason) throws Exception {
        final CloseReport report = hostileHandler().end.get(DEADLINE_S, TimeUnit.SECONDS);
        assertEquals(reason, report.reason(), report.toString());
        assertEquals(1, serving.counters().closed(reason));
        assertBystanderGoesOn();
        return report;
    }

    /** The end comes when the bound is over, and not before. */
    private CloseReport assertEndedByTheBound(final CloseReason reason) throws Exception {
        final Serving handler = hostileHandler();
        assertBystanderGoesOn();
        assertFalse(handler.end.isDone());
        nowNs.addAndGet(BOUND_NS - 1);
        assertBystanderGoesOn();
        assertFalse(handler.end.isDone());
        await(() -> {
            nowNs.incrementAndGet();
            return handler.end.isDone();
        });
        return assertEnded(reason);
    }

    /** Until the server has had enough. */
    private interface Flood {
        void once() throws IOException;
    }

    private static void flood(final Flood flood) {
        try {
            for (int i = 0; i < FLOOD; i++) {
                flood.once();
            }
        } catch (final IOException ignored) {
            // It has.
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void shouldEndAHandshakeThatStopsInsideItsFirstMessage(final EngineKind engines, final String version)
            throws Exception {
        listen(engines, version);
        try (RawTlsClient client = hostile()) {
            client.write(new byte[] {22, 3, 1, 1, 0, 1, 0, 0}, 8);
            assertEndedByTheBound(CloseReason.HANDSHAKE_TIMEOUT);
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void shouldEndAHandshakeWhoseAnswerNobodyReads(final EngineKind engines, final String version) throws Exception {
        listen(engines, version);
        try (RawTlsClient client = hostile().handshake(1)) {
            assertTrue(client.firstRecord().length > 5);
            assertEndedByTheBound(CloseReason.HANDSHAKE_TIMEOUT);
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void shouldEndAConnectionThatNeverAuthenticates(final EngineKind engines, final String version) throws Exception {
        listen(engines, version);
        try (RawTlsClient client = hostile().open()) {
            await(() -> hostileHandler().isOpen);
            client.say("A stranger");
            assertEndedByTheBound(CloseReason.AUTHENTICATION_TIMEOUT);
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void shouldEndAConnectionThatNeverReads(final EngineKind engines, final String version) throws Exception {
        listen(engines, version);
        try (RawTlsClient client = hostile().open()) {
            client.say("Pour");
            await(() -> hostileHandler().isFull);
            await(() -> {
                nowNs.addAndGet(BOUND_NS / 8);
                return hostileHandler().end.isDone();
            });
            final CloseReport report = assertEnded(CloseReason.SLOW_CONSUMER);
            assertTrue(report.undelivered() * 1_000 <= CAPACITY, report.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void shouldEndAConnectionThatBeginsWithEmptyRecords(final EngineKind engines, final String version)
            throws Exception {
        listen(engines, version);
        try (RawTlsClient client = hostile()) {
            flood(() -> client.write(new byte[] {22, 3, 1, 0, 0}, 5));
            final String detail = assertEnded(CloseReason.HANDSHAKE_FAILED).detail();
            // Later JDKs refuse the first one by themselves.
            assertTrue(
                    engines != EngineKind.JDK
                            || detail.contains("the peer's handshake has no end")
                            || detail.contains("must not be zero-length"),
                    detail);
        }
    }

    /** Key updates without end by TLS 1.3; before, one wish to renegotiate is enough. */
    @ParameterizedTest
    @MethodSource("servers")
    void shouldEndAConnectionThatShakesHandsOnAndOn(final EngineKind engines, final String version) throws Exception {
        listen(engines, version);
        try (RawTlsClient client = hostile().open()) {
            client.say("hello");
            if (version.equals("TLSv1.3")) {
                flood(client::handshakeAgain);
                assertEnded(CloseReason.TLS_ERROR);
            } else {
                client.handshakeAgain();
                assertTrue(assertEnded(CloseReason.TLS_ERROR).detail().contains("renegotiate"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void shouldEndAConnectionThatBeginsWithWarnings(final EngineKind engines, final String version) throws Exception {
        listen(engines, version);
        try (RawTlsClient client = hostile()) {
            final byte[] warning = {21, 3, 3, 0, 2, 1, 100};
            flood(() -> client.write(warning, warning.length));
            assertEnded(CloseReason.HANDSHAKE_FAILED);
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void shouldEndAConnectionWhoseFirstWordIsAFatalAlert(final EngineKind engines, final String version)
            throws Exception {
        listen(engines, version);
        try (RawTlsClient client = hostile()) {
            client.write(new byte[] {21, 3, 3, 0, 2, 2, 40}, 7);
            final String detail = assertEnded(CloseReason.HANDSHAKE_FAILED).detail();
            assertTrue(detail.contains("the peer refuses with alert handshake_failure"), detail);
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void shouldEndAConnectionWhoseFirstWordIsItsEnd(final EngineKind engines, final String version) throws Exception {
        listen(engines, version);
        try (RawTlsClient client = hostile()) {
            client.write(new byte[] {21, 3, 3, 0, 2, 1, 0}, 7);
            assertEnded(CloseReason.HANDSHAKE_FAILED);
        }
    }

    /** By the length in its header alone: nothing of it is waited for. */
    @ParameterizedTest
    @MethodSource("servers")
    void shouldEndAConnectionThatAnnouncesARecordTooLong(final EngineKind engines, final String version)
            throws Exception {
        listen(engines, version);
        try (RawTlsClient client = hostile().open()) {
            final int length = LONGEST_RECORD_12 + 1;
            await(() -> hostileHandler().isOpen);
            client.write(new byte[] {23, 3, 3, (byte) (length >> 8), (byte) length, 0}, 6);
            assertEnded(CloseReason.TLS_ERROR);
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void shouldEndAConnectionThatBeginsWithARecordTooLong(final EngineKind engines, final String version)
            throws Exception {
        listen(engines, version);
        try (RawTlsClient client = hostile()) {
            final int length = LONGEST_RECORD_12 + 1;
            client.write(new byte[] {22, 3, 1, (byte) (length >> 8), (byte) length, 0}, 6);
            assertEnded(CloseReason.HANDSHAKE_FAILED);
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void shouldSayThatItIsNoTls(final EngineKind engines, final String version) throws Exception {
        listen(engines, version);
        try (RawTlsClient client = hostile()) {
            client.write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 18);
            assertEnded(CloseReason.NOT_TLS);
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void shouldTellTruncationFromAnEnd(final EngineKind engines, final String version) throws Exception {
        listen(engines, version);
        try (RawTlsClient client = hostile().open()) {
            client.say("hello");
            client.socket.shutdownOutput();
            assertEnded(CloseReason.TRUNCATED);
        }
    }
}
