package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
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
import io.millrace.transport.ReconnectContext;
import io.millrace.transport.ReconnectingConnection;
import io.millrace.transport.SocketContext;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import io.millrace.transport.websocket.ReconnectWebSocketHandler;
import io.millrace.transport.websocket.ReconnectingWebSocket;
import io.millrace.transport.websocket.WebSocket;
import io.millrace.transport.websocket.WebSocketContext;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets that are made again, on real sockets, with and without TLS, whoever drives. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReconnectingWebSocketTest {
    static Stream<Arguments> ways() {
        return Ways.all("ws", "wss");
    }

    private static final class Client implements ReconnectWebSocketHandler {
        final Queue<WebSocket> opened = new ConcurrentLinkedQueue<>();
        final Queue<CloseReport> reports = new ConcurrentLinkedQueue<>();
        final Queue<Integer> codes = new ConcurrentLinkedQueue<>();
        final Queue<CloseReport> failures = new ConcurrentLinkedQueue<>();
        final CompletableFuture<CloseReport> ended = new CompletableFuture<>();

        @Override
        public void onOpen(final WebSocket webSocket) {
            opened.add(webSocket);
        }

        @Override
        public void onClose(final WebSocket webSocket, final int code, final String reason, final CloseReport report) {
            codes.add(code);
            reports.add(report);
        }

        @Override
        public void onFailed(final Connection connection, final CloseReport report) {
            failures.add(report);
        }

        @Override
        public void onEnd(final ReconnectingConnection connection, final CloseReport last) {
            ended.complete(last);
        }
    }

    private static DrivenTransport transport(final Driving driving) throws Exception {
        return new DrivenTransport(new TransportContext()
                .driving(driving)
                .tlsContext(new TlsContext().sslContext(SelfSignedCertificate.sslContext())));
    }

    private static ReconnectContext soon() {
        return new ReconnectContext().firstDelayNs(1_000_000).maxDelayNs(10_000_000);
    }

    /** Little room below, and much in the ring: when that is full, most is undelivered. */
    private static ConnectionContext settings() {
        return new ConnectionContext()
                .maxMessageLength(1_000)
                .outboundCapacity(1024 * 1024)
                .socketContext(new SocketContext().sendBufferLength(8_192).receiveBufferLength(8_192));
    }

    private static ReconnectingWebSocket keep(final Transport transport, final URI uri, final Client client) {
        return transport.keepConnected(uri, settings(), soon(), new WebSocketContext().protocols("chat"), client);
    }

    private static Listener listen(final Transport transport, final URI uri, final WebSocketRecorder server) {
        return transport.listen(uri, new WebSocketContext().protocols("chat"), () -> server);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldOpenAnotherWebSocketWhenTheServerComesBack(final Driving driving, final String scheme) throws Exception {
        final Client client = new Client();
        try (DrivenTransport driven = transport(driving)) {
            final WebSocketRecorder first = new WebSocketRecorder(false);
            final Listener listener = listen(driven.transport, URI.create(scheme + "://localhost:0/chat"), first);
            final URI uri =
                    URI.create(scheme + "://localhost:" + listener.address().getPort() + "/chat");
            final ReconnectingWebSocket handle = keep(driven.transport, uri, client);
            Await.until(() -> client.opened.size() == 1);
            final WebSocket earlier = handle.webSocket().orElseThrow();
            assertEquals(client.opened.element(), earlier);
            assertEquals(1, handle.connection().generation());
            assertTrue(handle.offerText("one") > 0);
            first.awaitEvent("text one");

            assertTrue(listener.drain(TimeUnit.SECONDS.toNanos(Recorder.DEADLINE_S)));
            final WebSocketRecorder second = new WebSocketRecorder(false);
            listen(driven.transport, uri, second);
            Await.until(() -> client.opened.size() == 2);

            assertEquals(2, handle.connection().generation());
            assertEquals(1001, client.codes.element());
            final WebSocket later = handle.webSocket().orElseThrow();
            assertNotSame(earlier, later);
            assertEquals("chat", later.protocol().orElseThrow());
            assertEquals(Connection.CLOSED, earlier.offerText("to nobody"));
            assertTrue(handle.offerText(ByteBuffer.wrap(new byte[] {'2'})) > 0);
            assertTrue(handle.offerBinary(ByteBuffer.allocate(3)) > 0);
            handle.close();

            assertEquals(1000, second.awaitEnd().code());
            assertEquals(List.of("text 2", "binary 3"), List.copyOf(second.events));
            assertEquals(List.of("text one"), List.copyOf(first.events));
            assertEquals(
                    CloseReason.LOCAL_CLOSE,
                    client.ended.get(Recorder.DEADLINE_S, TimeUnit.SECONDS).reason());
            assertEquals(Connection.CLOSED, handle.offerText("late"));
            assertTrue(handle.webSocket().isEmpty());
        }
    }

    /** The server reads nothing, and goes: what never left is told, and is not sent a second time. */
    @ParameterizedTest
    @MethodSource("ways")
    void shouldTellWhatWasNotDeliveredWhenAWebSocketIsLost(final Driving driving, final String scheme)
            throws Exception {
        final Client client = new Client();
        try (DrivenTransport driven = transport(driving)) {
            final WebSocketRecorder server = new WebSocketRecorder(false);
            final Queue<WebSocket> served = new ConcurrentLinkedQueue<>();
            final Listener listener = driven.transport.listen(
                    URI.create(scheme + "://localhost:0/chat"),
                    new ListenerContext().connectionContext(settings()),
                    new WebSocketContext().protocols("chat"),
                    () -> new WebSocketRecorder(false) {
                        @Override
                        public void onOpen(final WebSocket webSocket) {
                            if (served.isEmpty()) {
                                webSocket.connection().pauseReading();
                            }
                            served.add(webSocket);
                        }

                        @Override
                        public void onText(
                                final WebSocket webSocket, final ByteBuffer utf8, final int offset, final int length) {
                            server.onText(webSocket, utf8, offset, length);
                        }

                        @Override
                        public void onBinary(
                                final WebSocket webSocket, final ByteBuffer utf8, final int offset, final int length) {
                            server.onBinary(webSocket, utf8, offset, length);
                        }
                    });
            final URI uri =
                    URI.create(scheme + "://localhost:" + listener.address().getPort() + "/chat");
            final ReconnectingWebSocket handle = keep(driven.transport, uri, client);
            Await.until(() -> client.opened.size() == 1 && served.size() == 1);
            long accepted = 0;
            while (handle.offerBinary(ByteBuffer.allocate(1_000)) > 0) {
                accepted++;
            }
            served.element().connection().closeNow();
            Await.until(() -> client.opened.size() == 2);

            final CloseReport report = client.reports.element();
            assertEquals(accepted, report.accepted(), report.toString());
            assertEquals(accepted, report.flushed() + report.undelivered(), report.toString());
            assertTrue(report.undelivered() > 0, report.toString());
            assertTrue(handle.offerText("again") > 0);
            server.awaitEvent("text again");
            assertEquals(List.of("text again"), List.copyOf(server.events));
        }
        assertTrue(client.ended.isDone());
    }

    @ParameterizedTest
    @MethodSource("ways")
    void shouldGoOnAfterAnAttemptThatIsRefused(final Driving driving, final String scheme) throws Exception {
        final Client client = new Client();
        try (DrivenTransport driven = transport(driving)) {
            final Listener listener = listen(
                    driven.transport, URI.create(scheme + "://localhost:0/elsewhere"), new WebSocketRecorder(false));
            final ReconnectingWebSocket handle = keep(
                    driven.transport,
                    URI.create(scheme + "://localhost:" + listener.address().getPort() + "/chat"),
                    client);
            Await.until(() -> client.failures.size() >= 2);
            assertEquals(CloseReason.UPGRADE_REFUSED, client.failures.element().reason());
            assertEquals(Connection.NOT_CONNECTED, handle.offerText("to nobody"));
            assertTrue(handle.webSocket().isEmpty());
            assertEquals(0, handle.connection().generation());
            handle.close();
            client.ended.get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp://localhost:1", "ws://localhost:1/#here", "ws://me@localhost:1/", "ws:///nowhere"})
    void shouldRefuseWhatNoAttemptCouldConnectTo(final String uri) {
        try (Transport transport = new Transport()) {
            assertThrows(IllegalArgumentException.class, () -> keep(transport, URI.create(uri), new Client()));
        }
    }

    @Test
    void shouldRefuseWhenTheTransportIsClosed() {
        final Transport transport = new Transport();
        transport.close();
        assertThrows(IllegalStateException.class, () -> keep(transport, URI.create("ws://localhost:1/"), new Client()));
    }
}
