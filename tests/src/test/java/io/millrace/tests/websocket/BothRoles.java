package io.millrace.tests.websocket;

import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ListenerContext;
import io.millrace.transport.Transport;
import io.millrace.transport.websocket.DeflateContext;
import io.millrace.transport.websocket.WebSocket;
import io.millrace.transport.websocket.WebSocketContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Our end as a server or as a client, and a peer that does whatever the test says. */
final class BothRoles implements AutoCloseable {
    static final long DEADLINE_S = 30;
    static final int MAX_MESSAGE_LENGTH = 10_000;
    static final int TEXT = 0x81;
    static final int PING = 0x89;
    static final int PONG = 0x8A;
    static final int CLOSE = 0x88;

    final Transport transport = new Transport();

    /** Our end's handler, and the peer. */
    record Ends(Echo ours, RawEnd peer) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            peer.close();
        }

        WebSocket webSocket() throws Exception {
            return ours.opened.get(DEADLINE_S, TimeUnit.SECONDS);
        }

        Echo.End end() throws Exception {
            return ours.ended.get(DEADLINE_S, TimeUnit.SECONDS);
        }
    }

    private static WebSocketContext context() {
        return new WebSocketContext().deflate(new DeflateContext()).maxPingsPerSecond(1_000_000);
    }

    static ConnectionContext settings() {
        return new ConnectionContext().maxMessageLength(MAX_MESSAGE_LENGTH);
    }

    static byte[] hex(final String digits) {
        return HexFormat.of().parseHex(digits);
    }

    Ends open(final boolean isServer) throws Exception {
        return open(isServer, settings());
    }

    Ends open(final boolean isServer, final ConnectionContext settings) throws Exception {
        final Echo echo = new Echo();
        if (isServer) {
            return new Ends(echo, RawEnd.client(listen(echo, settings)));
        }
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            final CompletableFuture<WebSocket> connecting = connect(listening, echo, settings);
            final RawEnd peer = RawEnd.server(listening);
            connecting.get(DEADLINE_S, TimeUnit.SECONDS);
            return new Ends(echo, peer);
        }
    }

    /** A socket to our end, before anything is said on it. */
    Socket bare(final boolean isServer, final Echo echo, final ConnectionContext settings) throws IOException {
        if (isServer) {
            return new Socket("localhost", listen(echo, settings));
        }
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            final CompletableFuture<WebSocket> connecting = connect(listening, echo, settings);
            final Socket socket = listening.accept();
            if (connecting.isDone()) {
                throw new IOException("open, or failed, before anything was said");
            }
            return socket;
        }
    }

    private int listen(final Echo echo, final ConnectionContext settings) {
        return transport
                .listen(
                        URI.create("ws://localhost:0"),
                        new ListenerContext().connectionContext(settings),
                        context(),
                        () -> echo)
                .address()
                .getPort();
    }

    private CompletableFuture<WebSocket> connect(
            final ServerSocket listening, final Echo echo, final ConnectionContext settings) {
        return transport.connect(URI.create("ws://localhost:" + listening.getLocalPort()), settings, context(), echo);
    }

    @Override
    public void close() {
        transport.close();
    }
}
