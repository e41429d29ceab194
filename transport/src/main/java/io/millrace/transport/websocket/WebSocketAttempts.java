package io.millrace.transport.websocket;

import io.millrace.transport.Connection;
import io.millrace.transport.ReconnectingConnection;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;

/**
 * The ends of a WebSocket that is made again and again, one for each attempt. Made and called by the transport, which begins
 * one attempt after the other; any thread looks for the WebSocket of the present one.
 *
 * <h2>Memory ordering</h2>
 *
 * The latest end is written, volatile, before its connection is made, and the connection is published behind the WebSocket:
 * who has seen a connection open finds its end here, or a later one, whose WebSocket is of another connection.
 */
public final class WebSocketAttempts {
    private final WebSocketSide side;
    private final WebSocketHandler handler;
    private volatile WebSocketEnd latest;

    WebSocketAttempts(final WebSocketSide side, final WebSocketHandler handler) {
        this.side = side;
        this.handler = Objects.requireNonNull(handler, "handler");
        latest = side.end(handler);
    }

    /**
     * Begins another attempt.
     *
     * @return its end.
     */
    public WebSocketEnd next() {
        final WebSocketEnd end = side.end(handler);
        latest = end;
        return end;
    }

    /**
     * The face for users.
     *
     * @param connection whose attempts these are.
     * @return the handle.
     */
    public ReconnectingWebSocket on(final ReconnectingConnection connection) {
        return new Handle(connection);
    }

    private final class Handle implements ReconnectingWebSocket {
        private final ReconnectingConnection connection;

        Handle(final ReconnectingConnection connection) {
            this.connection = connection;
        }

        @Override
        public ReconnectingConnection connection() {
            return connection;
        }

        @Override
        public Optional<WebSocket> webSocket() {
            return Optional.ofNullable(open());
        }

        /** Null if there is none. */
        private WebSocket open() {
            final Optional<Connection> open = connection.connection();
            if (open.isEmpty()) {
                return null;
            }
            final WebSocket webSocket = latest.webSocket();
            return webSocket != null && webSocket.connection() == open.get() ? webSocket : null;
        }

        @Override
        public long offerText(final String text) {
            final WebSocket open = open();
            return answer(open == null ? Connection.CLOSED : open.offerText(text));
        }

        @Override
        public long offerText(final ByteBuffer utf8, final int offset, final int length) {
            final WebSocket open = open();
            return answer(open == null ? Connection.CLOSED : open.offerText(utf8, offset, length));
        }

        @Override
        public long offerBinary(final ByteBuffer buffer, final int offset, final int length) {
            final WebSocket open = open();
            return answer(open == null ? Connection.CLOSED : open.offerBinary(buffer, offset, length));
        }

        /** One WebSocket's end is not the handle's. */
        private long answer(final long result) {
            return result == Connection.CLOSED && !connection.isClosed() ? Connection.NOT_CONNECTED : result;
        }

        @Override
        public void close() {
            connection.close();
        }

        @Override
        public String toString() {
            return "WebSocket " + connection;
        }
    }
}
