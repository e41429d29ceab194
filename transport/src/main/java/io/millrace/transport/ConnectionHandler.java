package io.millrace.transport;

import java.nio.ByteBuffer;

/**
 * What happens on one connection. All calls come from the connection's thread, one at a time, in order:
 * {@link #onOpen} at most once, {@link #onMessage} any number of times, {@link #onClose} exactly once. Nothing is held
 * during a call: it may offer and close, on this connection and any other. It should not block: the connection stands
 * still meanwhile. An exception closes the connection with {@link CloseReason#HANDLER_ERROR}.
 */
public interface ConnectionHandler {
    /**
     * The connection is ready to use; with TLS, after the handshake.
     *
     * @param connection that opened.
     */
    default void onOpen(final Connection connection) {}

    /**
     * A message came. Not called any more once this side's {@link Connection#close()} has taken effect.
     *
     * @param connection it came on.
     * @param buffer     that holds it, during the call only; its position and limit mean nothing.
     * @param offset     of its first byte.
     * @param length     in bytes.
     */
    void onMessage(Connection connection, ByteBuffer buffer, int offset, int length);

    /**
     * The connection is over, or never came to be.
     *
     * @param connection that ended.
     * @param report     why, and what became of the accepted messages.
     */
    default void onClose(final Connection connection, final CloseReport report) {}
}
