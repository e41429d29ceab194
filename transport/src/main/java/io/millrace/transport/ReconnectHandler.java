package io.millrace.transport;

/**
 * What happens on a {@link ReconnectingConnection}. The calls of {@link ConnectionHandler} come for each connection under
 * it, one connection after the other: {@link #onOpen} with the new connection, {@link #onClose} with the report of each
 * loss. An attempt that comes to nothing gives an {@link #onClose} without an {@link #onOpen}.
 */
public interface ReconnectHandler extends ConnectionHandler {
    /**
     * It is over for good: closed, or given up. The last call, on the thread that reconnects.
     *
     * @param connection that ended.
     * @param last       report of the last connection or attempt.
     */
    default void onEnd(final ReconnectingConnection connection, final CloseReport last) {}
}
