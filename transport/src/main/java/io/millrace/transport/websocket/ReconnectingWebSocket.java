package io.millrace.transport.websocket;

import io.millrace.transport.Connection;
import io.millrace.transport.ReconnectingConnection;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One handle to a WebSocket server that is connected to again and again. Each WebSocket under it is one of its own, with its
 * own opening handshake, handler calls and close report: what was accepted and not delivered is in that report, and is not
 * sent again by itself. A {@link WebSocket} of an earlier generation answers {@link Connection#CLOSED} for good. Any thread
 * may call anything here.
 */
public interface ReconnectingWebSocket extends AutoCloseable {
    /**
     * The connection below: for its URI, its generation and its end. What is offered on it goes as binary messages.
     * Wait-free.
     *
     * @return the connection.
     */
    ReconnectingConnection connection();

    /**
     * The WebSocket that is open at this moment. Wait-free.
     *
     * @return the WebSocket, which may end at any time; empty while there is none.
     */
    Optional<WebSocket> webSocket();

    /**
     * Offers a text as {@link WebSocket#offerText(String)} does. Lock-free.
     *
     * @param text to send.
     * @return what the open WebSocket answers; {@link Connection#NOT_CONNECTED} while there is none, and
     *     {@link Connection#CLOSED} when this handle is closed.
     * @throws IllegalArgumentException if the text holds half of a surrogate pair, and a WebSocket is open.
     */
    long offerText(String text);

    /**
     * Offers a text from the buffer's position to its limit. Lock-free.
     *
     * @param utf8 that holds it; left as it was.
     * @return as {@link #offerText(String)}.
     * @throws IllegalArgumentException if it is not UTF-8, and a WebSocket is open.
     */
    default long offerText(final ByteBuffer utf8) {
        return offerText(utf8, utf8.position(), utf8.remaining());
    }

    /**
     * Offers a text as {@link WebSocket#offerText(ByteBuffer, int, int)} does. Lock-free.
     *
     * @param utf8   that holds it; left as it was.
     * @param offset of its first byte.
     * @param length in bytes.
     * @return as {@link #offerText(String)}.
     * @throws IllegalArgumentException if it is not UTF-8, and a WebSocket is open.
     */
    long offerText(ByteBuffer utf8, int offset, int length);

    /**
     * Offers a binary message from the buffer's position to its limit. Lock-free.
     *
     * @param buffer that holds it; left as it was.
     * @return as {@link #offerText(String)}.
     */
    default long offerBinary(final ByteBuffer buffer) {
        return offerBinary(buffer, buffer.position(), buffer.remaining());
    }

    /**
     * Offers a binary message as {@link WebSocket#offerBinary(ByteBuffer, int, int)} does. Lock-free.
     *
     * @param buffer that holds it; left as it was.
     * @param offset of its first byte.
     * @param length in bytes.
     * @return as {@link #offerText(String)}.
     */
    long offerBinary(ByteBuffer buffer, int offset, int length);

    /**
     * Ends it for good: as {@link ReconnectingConnection#close()}, with code 1000 for the WebSocket that is open. Idempotent;
     * lock-free; returns at once.
     */
    @Override
    void close();
}
