package io.millrace.transport.websocket;

import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.IdleKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * What happens on one WebSocket. All calls come from the connection's thread, one at a time, in order: {@link #onOpen} and
 * {@link #onClose} once each, or {@link #onFailed} alone. Nothing is held during a call: it may offer and close. It should
 * not block. An exception closes the WebSocket with code 1011.
 *
 * <p>A buffer is the callee's during the call only, and its position and limit mean nothing.
 */
public interface WebSocketHandler {
    /**
     * The opening handshake is done.
     *
     * @param webSocket that opened.
     */
    default void onOpen(final WebSocket webSocket) {}

    /**
     * A text came.
     *
     * @param webSocket it came on.
     * @param utf8      that holds it: valid UTF-8.
     * @param offset    of its first byte.
     * @param length    in bytes.
     */
    default void onText(final WebSocket webSocket, final ByteBuffer utf8, final int offset, final int length) {}

    /**
     * A binary message came.
     *
     * @param webSocket it came on.
     * @param buffer    that holds it.
     * @param offset    of its first byte.
     * @param length    in bytes.
     */
    default void onBinary(final WebSocket webSocket, final ByteBuffer buffer, final int offset, final int length) {}

    /**
     * A piece of a message came: instead of {@link #onText} and {@link #onBinary} if
     * {@link WebSocketContext#handOverPieces(boolean)} is set. A text may be cut inside a character, but is valid so far.
     *
     * @param webSocket it came on.
     * @param text      whether the message is a text.
     * @param buffer    that holds the piece.
     * @param offset    of its first byte.
     * @param length    in bytes; perhaps 0 for the last piece.
     * @param last      whether the message ends with it.
     */
    default void onPiece(
            final WebSocket webSocket,
            final boolean text,
            final ByteBuffer buffer,
            final int offset,
            final int length,
            final boolean last) {}

    /**
     * A ping came, and is answered already.
     *
     * @param webSocket it came on.
     * @param payload   that holds its content.
     * @param offset    of its first byte.
     * @param length    in bytes, at most 125.
     */
    default void onPing(final WebSocket webSocket, final ByteBuffer payload, final int offset, final int length) {}

    /**
     * A pong came; not told of those that answer the connection's own heartbeats.
     *
     * @param webSocket it came on.
     * @param payload   that holds its content.
     * @param offset    of its first byte.
     * @param length    in bytes, at most 125.
     */
    default void onPong(final WebSocket webSocket, final ByteBuffer payload, final int offset, final int length) {}

    /**
     * There is room again: as {@link io.millrace.transport.ConnectionHandler#onWritable}.
     *
     * @param webSocket to offer to.
     */
    default void onWritable(final WebSocket webSocket) {}

    /**
     * The peer has kept senders waiting: as {@link io.millrace.transport.ConnectionHandler#onSlowConsumer}.
     *
     * @param webSocket whose peer is slow.
     */
    default void onSlowConsumer(final WebSocket webSocket) {}

    /**
     * Nothing has moved: as {@link io.millrace.transport.ConnectionHandler#onIdle}. Heartbeats are pings, and tell
     * nobody here.
     *
     * @param webSocket that is idle.
     * @param kind      of idleness.
     */
    default void onIdle(final WebSocket webSocket, final IdleKind kind) {}

    /**
     * The WebSocket is over.
     *
     * @param webSocket that ended.
     * @param code      of the peer's close frame; 1005 if that has none, 1006 if there was no such frame.
     * @param reason    of the peer's close frame, or empty.
     * @param report    why it ended, and what became of the accepted messages.
     */
    default void onClose(final WebSocket webSocket, final int code, final String reason, final CloseReport report) {}

    /**
     * The connection ended before its opening handshake was done, or without one: a plain HTTP request that was answered, such as a
     * health check, ends like this, too.
     *
     * @param connection that ended.
     * @param report     why; its first error has the status that was answered.
     */
    default void onFailed(final Connection connection, final CloseReport report) {}

    /**
     * The text in a buffer.
     *
     * @param utf8   that holds it.
     * @param offset of its first byte.
     * @param length in bytes.
     * @return a string.
     */
    static String text(final ByteBuffer utf8, final int offset, final int length) {
        return StandardCharsets.UTF_8.decode(utf8.slice(offset, length)).toString();
    }
}
