package io.millrace.transport.websocket;

import io.millrace.transport.CloseReport;
import io.millrace.transport.ReconnectingConnection;

/**
 * What happens on a {@link ReconnectingWebSocket}. The calls of {@link WebSocketHandler} come for each WebSocket under it,
 * one after the other: {@link #onOpen} with the new WebSocket, {@link #onClose} with the report of each loss. An attempt
 * that comes to nothing gives an {@link #onFailed} alone.
 */
public interface ReconnectWebSocketHandler extends WebSocketHandler {
    /**
     * It is over for good: closed, or given up. The last call, on the thread that reconnects.
     *
     * @param connection that ended: {@link ReconnectingWebSocket#connection()}.
     * @param last       report of the last WebSocket or attempt.
     */
    default void onEnd(final ReconnectingConnection connection, final CloseReport last) {}
}
