package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the Flight Recorder has of TLS connections on real sockets, and the counters of their transport beside it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FlightRecorderTest {
    @TempDir
    private Path folder;

    private static List<RecordedEvent> named(final List<RecordedEvent> events, final String name) {
        return events.stream()
                .filter(event -> event.getEventType().getName().equals("io.millrace." + name))
                .toList();
    }

    @Test
    void shouldRecordBothEndsOfATlsConnection() throws Exception {
        final Path file = folder.resolve("events.jfr");
        final Recorder server = new Recorder();
        final Recorder client = new Recorder();
        try (Recording recording = new Recording();
                Transport transport = new Transport(new TransportContext()
                        .tlsContext(new TlsContext().sslContext(SelfSignedCertificate.sslContext())))) {
            recording.start();
            final URI uri = transport
                    .listen(URI.create("tls://localhost:0"), () -> server)
                    .uri();
            final Connection connection = transport.connect(uri, client).get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
            for (int i = 0; i < 3; i++) {
                connection.send(ByteBuffer.allocate(10), TimeUnit.SECONDS.toNanos(Recorder.DEADLINE_S));
            }
            connection.close();
            client.awaitClose();
            server.awaitClose();
            assertEquals(3, transport.counters().totals().messagesIn());
            assertEquals(3, transport.counters().totals().messagesOut());
            assertEquals(3 * 14, transport.counters().totals().bytesIn());
            recording.stop();
            recording.dump(file);
        }
        final List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertEquals(2, named(events, "ConnectionOpen").size());
        final List<RecordedEvent> handshakes = named(events, "TlsHandshake");
        assertEquals(2, handshakes.size());
        for (final RecordedEvent handshake : handshakes) {
            assertEquals("TLSv1.3", handshake.getString("protocol"));
            assertTrue(handshake.getString("cipherSuite").startsWith("TLS_"), handshake::toString);
            assertTrue(handshake.getBoolean("successful"));
            assertFalse(handshake.getBoolean("resumed"));
            assertTrue(handshake.getDuration().toNanos() > 0);
        }
        final List<String> reasons = named(events, "ConnectionClose").stream()
                .map(event -> event.getString("reason"))
                .sorted()
                .toList();
        assertEquals(List.of("LOCAL_CLOSE", "PEER_CLOSE"), reasons);
    }

    @Test
    void shouldRecordAHandshakeThatFails() throws Exception {
        final Path file = folder.resolve("failed.jfr");
        final Recorder client = new Recorder();
        try (Recording recording = new Recording();
                Transport transport = new Transport(new TransportContext()
                        .tlsContext(new TlsContext().sslContext(SelfSignedCertificate.sslContext())))) {
            recording.start();
            // Plain TCP at the other end, which says something that is no TLS.
            final URI uri = transport
                    .listen(URI.create("tcp://localhost:0"), () -> new ConnectionHandler() {
                        @Override
                        public void onOpen(final Connection connection) {
                            connection.offer(ByteBuffer.allocate(50));
                        }

                        @Override
                        public void onMessage(
                                final Connection connection,
                                final ByteBuffer buffer,
                                final int offset,
                                final int length) {
                            connection.close();
                        }
                    })
                    .uri();
            final var unused = transport.connect(URI.create("tls://localhost:" + uri.getPort()), client);
            client.awaitClose();
            recording.stop();
            recording.dump(file);
        }
        final List<RecordedEvent> handshakes = named(RecordingFile.readAllEvents(file), "TlsHandshake");
        assertEquals(1, handshakes.size());
        assertFalse(handshakes.get(0).getBoolean("successful"));
    }
}
