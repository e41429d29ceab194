package io.millrace.tests.websocket;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.java_websocket.WebSocket;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Opcode;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.framing.Framedata;
import org.java_websocket.framing.PingFrame;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.server.DefaultSSLWebSocketServerFactory;
import org.java_websocket.server.WebSocketServer;

/** Java-WebSocket. */
final class JavaWebSocketPeer implements Peer {
    private static final long DEADLINE_S = 30;

    private static Draft_6455 draft(final boolean deflate) {
        return deflate ? new Draft_6455(new PerMessageDeflateExtension()) : new Draft_6455();
    }

    private static final class Server extends WebSocketServer implements Serving {
        private final CompletableFuture<Integer> started = new CompletableFuture<>();

        Server(final SSLContext tls, final boolean deflate) {
            super(new InetSocketAddress("localhost", 0), 1, List.of(draft(deflate)));
            if (tls != null) {
                setWebSocketFactory(new DefaultSSLWebSocketServerFactory(tls));
            }
            start();
            started.orTimeout(DEADLINE_S, TimeUnit.SECONDS).join();
        }

        @Override
        public int port() {
            return started.join();
        }

        @Override
        public void close() {
            try {
                stop();
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void onStart() {
            started.complete(getPort());
        }

        @Override
        public void onOpen(final WebSocket connection, final ClientHandshake handshake) {}

        @Override
        public void onMessage(final WebSocket connection, final String message) {
            if (message.equals(Steps.CLOSE_PLEASE)) {
                connection.close(3000, "enough");
            } else {
                connection.send(message);
            }
        }

        @Override
        public void onMessage(final WebSocket connection, final ByteBuffer message) {
            connection.send(message);
        }

        @Override
        public void onClose(final WebSocket connection, final int code, final String reason, final boolean remote) {}

        @Override
        public void onError(final WebSocket connection, final Exception ex) {}
    }

    @Override
    public Serving serve(final SSLContext tls, final boolean deflate) {
        return new Server(tls, deflate);
    }

    private static final class Client extends WebSocketClient implements Talking {
        private final BlockingQueue<Object> events;
        private boolean inMessage;

        Client(final URI uri, final SSLContext tls, final boolean deflate, final BlockingQueue<Object> events)
                throws InterruptedException {
            super(uri, draft(deflate));
            this.events = events;
            if (tls != null) {
                setSocketFactory(tls.getSocketFactory());
            }
            if (!connectBlocking(DEADLINE_S, TimeUnit.SECONDS)) {
                throw new IllegalStateException("not connected: " + uri);
            }
        }

        @Override
        public void text(final String text, final boolean last) {
            if (last && !inMessage) {
                send(text);
                return;
            }
            sendFragmentedFrame(Opcode.TEXT, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), last);
            inMessage = !last;
        }

        @Override
        public void binary(final ByteBuffer content) {
            send(content);
        }

        @Override
        public void ping(final ByteBuffer payload) {
            final PingFrame ping = new PingFrame();
            ping.setPayload(payload);
            sendFrame(ping);
        }

        @Override
        public void end(final int code, final String reason) {
            close(code, reason);
        }

        @Override
        public void onOpen(final ServerHandshake handshake) {}

        @Override
        public void onMessage(final String message) {
            events.add(message);
        }

        @Override
        public void onMessage(final ByteBuffer bytes) {
            events.add(bytes);
        }

        @Override
        public void onWebsocketPong(final WebSocket connection, final Framedata frame) {
            super.onWebsocketPong(connection, frame);
            events.add(new Pong(Steps.ascii(frame.getPayloadData())));
        }

        @Override
        public void onClose(final int code, final String reason, final boolean remote) {
            events.add(new Closed(code, reason));
        }

        @Override
        public void onError(final Exception ex) {
            events.add(ex);
        }
    }

    @Override
    public Talking talk(final URI uri, final SSLContext tls, final boolean deflate, final BlockingQueue<Object> events)
            throws Exception {
        return new Client(uri, tls, deflate, events);
    }
}
