package io.millrace.jmh.websocket;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.jmh.connection.Link;
import io.millrace.jmh.connection.Security;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.java_websocket.WebSocket;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.server.DefaultSSLWebSocketServerFactory;
import org.java_websocket.server.WebSocketServer;

/**
 * Java-WebSocket: strings and all defaults; or at its best, with one decoder, {@code TCP_NODELAY} and binary messages. Its queues
 * have no bound, so that a {@link Window} is put round them.
 */
final class JavaWebSocketLink implements Link {
    private static final long DEADLINE_S = 20;
    private static final int STOP_MS = 1_000;

    private final Server server;
    private final Client client;
    private final boolean best;
    private final Window window = new Window();

    JavaWebSocketLink(final Security security, final boolean best, final Receiver atServer, final Receiver atClient)
            throws Exception {
        this.best = best;
        final Receiver counting = window.counting(atServer);
        server = best ? new Server(1, counting) : new Server(counting);
        server.setReuseAddr(true);
        final SSLContext context = security == Security.TLS ? SelfSignedCertificate.sslContext() : null;
        if (context != null) {
            server.setWebSocketFactory(new DefaultSSLWebSocketServerFactory(context));
        }
        server.setTcpNoDelay(best);
        server.start();
        final int port = server.started.get(DEADLINE_S, TimeUnit.SECONDS);
        client = new Client(URI.create(WebSocketLinks.scheme(security) + "://localhost:" + port), atClient);
        client.setTcpNoDelay(best);
        if (context != null) {
            client.setSocketFactory(context.getSocketFactory());
        }
        if (!client.connectBlocking(DEADLINE_S, TimeUnit.SECONDS)) {
            throw new IOException("not connected: uri=" + client.getURI());
        }
    }

    private Sender sender(final WebSocket webSocket) {
        return (source, offset, length) -> {
            if (best) {
                webSocket.send(ByteBuffer.wrap(Texts.bytes(source, offset, length)));
            } else {
                webSocket.send(Texts.of(source, offset, length));
            }
            return true;
        };
    }

    @Override
    public Sender sender() {
        return window.sending(sender(client));
    }

    @Override
    public void close() throws IOException {
        try {
            client.closeBlocking();
            server.stop(STOP_MS);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Client extends WebSocketClient {
        private final Receiver receiver;
        private final Sender reply = JavaWebSocketLink.this.sender(this);

        Client(final URI uri, final Receiver receiver) {
            super(uri);
            this.receiver = receiver;
        }

        @Override
        public void onOpen(final ServerHandshake handshake) {}

        @Override
        public void onMessage(final String message) {
            Texts.receive(receiver, message, reply);
        }

        @Override
        public void onMessage(final ByteBuffer message) {
            Texts.receive(receiver, message, reply);
        }

        @Override
        public void onClose(final int code, final String reason, final boolean remote) {}

        @Override
        public void onError(final Exception ex) {}
    }

    private final class Server extends WebSocketServer {
        final CompletableFuture<Integer> started = new CompletableFuture<>();
        private final Receiver receiver;
        private Sender reply;

        Server(final Receiver receiver) {
            super(new InetSocketAddress("localhost", 0));
            this.receiver = receiver;
        }

        Server(final int decoders, final Receiver receiver) {
            super(new InetSocketAddress("localhost", 0), decoders);
            this.receiver = receiver;
        }

        @Override
        public void onStart() {
            started.complete(getPort());
        }

        @Override
        public void onOpen(final WebSocket webSocket, final ClientHandshake handshake) {
            reply = JavaWebSocketLink.this.sender(webSocket);
        }

        @Override
        public void onMessage(final WebSocket webSocket, final String message) {
            Texts.receive(receiver, message, reply);
        }

        @Override
        public void onMessage(final WebSocket webSocket, final ByteBuffer message) {
            Texts.receive(receiver, message, reply);
        }

        @Override
        public void onClose(final WebSocket webSocket, final int code, final String reason, final boolean remote) {}

        @Override
        public void onError(final WebSocket webSocket, final Exception ex) {
            started.completeExceptionally(ex);
        }
    }
}
