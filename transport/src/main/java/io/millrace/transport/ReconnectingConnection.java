package io.millrace.transport;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.agrona.DirectBuffer;

/**
 * One handle to a peer that is connected to again and again. Each connection under it is one of its own, with its own id,
 * handler calls and close report: what was accepted and not delivered is in that report, and is not sent again by itself.
 * A {@link Connection} of an earlier generation answers {@link Connection#CLOSED} for good. Any thread may call anything
 * here.
 */
public interface ReconnectingConnection extends AutoCloseable {
    /**
     * What it connects to. Wait-free.
     *
     * @return the URI.
     */
    URI uri();

    /**
     * The connection that is open at this moment. Wait-free.
     *
     * @return the connection, which may end at any time; empty while there is none.
     */
    Optional<Connection> connection();

    /**
     * How many connections have opened so far. Wait-free.
     *
     * @return the number of the one that is open, or was open last.
     */
    long generation();

    /**
     * Offers a message as {@link Connection#offer(ByteBuffer)} does, with its codes and exceptions. Lock-free.
     *
     * @param buffer with the message.
     * @return what the open connection answers; {@link Connection#NOT_CONNECTED} while there is none, and
     *     {@link Connection#CLOSED} when this handle is closed.
     */
    default long offer(final ByteBuffer buffer) {
        return offer(buffer, buffer.position(), buffer.remaining());
    }

    /**
     * Offers a message as {@link Connection#offer(ByteBuffer, int, int)} does. Lock-free.
     *
     * @param buffer with the message.
     * @param offset of its first byte.
     * @param length in bytes: at least the protocol's {@link Protocol#minMessageLength()}.
     * @return as {@link #offer(ByteBuffer)}.
     */
    long offer(ByteBuffer buffer, int offset, int length);

    /**
     * Offers a message as {@link Connection#offer(DirectBuffer, int, int)} does. Lock-free.
     *
     * @param buffer with the message.
     * @param offset of its first byte.
     * @param length in bytes: at least the protocol's {@link Protocol#minMessageLength()}.
     * @return as {@link #offer(ByteBuffer)}.
     */
    long offer(DirectBuffer buffer, int offset, int length);

    /**
     * Whether it is closed: by {@link #close()}, because it gave up, or with its transport. Wait-free.
     *
     * @return true for good, then.
     */
    boolean isClosed();

    /**
     * Completes when it has ended and the last connection with it, after {@link ReconnectHandler#onEnd}, on the thread that
     * reconnects. Wait-free.
     *
     * @return the stage, with the report of the last connection or attempt.
     */
    CompletionStage<CloseReport> closed();

    /**
     * Ends it for good: the open connection closes as {@link Connection#close()} does, and no other is made. Idempotent;
     * lock-free; returns at once.
     */
    @Override
    void close();
}
