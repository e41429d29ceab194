package io.millrace.jmh.websocket;

import io.millrace.transport.Driving;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.websocket.WebSocket;
import io.millrace.transport.websocket.WebSocketBroadcast;
import io.millrace.transport.websocket.WebSocketContext;
import io.millrace.transport.websocket.WebSocketHandler;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;

/** Our broadcast. */
final class MillraceBroadcaster implements Broadcaster {
    private static final int CAPACITY = 4 * 1024 * 1024;
    private static final int MAX_LENGTH = 64 * 1024;

    private final WebSocketBroadcast broadcast = new WebSocketBroadcast(CAPACITY, MAX_LENGTH);
    private final Transport transport;
    private final int port;

    MillraceBroadcaster(final Driving driving) {
        transport = new Transport(new TransportContext().driving(driving));
        port = transport
                .listen(URI.create("ws://localhost:0"), new WebSocketContext(), () -> new WebSocketHandler() {
                    @Override
                    public void onOpen(final WebSocket webSocket) {
                        broadcast.subscribe(webSocket);
                    }
                })
                .address()
                .getPort();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public int subscribers() {
        return broadcast.subscribers();
    }

    @Override
    public void publish(final ByteBuffer text) throws IOException {
        final long position = broadcast.offerText(text, 0, text.capacity());
        if (position < 0) {
            throw new IOException("the offer failed: code=" + position);
        }
    }

    @Override
    public void close() {
        transport.close();
        broadcast.close();
    }
}
