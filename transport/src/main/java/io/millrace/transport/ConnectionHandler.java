package io.millrace.transport;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What happens on one connection. All calls come from the connection's thread, one at a time, in order:
 * {@link #onOpen} at most once, {@link #onMessage} any number of times, {@link #onClose} exactly once. Nothing is held
 * during a call: it may offer and close, on this connection and any other. It should not block: the connection stands
 * still meanwhile. An exception closes the connection with {@link CloseReason#HANDLER_ERROR}, and is the first error of the
 * {@link CloseReport} that {@link #onClose} and {@link Connection#closed()} get: it is logged at {@code DEBUG} only, so look at one of them.
 */
public interface ConnectionHandler {
    /**
     * The connection is ready to use; with TLS, after the handshake.
     *
     * @param connection that opened.
     */
    default void onOpen(final Connection connection) {}

    /**
     * A message came. Not called any more once this side's {@link Connection#close()} has taken effect; nor at all if
     * messages are pulled: {@link ConnectionContext#pullCapacity()}.
     *
     * @param connection it came on.
     * @param buffer     that holds it, during the call only; its position and limit mean nothing.
     * @param offset     of its first byte.
     * @param length     in bytes.
     */
    void onMessage(Connection connection, ByteBuffer buffer, int offset, int length);

    /**
     * There is room in the outbound ring again, after an offer by any thread answered {@link Connection#BACK_PRESSURED} or
     * {@link Connection#DROPPED}, or a {@link Connection#send} had to wait. Never missed, however late the offer was with its answer; by the time of the call other
     * senders may have filled the ring again, and then it comes again.
     *
     * @param connection to offer to.
     */
    default void onWritable(final Connection connection) {}

    /**
     * The peer has kept senders waiting for {@link ConnectionContext#slowConsumerTimeoutNs()}, or TLS for room to answer it
     * (RFC 8446, section 4.6.3), so that nothing more could be read: once, until there is room again. By {@link SlowConsumerPolicy#DISCONNECT} the connection is closed right after.
     *
     * @param connection whose peer is slow.
     */
    default void onSlowConsumer(final Connection connection) {}

    /**
     * Nothing has moved for as long as the {@link ConnectionContext} allows: at the end of each such interval. Also at the
     * end of a heartbeat's interval, if the protocol has no heartbeat of its own: then something should be sent that the
     * peer answers.
     *
     * @param connection that is idle.
     * @param kind       of idleness.
     */
    default void onIdle(final Connection connection, final IdleKind kind) {}

    /**
     * The peer has ended its stream: no message comes any more. Messages may still be offered during the call; after it
     * the connection is closed, unless {@link ConnectionContext#allowsHalfOpen()}: then it stays open to offers until
     * this side closes it.
     *
     * @param connection whose peer has ended.
     */
    default void onPeerEnd(final Connection connection) {}

    /**
     * The connection is over, or never came to be.
     *
     * @param connection that ended.
     * @param report     why, and what became of the accepted messages.
     */
    default void onClose(final Connection connection, final CloseReport report) {}

    /**
     * What the connection says beside its messages, if its protocol is more than a framing. Asked once, before the
     * connection is made; its {@link Conversation#forms()} then take the place of {@link ConnectionContext#protocol()}.
     *
     * @return the conversation, of this connection alone; empty for none.
     */
    default Optional<Conversation> conversation() {
        return Optional.empty();
    }
}
