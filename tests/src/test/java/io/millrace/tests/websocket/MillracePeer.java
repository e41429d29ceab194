package io.millrace.tests.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.transport.CloseReport;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import io.millrace.transport.websocket.DeflateContext;
import io.millrace.transport.websocket.FragmentedMessage;
import io.millrace.transport.websocket.WebSocket;
import io.millrace.transport.websocket.WebSocketContext;
import io.millrace.transport.websocket.WebSocketHandler;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** Ours. */
final class MillracePeer implements Peer {
    private static final long DEADLINE_S = 30;

    private static TransportContext context(final SSLContext tls) {
        final TransportContext context = new TransportContext().connectionContext(Echo.roomy());
        return tls == null ? context : context.tlsContext(new TlsContext().sslContext(tls));
    }

    private static WebSocketContext context(final boolean deflate) {
        return deflate ? new WebSocketContext().deflate(new DeflateContext()) : new WebSocketContext();
    }

    /** Keeps the last connection's handler. */
    static final class Server implements Serving {
        final Transport transport;
        final int port;
        volatile Echo last;

        Server(final SSLContext tls, final boolean deflate) {
            transport = new Transport(context(tls));
            port = transport
                    .listen(
                            URI.create((tls == null ? "ws" : "wss") + "://localhost:0"),
                            context(deflate),
                            this::handler)
                    .address()
                    .getPort();
        }

        private Echo handler() {
            last = new Echo();
            return last;
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public void close() {
            transport.close();
        }
    }

    @Override
    public Server serve(final SSLContext tls, final boolean deflate) {
        return new Server(tls, deflate);
    }

    private static final class Client implements Talking, WebSocketHandler {
        private final BlockingQueue<Object> events;
        private final Transport transport;
        private final WebSocket webSocket;
        private FragmentedMessage message;

        Client(final URI uri, final SSLContext tls, final boolean deflate, final BlockingQueue<Object> events)
                throws Exception {
            this.events = events;
            transport = new Transport(context(tls));
            webSocket = transport.connect(uri, context(deflate), this).get(DEADLINE_S, TimeUnit.SECONDS);
            assertEquals(deflate, webSocket.isCompressed());
        }

        @Override
        public void text(final String text, final boolean last) {
            final ByteBuffer utf8 = StandardCharsets.UTF_8.encode(text);
            if (message == null && last) {
                assertTrue(webSocket.offerText(utf8) > 0);
                return;
            }
            if (message == null) {
                message = webSocket.newText().orElseThrow();
            }
            assertTrue(message.offer(utf8, 0, utf8.remaining(), last) > 0);
            if (last) {
                message = null;
            }
        }

        @Override
        public void binary(final ByteBuffer content) {
            assertTrue(webSocket.offerBinary(content) > 0);
        }

        @Override
        public void ping(final ByteBuffer payload) {
            assertTrue(webSocket.ping(payload) > 0);
        }

        @Override
        public void end(final int code, final String reason) {
            webSocket.close(code, reason);
        }

        @Override
        public void close() {
            transport.close();
        }

        @Override
        public void onText(final WebSocket from, final ByteBuffer utf8, final int offset, final int length) {
            events.add(WebSocketHandler.text(utf8, offset, length));
        }

        @Override
        public void onBinary(final WebSocket from, final ByteBuffer buffer, final int offset, final int length) {
            events.add(Steps.copy(buffer.slice(offset, length)));
        }

        @Override
        public void onPong(final WebSocket from, final ByteBuffer payload, final int offset, final int length) {
            events.add(new Pong(WebSocketHandler.text(payload, offset, length)));
        }

        @Override
        public void onClose(final WebSocket from, final int code, final String reason, final CloseReport report) {
            events.add(new Closed(code, reason));
        }
    }

    @Override
    public Talking talk(final URI uri, final SSLContext tls, final boolean deflate, final BlockingQueue<Object> events)
            throws Exception {
        return new Client(uri, tls, deflate, events);
    }
}
