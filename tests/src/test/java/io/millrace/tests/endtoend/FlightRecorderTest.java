package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Driving;
import io.millrace.transport.ListenerContext;
import io.millrace.transport.SocketContext;
import io.millrace.transport.TransportContext;
import io.millrace.transport.frame.RawStreamProtocol;
import io.millrace.transport.tls.TlsContext;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the Flight Recorder has of connections on real sockets, whoever drives, and the counters of their transport beside it.
 * One recording for all: with several in one JVM, JDK 17 loses the texts of events now and then.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FlightRecorderTest {
    private static final long SLOW_MS = 20;

    /** What a recorded connection is known by. */
    private record Ports(int server, int client) {
        boolean have(final RecordedEvent event) {
            final String remote = event.getString("remoteAddress");
            return remote.endsWith(":" + server) || remote.endsWith(":" + client);
        }
    }

    /** The same ids come again in each transport: one after the other. */
    private record Waiting(long connectionId, Instant from, Instant to) {
        boolean has(final RecordedEvent event) {
            return event.getLong("connectionId") == connectionId
                    && !event.getEndTime().isBefore(from)
                    && !event.getEndTime().isAfter(to);
        }
    }

    private static final Map<Driving, Ports> GOOD = new EnumMap<>(Driving.class);
    private static final Map<Driving, Ports> FAILED = new EnumMap<>(Driving.class);
    private static final Map<Driving, Waiting> SLOW = new EnumMap<>(Driving.class);
    private static List<RecordedEvent> events;

    /** Says something as soon as it is connected. */
    private static final class Talker implements ConnectionHandler {
        @Override
        public void onOpen(final Connection connection) {
            connection.offer(ByteBuffer.allocate(50));
        }

        @Override
        public void onMessage(
                final Connection connection, final ByteBuffer buffer, final int offset, final int length) {}
    }

    /** Keeps the connection of a slow peer, and when that was called so. */
    private static final class Patient implements ConnectionHandler {
        final CompletableFuture<Void> slow = new CompletableFuture<>();
        final CompletableFuture<CloseReport> closed = new CompletableFuture<>();

        @Override
        public void onMessage(
                final Connection connection, final ByteBuffer buffer, final int offset, final int length) {}

        @Override
        public void onSlowConsumer(final Connection connection) {
            slow.complete(null);
        }

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            closed.complete(report);
        }
    }

    @BeforeAll
    static void record(@TempDir final Path folder) throws Exception {
        final Path file = folder.resolve("events.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            for (final Driving driving : Ways.drivings().toList()) {
                try (DrivenTransport driven = new DrivenTransport(new TransportContext()
                        .driving(driving)
                        .tlsContext(new TlsContext().sslContext(SelfSignedCertificate.sslContext())))) {
                    GOOD.put(driving, converse(driven));
                    FAILED.put(driving, speakPlainlyToTls(driven));
                    SLOW.put(driving, fill(driven));
                }
            }
            recording.stop();
            recording.dump(file);
        }
        events = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("io.millrace."))
                .toList();
    }

    private static Ports converse(final DrivenTransport driven) throws Exception {
        final Recorder server = new Recorder();
        final Recorder client = new Recorder();
        final URI uri = driven.transport
                .listen(URI.create("tls://localhost:0"), () -> server)
                .uri();
        final Connection connection = driven.transport.connect(uri, client).get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
        final int port = ((InetSocketAddress) connection.localAddress().orElseThrow()).getPort();
        for (int i = 0; i < 3; i++) {
            connection.send(ByteBuffer.allocate(10), TimeUnit.SECONDS.toNanos(Recorder.DEADLINE_S));
        }
        connection.close();
        client.awaitClose();
        server.awaitClose();
        assertEquals(3, driven.transport.counters().totals().messagesIn());
        assertEquals(3, driven.transport.counters().totals().messagesOut());
        assertEquals(3 * 14, driven.transport.counters().totals().bytesIn());
        return new Ports(uri.getPort(), port);
    }

    /** Plain TCP at the other end, which says something that is no TLS. */
    private static Ports speakPlainlyToTls(final DrivenTransport driven) throws Exception {
        final Recorder client = new Recorder();
        final ListenerContext settings =
                new ListenerContext().connectionContext(new ConnectionContext().protocol(new RawStreamProtocol(1_000)));
        final int port = driven.transport
                .listen(URI.create("tcp://localhost:0"), settings, Talker::new)
                .uri()
                .getPort();
        final var unused = driven.transport.connect(URI.create("tls://localhost:" + port), client);
        client.awaitClose();
        return new Ports(port, port);
    }

    /** A connection whose peer reads nothing. */
    private static Waiting fill(final DrivenTransport driven) throws Exception {
        final Instant from = Instant.now();
        final Recorder server = new Recorder((connection, message) -> connection.pauseReading());
        final Patient client = new Patient();
        final URI uri = driven.transport
                .listen(URI.create("tcp://localhost:0"), () -> server)
                .uri();
        final ConnectionContext settings = new ConnectionContext()
                .maxMessageLength(1_000)
                .outboundCapacity(4 * 1024)
                .slowConsumerTimeoutNs(TimeUnit.MILLISECONDS.toNanos(SLOW_MS))
                .socketContext(new SocketContext().receiveBufferLength(8_192).sendBufferLength(8_192));
        final Connection connection =
                driven.transport.connect(uri, settings, client).get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
        final long startNs = System.nanoTime();
        while (!client.slow.isDone()) {
            connection.offer(ByteBuffer.allocate(1_000));
            assertTrue(System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(Recorder.DEADLINE_S), "not slow in time");
        }
        connection.closeNow();
        client.closed.get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
        return new Waiting(connection.id(), from, Instant.now());
    }

    private static List<RecordedEvent> events(final String name, final Predicate<RecordedEvent> which) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("io.millrace." + name))
                .filter(which)
                .toList();
    }

    private static List<String> texts(final List<RecordedEvent> of, final String field) {
        return of.stream().map(event -> event.getString(field)).sorted().toList();
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldRecordBothEndsOfATlsConnection(final Driving driving) {
        final Ports ports = GOOD.get(driving);
        assertEquals(2, events("ConnectionOpen", ports::have).size());
        final List<RecordedEvent> handshakes = events("TlsHandshake", ports::have);
        assertEquals(2, handshakes.size());
        for (final RecordedEvent handshake : handshakes) {
            assertEquals("TLSv1.3", handshake.getString("protocol"));
            assertTrue(handshake.getString("cipherSuite").startsWith("TLS_"), handshake::toString);
            assertTrue(handshake.getBoolean("successful"));
            assertFalse(handshake.getBoolean("resumed"));
            assertTrue(handshake.getDuration().toNanos() > 0);
        }
        final List<RecordedEvent> closes = events("ConnectionClose", ports::have);
        assertEquals(List.of("LOCAL_CLOSE", "PEER_CLOSE"), texts(closes, "reason"));
        for (final RecordedEvent close : closes) {
            assertEquals(close.getLong("accepted"), close.getLong("flushed"));
            assertEquals(3, close.getLong("messagesIn") + close.getLong("messagesOut"));
        }
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldRecordAHandshakeThatFails(final Driving driving) {
        final Ports ports = FAILED.get(driving);
        final List<RecordedEvent> handshakes = events("TlsHandshake", ports::have);
        assertEquals(1, handshakes.size());
        assertFalse(handshakes.get(0).getBoolean("successful"));
        assertEquals(List.of("NOT_TLS"), texts(events("ConnectionClose", ports::have), "reason"));
    }

    @ParameterizedTest
    @MethodSource("io.millrace.tests.endtoend.Ways#drivings")
    void shouldRecordBackPressureAndASlowConsumer(final Driving driving) {
        final Waiting waiting = SLOW.get(driving);
        final List<RecordedEvent> slow = events("SlowConsumer", waiting::has);
        assertFalse(slow.isEmpty());
        assertTrue(slow.get(0).getDuration("waited").toMillis() >= SLOW_MS, slow::toString);
        final List<RecordedEvent> pressures = events("BackPressure", waiting::has);
        assertTrue(
                pressures.stream().anyMatch(event -> event.getDuration().toMillis() >= SLOW_MS), pressures::toString);
        pressures.forEach(event -> assertEquals("outbound", event.getString("direction")));
    }
}
