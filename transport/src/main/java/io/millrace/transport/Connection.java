package io.millrace.transport;

import io.millrace.ring.ByteRing;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.agrona.DirectBuffer;

/**
 * One connection, for any number of sender threads. An offer never blocks: it puts the message into a bounded ring and
 * answers with a position or a negative code; the connection's own thread does the rest.
 *
 * <p>Closing is linearizable with offering. An offer that answers a position came before the close and its message is
 * either flushed or counted as undelivered in the {@link CloseReport}; one that comes later answers {@link #CLOSED}.
 */
public interface Connection extends AutoCloseable {
    /** Not connected. */
    long NOT_CONNECTED = -1;

    /** The outbound ring is full: offer again later, or drop the message. */
    long BACK_PRESSURED = ByteRing.BACK_PRESSURED;

    /** The transport is busy with itself: offer again. */
    long ADMIN_ACTION = -3;

    /** The connection is closed, for good. */
    long CLOSED = ByteRing.CLOSED;

    /** The stream has reached its last position. */
    long MAX_POSITION_EXCEEDED = -5;

    /** The message is longer than {@link ConnectionContext#maxMessageLength()}. */
    long MESSAGE_TOO_LONG = ByteRing.RECORD_TOO_LONG;

    /**
     * Identifies the connection within its transport; never used twice.
     *
     * @return the id.
     */
    long id();

    /**
     * Offers the bytes from the buffer's position to its limit as one message; the buffer is left as it was. Any thread;
     * lock-free, apart from the wake-up of a connection that sleeps.
     *
     * @param buffer with the message.
     * @return the position in the outbound stream behind the message, or a negative code.
     * @throws IllegalArgumentException if the message is empty.
     */
    default long offer(final ByteBuffer buffer) {
        return offer(buffer, buffer.position(), buffer.remaining());
    }

    /**
     * Offers bytes at an absolute offset as one message; the buffer is left as it was. Any thread; lock-free, apart from
     * the wake-up of a connection that sleeps.
     *
     * @param buffer with the message.
     * @param offset of its first byte.
     * @param length in bytes: at least 1.
     * @return the position in the outbound stream behind the message, or a negative code.
     * @throws IllegalArgumentException  if the length is not positive.
     * @throws IndexOutOfBoundsException if the range is not within the buffer's limit.
     */
    long offer(ByteBuffer buffer, int offset, int length);

    /**
     * Offers bytes of an Agrona buffer as one message. Any thread; lock-free, apart from the wake-up of a connection that
     * sleeps.
     *
     * @param buffer with the message.
     * @param offset of its first byte.
     * @param length in bytes: at least 1.
     * @return the position in the outbound stream behind the message, or a negative code.
     * @throws IllegalArgumentException  if the length is not positive.
     * @throws IndexOutOfBoundsException if the range is not within the buffer.
     */
    long offer(DirectBuffer buffer, int offset, int length);

    /**
     * Closes: offers answer {@link #CLOSED} from here on, what was accepted is flushed within
     * {@link ConnectionContext#closeTimeoutNs()}, then the handler gets {@link ConnectionHandler#onClose}. Returns at
     * once. Idempotent; any thread, callbacks too; wait-free, apart from the wake-up.
     */
    @Override
    void close();

    /**
     * Whether offers answer {@link #CLOSED}. Any thread; wait-free.
     *
     * @return true once closed by either side.
     */
    boolean isClosed();

    /**
     * Completes with the report when the connection has ended, after {@link ConnectionHandler#onClose}, on the
     * connection's thread.
     *
     * @return the stage.
     */
    CompletionStage<CloseReport> closed();

    /**
     * This side's address. Any thread; wait-free.
     *
     * @return the address, empty before the connection is made.
     */
    Optional<SocketAddress> localAddress();

    /**
     * The peer's address. Any thread; wait-free.
     *
     * @return the address, empty before the connection is made.
     */
    Optional<SocketAddress> remoteAddress();

    /**
     * What the TLS handshake agreed on. Any thread; wait-free.
     *
     * @return the agreement, empty before the handshake is done and without TLS.
     */
    Optional<TlsInfo> tls();
}
