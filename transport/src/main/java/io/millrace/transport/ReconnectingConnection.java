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
     * Makes a claim for {@link #tryClaim}: one for each thread, to be used again and again, over all generations.
     *
     * @return a claim that holds nothing.
     */
    MessageClaim newClaim();

    /**
     * Claims room for one message as {@link Connection#tryClaim} does, in the connection that is open. The claim is that
     * connection's for good: if it is lost before the commit, the message is lost with it, as any that was accepted and not
     * flushed, and the commit changes nothing. What is claimed never moves to the next connection. Lock-free; without
     * allocation, but for each thread's first claim in a generation.
     *
     * @param length in bytes: at least the protocol's {@link Protocol#minMessageLength()}.
     * @param claim  of {@link #newClaim()} to fill; it must not hold an open claim, of an earlier connection either.
     * @return 0, or a negative code as of {@link #offer(ByteBuffer)}.
     * @throws IllegalArgumentException if the protocol has no frame for a message so short, or the claim was made by
     *     another handle.
     * @throws IllegalStateException    if the claim is still open.
     */
    long tryClaim(int length, MessageClaim claim);

    /**
     * Offers a message and waits, for room as {@link Connection#send} does, and for a connection while there is none. What
     * one connection has accepted is sent by that one only. Holds nothing while it waits. Any thread but the open
     * connection's own and the one that reconnects, which would wait for themselves; blocking.
     *
     * @param buffer    with the message from its position to its limit; left as it was.
     * @param timeoutNs longest wait in nanoseconds; 0 or less does not wait.
     * @return the position in the open connection's stream behind the message, or a negative code: what
     *     {@link Connection#send} answers; {@link Connection#NOT_CONNECTED} if there was no connection when the time was over,
     *     and {@link Connection#CLOSED} when this handle is closed.
     * @throws IllegalArgumentException if the protocol has no frame for a message so short, or of such content.
     * @throws IllegalStateException    if the calling thread would wait for itself.
     * @throws InterruptedException     if the thread is interrupted before or while it waits; the message is not sent then.
     */
    long send(ByteBuffer buffer, long timeoutNs) throws InterruptedException;

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
