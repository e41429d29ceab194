package io.millrace.transport;

import io.millrace.ring.ByteRing;
import io.millrace.session.AttributeMap;
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

    /** The transport is busy with itself, for instance with a switch of the protocol: offer again. */
    long ADMIN_ACTION = -3;

    /** The connection is closed, for good. */
    long CLOSED = ByteRing.CLOSED;

    /** The stream has reached its last position. */
    long MAX_POSITION_EXCEEDED = -5;

    /** The message is longer than {@link ConnectionContext#maxMessageLength()}, or than the switched protocol's. */
    long MESSAGE_TOO_LONG = ByteRing.RECORD_TOO_LONG;

    /** The outbound ring is full, and the message was dropped: {@link SlowConsumerPolicy#DROP_NEWEST}. */
    long DROPPED = -7;

    /**
     * Identifies the connection within its transport; never used twice. Nor is anything behind this handle: the ring, the
     * socket and this object belong to one connection and are never given to another, so a handle that outlives its
     * connection reaches nothing but a closed one.
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
     * @throws IllegalArgumentException if the protocol has no frame for a message so short, or of such content.
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
     * @param length in bytes: at least the protocol's {@link Protocol#minMessageLength()}.
     * @return the position in the outbound stream behind the message, or a negative code.
     * @throws IllegalArgumentException  if the protocol has no frame for a message so short, or of such content.
     * @throws IndexOutOfBoundsException if the range is not within the buffer's limit.
     */
    long offer(ByteBuffer buffer, int offset, int length);

    /**
     * Offers bytes of an Agrona buffer as one message. Any thread; lock-free, apart from the wake-up of a connection that
     * sleeps.
     *
     * @param buffer with the message.
     * @param offset of its first byte.
     * @param length in bytes: at least the protocol's {@link Protocol#minMessageLength()}.
     * @return the position in the outbound stream behind the message, or a negative code.
     * @throws IllegalArgumentException  if the protocol has no frame for a message so short, or of such content.
     * @throws IndexOutOfBoundsException if the range is not within the buffer.
     */
    long offer(DirectBuffer buffer, int offset, int length);

    /**
     * Offers several pieces, each from its position to its limit, as one message. Any thread; lock-free, apart from the
     * wake-up of a connection that sleeps.
     *
     * @param pieces of the message, in order; empty ones are allowed, and all are left as they were.
     * @param offset of the first piece in the array.
     * @param count  of pieces.
     * @return the position in the outbound stream behind the message, or a negative code.
     * @throws IllegalArgumentException  if the protocol has no frame for a message so short, or of such content.
     * @throws IndexOutOfBoundsException if the range is not within the array.
     */
    long offer(ByteBuffer[] pieces, int offset, int count);

    /**
     * Offers several messages under one claim: all are taken, next to one another, or none. They lie one after the other
     * in the buffer, which is left as it was. Any thread; lock-free, apart from the wake-up of a connection that sleeps.
     *
     * @param buffer  with the messages.
     * @param offset  of the first message's first byte.
     * @param lengths of the messages, in bytes; not to be changed during the call.
     * @param count   of messages: at least 1.
     * @return the position in the outbound stream behind the last message, or a negative code;
     *     {@link #MESSAGE_TOO_LONG} also for a batch that an empty ring could not hold.
     * @throws IllegalArgumentException  if the count is not positive, or the protocol has no frame for one of the messages;
     *     then none is sent.
     * @throws IndexOutOfBoundsException if a range is not within its array or the buffer's limit.
     */
    long offerBatch(ByteBuffer buffer, int offset, int[] lengths, int count);

    /**
     * Makes a claim for {@link #tryClaim}: one for each thread, to be used again and again.
     *
     * @return a claim that holds nothing.
     */
    MessageClaim newClaim();

    /**
     * Claims room for one message, to be written in place and then committed or aborted. Any thread; lock-free.
     *
     * @param length in bytes: at least the protocol's {@link Protocol#minMessageLength()}.
     * @param claim  of {@link #newClaim()} to fill; it must not hold an open claim.
     * @return 0, or a negative code.
     * @throws IllegalArgumentException if the protocol has no frame for a message so short, or the claim was made by
     *     another connection.
     * @throws IllegalStateException    if the claim is still open.
     */
    long tryClaim(int length, MessageClaim claim);

    /**
     * Offers a message and waits for room while there is none, with any {@link SlowConsumerPolicy}. Holds nothing while
     * it waits. Any thread but the connection's own; blocking.
     *
     * @param buffer    with the message from its position to its limit; left as it was.
     * @param timeoutNs longest wait in nanoseconds; 0 or less only offers.
     * @return the position in the outbound stream behind the message, or a negative code: {@link #BACK_PRESSURED} when the
     *     time is over, {@link #CLOSED} as soon as the connection is closed.
     * @throws IllegalArgumentException if the protocol has no frame for a message so short, or of such content.
     * @throws IllegalStateException    if called by the connection's own thread, which would wait for itself.
     * @throws InterruptedException     if the thread is interrupted before or while it waits; nothing is sent then.
     */
    long send(ByteBuffer buffer, long timeoutNs) throws InterruptedException;

    /**
     * Pulls messages that have come, in their order, instead of having them pushed at the handler's
     * {@link ConnectionHandler#onMessage}: for connections whose {@link ConnectionContext#pullCapacity()} is set. All other
     * calls of the handler stay on the connection's thread. Room is given back when the call returns; while there is
     * none, the connection does not read, and TCP slows the peer down: nor does it then see that the peer is gone.
     *
     * <p>What has come stays readable after the end, and is wiped by the poll that first answers {@link #CLOSED}. Any one
     * thread, the same for all calls (asserted where assertions are on); wait-free up to what the handler does, apart from
     * the wake-up of a connection that waits for room.
     *
     * @param handler of the messages; what it throws goes to the caller, and the message counts as taken. It must not poll.
     * @param limit   of messages in this call: at least 1.
     * @return how many were pulled; or {@link #CLOSED} if none is left and none comes any more, since this side has
     *     closed, or the peer has ended its stream, or the connection is lost: {@link #closed()} says which.
     * @throws IllegalArgumentException if the limit is not positive.
     * @throws IllegalStateException    if messages are pushed, or by a handler that polls.
     */
    int poll(MessageHandler handler, int limit);

    /**
     * Pulls messages as {@link #poll(MessageHandler, int)} does, and waits while there is none: as
     * {@link ConnectionContext#waiting()} says. A platform thread or a virtual one, but not the connection's own; blocking.
     * The connection's thread wakes it at most once for each time that it sleeps.
     *
     * @param handler   of the messages.
     * @param limit     of messages in this call: at least 1.
     * @param timeoutNs longest wait in nanoseconds; 0 or less only polls.
     * @return how many were pulled; 0 if none came in time; or {@link #CLOSED}.
     * @throws IllegalArgumentException if the limit is not positive.
     * @throws IllegalStateException    if messages are pushed, or if called by a handler that polls, or by the connection's
     *     own thread, which would wait for itself.
     * @throws InterruptedException     if the thread is interrupted before or while it waits; nothing is pulled then.
     */
    int poll(MessageHandler handler, int limit, long timeoutNs) throws InterruptedException;

    /**
     * Switches both directions to another protocol, as {@link #switchInbound} and {@link #switchOutbound(Protocol)} do.
     * The connection's thread, in a callback; wait-free.
     *
     * @param next protocol.
     * @throws IllegalStateException    if called by another thread.
     * @throws IllegalArgumentException if the next protocol's longest frame does not fit into the outbound ring; then
     *     neither direction is switched.
     */
    default void switchProtocol(final Protocol next) {
        switchOutbound(next);
        switchInbound(next);
    }

    /**
     * Decodes by another protocol what comes from here on: all bytes behind the current message, those that are here
     * already included. The connection's thread, in a callback; wait-free.
     *
     * @param next protocol.
     * @throws IllegalStateException if called by another thread.
     */
    void switchInbound(Protocol next);

    /**
     * Frames by another protocol what is offered from here on. Linearizable with the offers of other threads: on the wire
     * every message of the old protocol comes before every one of the next, and an offer that ended before this call is
     * of the old one. Where the peer must know which message is the old protocol's last, and other threads may be
     * offering, use {@link #switchOutbound(Protocol, ByteBuffer, int, int)}. The connection's thread, in a callback;
     * wait-free.
     *
     * @param next protocol.
     * @throws IllegalStateException    if called by another thread.
     * @throws IllegalArgumentException if its longest frame does not fit into the outbound ring.
     */
    void switchOutbound(Protocol next);

    /**
     * Offers a last message by the present protocol and switches outbound to another one right behind it: no other
     * thread's message comes between. Offers of other threads during the call answer {@link #ADMIN_ACTION}. The
     * connection's thread, in a callback; lock-free.
     *
     * @param next   protocol.
     * @param last   buffer with the last message of the present protocol; left as it was.
     * @param offset of its first byte.
     * @param length in bytes.
     * @return the position behind the message, or a negative code, with which nothing is switched.
     * @throws IllegalStateException     if called by another thread.
     * @throws IllegalArgumentException  if the next protocol's longest frame does not fit into the outbound ring, or the
     *     present protocol has no frame for such a message; then nothing is switched.
     * @throws IndexOutOfBoundsException if the range is not within the buffer's limit.
     */
    long switchOutbound(Protocol next, ByteBuffer last, int offset, int length);

    /**
     * Closes: offers answer {@link #CLOSED} from here on, what was accepted is flushed within
     * {@link ConnectionContext#closeTimeoutNs()}, then the handler gets {@link ConnectionHandler#onClose}. Returns at
     * once. Idempotent; any thread, callbacks too; wait-free, apart from the wake-up.
     */
    @Override
    void close();

    /**
     * Closes at once: offers answer {@link #CLOSED} from here on, what was accepted and is not flushed is counted as
     * undelivered. Returns at once. Idempotent; any thread, callbacks too; wait-free, apart from the wake-up.
     */
    void closeNow();

    /**
     * Ends this side's stream: offers answer {@link #CLOSED} from here on, what was accepted is flushed, then the peer is
     * told that no more comes; with TLS by a close_notify (RFC 8446 section 6.1). Messages are still received, until the
     * peer ends its stream too, and then the connection is over; or until {@link #close()}. Both halves are bounded: what
     * is not flushed within {@link ConnectionContext#closeTimeoutNs()} ends the connection, and so does a peer from which
     * nothing comes for {@link ConnectionContext#halfCloseTimeoutNs()}. Returns at once. Idempotent; any thread, callbacks
     * too; wait-free, apart from the wake-up.
     */
    void closeOutput();

    /**
     * Whether offers answer {@link #CLOSED}. Any thread; wait-free.
     *
     * @return true once closed by either side, or after {@link #closeOutput()}.
     */
    boolean isClosed();

    /**
     * Stops reading once the callback that runs has returned: the peer is slowed down by TCP. The peer's end is not noticed
     * either. Idempotent; any thread; wait-free, apart from the wake-up.
     */
    void pauseReading();

    /** Reads on. Idempotent; any thread; wait-free, apart from the wake-up. */
    void resumeReading();

    /**
     * Says that the peer is known, within {@link ConnectionContext#authenticationTimeoutNs()}. Idempotent; any thread;
     * wait-free, apart from the wake-up.
     */
    void authenticated();

    /**
     * What the connection is at this moment. Any thread; wait-free.
     *
     * @return an immutable value.
     */
    ConnectionState state();

    /**
     * Attributes of the user's, which outlive the connection as long as this handle does. Any thread; reads are wait-free,
     * writes lock-free, and bounded as {@link AttributeMap} says.
     *
     * @return the connection's own map.
     */
    AttributeMap attributes();

    /**
     * What happened so far. Any thread; wait-free.
     *
     * @return the counters, which go on counting.
     */
    ConnectionCounters counters();

    /**
     * Completes with the report when the connection has ended, after {@link ConnectionHandler#onClose}, on the
     * connection's thread. Any thread; wait-free.
     *
     * @return the stage.
     */
    CompletionStage<CloseReport> closed();

    /**
     * This side's address. Any thread; wait-free.
     *
     * @return the address, empty before the connection is made.
     */
    default Optional<SocketAddress> localAddress() {
        return state().localAddress();
    }

    /**
     * The peer's address. Any thread; wait-free.
     *
     * @return the address, empty before the connection is made.
     */
    default Optional<SocketAddress> remoteAddress() {
        return state().remoteAddress();
    }

    /**
     * What the TLS handshake agreed on. Any thread; wait-free.
     *
     * @return the agreement, empty before the handshake is done and without TLS.
     */
    default Optional<TlsInfo> tls() {
        return state().tls();
    }
}
