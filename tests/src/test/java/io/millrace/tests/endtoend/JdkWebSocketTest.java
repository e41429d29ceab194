package io.millrace.tests.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.tests.Await;
import io.millrace.transport.CloseReason;
import io.millrace.transport.Transport;
import io.millrace.transport.websocket.WebSocketContext;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The JDK's own WebSocket client. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JdkWebSocketTest {
    private static final class Listening implements WebSocket.Listener {
        final Queue<String> events = new ConcurrentLinkedQueue<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(final WebSocket webSocket, final CharSequence data, final boolean last) {
            text.append(data);
            if (last) {
                events.add("text " + text);
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(final WebSocket webSocket, final ByteBuffer data, final boolean last) {
            events.add("binary " + data.remaining() + last);
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onPong(final WebSocket webSocket, final ByteBuffer message) {
            events.add("pong " + message.remaining());
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(final WebSocket webSocket, final int code, final String reason) {
            closed.complete(code);
            return null;
        }
    }

    @Test
    void shouldTalkToTheJdksClient() throws Exception {
        final WebSocketRecorder server = new WebSocketRecorder(true);
        final Listening listening = new Listening();
        try (Transport transport = new Transport()) {
            final int port = transport
                    .listen(URI.create("ws://localhost:0"), new WebSocketContext().protocols("v1"), () -> server)
                    .address()
                    .getPort();
            final WebSocket client = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .subprotocols("v2", "v1")
                    .buildAsync(URI.create("ws://localhost:" + port + "/x"), listening)
                    .get(Recorder.DEADLINE_S, TimeUnit.SECONDS);
            client.sendText("hel", false).join();
            client.sendText("lo", true).join();
            client.sendBinary(ByteBuffer.allocate(3), true).join();
            client.sendPing(ByteBuffer.allocate(7)).join();
            Await.until(() -> listening.events.size() == 3, "events=" + listening.events);
            client.sendClose(4000, "done").join();

            assertEquals("v1", client.getSubprotocol());
            assertTrue(listening.events.contains("text hello"), listening.events.toString());
            assertTrue(listening.events.contains("binary 3true"), listening.events.toString());
            assertTrue(listening.events.contains("pong 7"), listening.events.toString());
            assertEquals(4000, listening.closed.get(Recorder.DEADLINE_S, TimeUnit.SECONDS));
            assertEquals(4000, server.awaitEnd().code());
            assertEquals(CloseReason.PEER_CLOSE, server.awaitEnd().report().reason());
        }
    }
}
