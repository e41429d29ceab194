package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.tests.Await;
import io.millrace.transport.CloseReason;
import io.millrace.transport.Transport;
import io.millrace.transport.websocket.DeflateContext;
import io.millrace.transport.websocket.WebSocket;
import io.millrace.transport.websocket.WebSocketContext;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.server.WebSocketServer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Java-WebSocket on the other side, with compression and without. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JavaWebSocketTest {
    private static final String LONG_TEXT = "a text that is worth compressing: grüß Gott. ".repeat(2_000);

    private static Draft draft(final boolean compressed) {
        return compressed ? new Draft_6455(new PerMessageDeflateExtension()) : new Draft_6455();
    }

    private static WebSocketContext context(final boolean compressed) {
        return compressed ? new WebSocketContext().deflate(new DeflateContext()) : new WebSocketContext();
    }

    private static final class Client extends WebSocketClient {
        final Queue<String> events = new ConcurrentLinkedQueue<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();

        Client(final URI uri, final boolean compressed) {
            super(uri, draft(compressed));
        }

        @Override
        public void onOpen(final ServerHandshake handshake) {
            events.add("open");
        }

        @Override
        public void onMessage(final String message) {
            events.add("text " + message);
        }

        @Override
        public void onMessage(final ByteBuffer bytes) {
            events.add("binary " + bytes.remaining());
        }

        @Override
        public void onClose(final int code, final String reason, final boolean remote) {
            closed.complete(code);
        }

        @Override
        public void onError(final Exception ex) {
            events.add("error " + ex);
        }
    }

    /** Echoes. */
    private static final class Server extends WebSocketServer {
        final CompletableFuture<Integer> started = new CompletableFuture<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();

        Server(final boolean compressed) {
            super(new InetSocketAddress("localhost", 0), 1, List.of(draft(compressed)));
        }

        @Override
        public void onStart() {
            started.complete(getPort());
        }

        @Override
        public void onOpen(final org.java_websocket.WebSocket connection, final ClientHandshake handshake) {}

        @Override
        public void onMessage(final org.java_websocket.WebSocket connection, final String message) {
            connection.send(message);
        }

        @Override
        public void onMessage(final org.java_websocket.WebSocket connection, final ByteBuffer message) {
            connection.send(message);
        }

        @Override
        public void onClose(
                final org.java_websocket.WebSocket connection,
                final int code,
                final String reason,
                final boolean remote) {
            closed.complete(code);
        }

        @Override
        public void onError(final org.java_websocket.WebSocket connection, final Exception ex) {}
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldServeAJavaWebSocketClient(final boolean compressed) throws Exception {
        final WebSocketRecorder server = new WebSocketRecorder(true);
        try (Transport transport = new Transport()) {
            final int port = transport
                    .listen(URI.create("ws://localhost:0"), context(compressed), () -> server)
                    .address()
                    .getPort();
            final Client client = new Client(URI.create("ws://localhost:" + port + "/x?y"), compressed);
            assertTrue(client.connectBlocking(Recorder.DEADLINE_S, TimeUnit.SECONDS));
            client.send(LONG_TEXT);
            client.send(LONG_TEXT);
            client.send(new byte[70_000]);
            Await.until(() -> client.events.size() == 4, "events=" + client.events.size());
            client.close(4001, "bye");

            assertEquals(
                    List.of("open", "text " + LONG_TEXT, "text " + LONG_TEXT, "binary 70000"),
                    List.copyOf(client.events));
            assertEquals(compressed, server.awaitOpen().isCompressed());
            assertEquals(4001, server.awaitEnd().code());
            assertEquals(CloseReason.PEER_CLOSE, server.awaitEnd().report().reason());
            assertEquals(4001, client.closed.get(Recorder.DEADLINE_S, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldTalkToAJavaWebSocketServer(final boolean compressed) throws Exception {
        final WebSocketRecorder client = new WebSocketRecorder(false);
        final Server server = new Server(compressed);
        server.start();
        try (Transport transport = new Transport()) {
            final int port = server.started.get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
            final WebSocket webSocket = transport
                    .connect(URI.create("ws://localhost:" + port), context(compressed), client)
                    .get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
            webSocket.offerText(LONG_TEXT);
            webSocket.offerText(LONG_TEXT);
            webSocket.offerBinary(ByteBuffer.allocate(70_000));
            webSocket.ping(ByteBuffer.allocate(3));
            Await.until(() -> client.events.size() == 4, "events=" + client.events.size());
            webSocket.close(4002, "done");

            assertEquals(compressed, webSocket.isCompressed());
            assertTrue(client.events.containsAll(List.of("text " + LONG_TEXT, "binary 70000", "pong \0\0\0")));
            assertEquals(4002, server.closed.get(Recorder.DEADLINE_S, TimeUnit.SECONDS));
            assertEquals(4002, client.awaitEnd().code());
            assertEquals(CloseReason.LOCAL_CLOSE, client.awaitEnd().report().reason());
        } finally {
            server.stop();
        }
    }
}
