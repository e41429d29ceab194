package io.millrace.jmh.websocket;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocket;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;

/** Java-WebSocket's broadcast, with its defaults. */
final class JavaWebSocketBroadcaster implements Broadcaster {
    private static final long DEADLINE_S = 20;
    private static final int STOP_MS = 1_000;

    private final Server server = new Server();
    private final int port;

    JavaWebSocketBroadcaster() throws Exception {
        server.setReuseAddr(true);
        server.start();
        port = server.started.get(DEADLINE_S, TimeUnit.SECONDS);
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public int subscribers() {
        return server.getConnections().size();
    }

    @Override
    public void publish(final ByteBuffer text) {
        server.broadcast(Texts.of(text, 0, text.capacity()));
    }

    @Override
    public void close() {
        try {
            server.stop(STOP_MS);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Server extends WebSocketServer {
        final CompletableFuture<Integer> started = new CompletableFuture<>();

        Server() {
            super(new InetSocketAddress("localhost", 0));
        }

        @Override
        public void onStart() {
            started.complete(getPort());
        }

        @Override
        public void onOpen(final WebSocket webSocket, final ClientHandshake handshake) {}

        @Override
        public void onMessage(final WebSocket webSocket, final String message) {}

        @Override
        public void onClose(final WebSocket webSocket, final int code, final String reason, final boolean remote) {}

        @Override
        public void onError(final WebSocket webSocket, final Exception ex) {
            started.completeExceptionally(ex);
        }
    }
}
