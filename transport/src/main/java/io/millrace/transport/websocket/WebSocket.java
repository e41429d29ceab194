package io.millrace.transport.websocket;

import io.millrace.session.AttributeKey;
import io.millrace.transport.Connection;
import io.millrace.transport.Conversation;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One WebSocket, for any number of sender threads. Offers answer as those of its {@link Connection} do: a position or a
 * negative code, at once. What is offered on the connection itself goes as binary messages.
 *
 * <p>While somebody sends a message in fragments ({@link #newText()}, {@link #newBinary()}) offers of other messages answer
 * {@link Connection#ADMIN_ACTION}: offer again. Pings, pongs and the closing handshake are not held up by that.
 */
public interface WebSocket extends AutoCloseable {
    /**
     * The attribute of its connection that holds the request: with {@code Host} and {@code Origin}. At a server it is there
     * before the hooks are asked, and stays if they refuse; a head that does not fit into the attributes gets status 431.
     */
    AttributeKey<HttpRequest> REQUEST =
            AttributeKey.of("websocket-request", HttpRequest.class, HttpRequest::weightBytes);

    /**
     * The attribute of a client's connection that holds the server's answer: for {@link WebSocketHandler#onFailed}, where
     * the server answered by another status than 101.
     */
    AttributeKey<HttpResponse> RESPONSE =
            AttributeKey.of("websocket-response", HttpResponse.class, HttpResponse::weightBytes);

    /**
     * The connection below. Any thread; wait-free.
     *
     * @return the connection: for its state, attributes, counters, and for pausing it.
     */
    Connection connection();

    /**
     * The request that opened it, of the client. Any thread, from {@link WebSocketHandler#onOpen} on; wait-free.
     *
     * @return the request.
     */
    HttpRequest request();

    /**
     * The header fields of the server's answer. Any thread, from {@link WebSocketHandler#onOpen} on; wait-free.
     *
     * @return at a client the fields that came; at a server those that were added to the answer.
     */
    HttpFields responseFields();

    /**
     * The sub-protocol that was agreed on. Any thread, from {@link WebSocketHandler#onOpen} on; wait-free.
     *
     * @return its name, empty for none.
     */
    Optional<String> protocol();

    /**
     * Whether messages may be compressed. Any thread, from {@link WebSocketHandler#onOpen} on; wait-free.
     *
     * @return true if both sides agreed on it.
     */
    boolean isCompressed();

    /**
     * Offers a text. Any thread; lock-free. Makes bytes of it first: {@link #offerText(ByteBuffer, int, int)} does not.
     *
     * @param text to send.
     * @return the position behind the message, or a negative code of {@link Connection}.
     * @throws IllegalArgumentException if it holds half of a surrogate pair, which is not UTF-8.
     */
    long offerText(String text);

    /**
     * Offers a text from the buffer's position to its limit. Any thread; lock-free.
     *
     * @param utf8 that holds it; left as it was.
     * @return the position behind the message, or a negative code of {@link Connection}.
     * @throws IllegalArgumentException if it is not UTF-8.
     */
    default long offerText(final ByteBuffer utf8) {
        return offerText(utf8, utf8.position(), utf8.remaining());
    }

    /**
     * Offers a text. Any thread; lock-free.
     *
     * @param utf8   that holds it; left as it was.
     * @param offset of its first byte.
     * @param length in bytes.
     * @return the position behind the message, or a negative code of {@link Connection}.
     * @throws IllegalArgumentException if it is not UTF-8.
     */
    long offerText(ByteBuffer utf8, int offset, int length);

    /**
     * Offers a binary message from the buffer's position to its limit. Any thread; lock-free.
     *
     * @param buffer that holds it; left as it was.
     * @return the position behind the message, or a negative code of {@link Connection}.
     */
    default long offerBinary(final ByteBuffer buffer) {
        return offerBinary(buffer, buffer.position(), buffer.remaining());
    }

    /**
     * Offers a binary message. Any thread; lock-free.
     *
     * @param buffer that holds it; left as it was.
     * @param offset of its first byte.
     * @param length in bytes.
     * @return the position behind the message, or a negative code of {@link Connection}.
     */
    long offerBinary(ByteBuffer buffer, int offset, int length);

    /**
     * Sends texts in all the other ways: claims to write in place, pieces, Agrona's buffers, and waiting for room. Never
     * compressed. Any thread.
     *
     * @return the lane.
     */
    Conversation.MessageLane texts();

    /**
     * Sends binary messages in all the other ways. Never compressed. Any thread.
     *
     * @return the lane.
     */
    Conversation.MessageLane binaries();

    /**
     * Begins a text of unknown length, to be sent in fragments. Any thread; lock-free.
     *
     * @return the message; empty if somebody is sending one already, or the WebSocket is closed.
     */
    Optional<FragmentedMessage> newText();

    /**
     * Begins a binary message of unknown length, to be sent in fragments. Any thread; lock-free.
     *
     * @return the message; empty if somebody is sending one already, or the WebSocket is closed.
     */
    Optional<FragmentedMessage> newBinary();

    /**
     * Offers a ping, in its turn behind the messages accepted before. Any thread; lock-free.
     *
     * @param payload from its position to its limit: at most 125 bytes; left as it was.
     * @return the position behind it, or a negative code of {@link Connection}: {@link Connection#MESSAGE_TOO_LONG}.
     */
    long ping(ByteBuffer payload);

    /**
     * Offers a pong that nobody asked for. Those that are asked for need no call. Any thread; lock-free.
     *
     * @param payload from its position to its limit: at most 125 bytes; left as it was.
     * @return the position behind it, or a negative code of {@link Connection}: {@link Connection#MESSAGE_TOO_LONG}.
     */
    long pong(ByteBuffer payload);

    /**
     * How long the peer took to answer the last heartbeat: a ping at each
     * {@link io.millrace.transport.IdleContext#heartbeatIntervalNs()}, from this end as from the other. Any thread; wait-free.
     *
     * @return nanoseconds; -1 if none is answered yet.
     */
    long roundTripNs();

    /**
     * Closes with code 1000: as {@link #close(int, String)}. What {@link io.millrace.transport.Listener#drain} and
     * {@link io.millrace.transport.Transport#close()} close says 1001, for it goes away.
     */
    @Override
    void close();

    /**
     * Closes: what was accepted is flushed, then the close frame is sent, and the peer's waited for, all within
     * {@link io.millrace.transport.ConnectionContext#closeTimeoutNs()}. Returns at once. The first call counts; any
     * thread, callbacks too; wait-free, apart from the wake-up.
     *
     * @param code   that may be sent: {@link CloseCodes#isLegal(int)}.
     * @param reason at most 123 bytes in UTF-8.
     * @throws IllegalArgumentException if the code is not legal, or the reason too long.
     */
    void close(int code, String reason);
}
