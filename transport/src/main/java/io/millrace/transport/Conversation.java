package io.millrace.transport;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.agrona.DirectBuffer;

/**
 * What the two ends of one connection say to each other beside its messages: an opening before the first, control frames
 * between them, a farewell behind the last. One object for each connection, made with its handler:
 * {@link ConnectionHandler#conversation()}. WebSocket is one; it is not needed for a mere framing.
 *
 * <p>All calls come from the connection's thread but {@link #forms()}, which comes before them, and {@link #leave()}. The opening belongs to
 * the phase {@link ConnectionPhase#HANDSHAKING} and is over in its time; the farewell has
 * {@link ConnectionContext#closeTimeoutNs()} together with all that is flushed before it. Nothing here blocks.
 */
public interface Conversation {
    /**
     * How messages are framed: several forms that may follow one another in any order. The first one frames what is
     * offered on the {@link Connection}, and its {@link Protocol#newDecoder()} makes the one decoder of the connection.
     * Cannot be switched.
     *
     * @return the forms, each at most as long as the first.
     */
    List<Protocol> forms();

    /**
     * The forms of control frames, which may be sent while a message goes out in fragments.
     *
     * @param form its index in {@link #forms()}.
     * @return whether it is one.
     */
    boolean isControl(int form);

    /**
     * The connection is made; with TLS, after its handshake, of which {@link Connection#tls()} tells from here on.
     *
     * @param link to the connection.
     */
    void begin(Link link);

    /**
     * What is left to be sent of the opening.
     *
     * @return a buffer, of which the caller sends from its position on; empty if there is nothing to say now.
     */
    ByteBuffer opening();

    /**
     * Takes what the peer says, before it is open and not refused.
     *
     * @param source big-endian, to be read by absolute access.
     * @param offset of the first byte that is not consumed.
     * @param limit  behind the last byte.
     * @return bytes consumed; the rest is offered again, with more behind it.
     * @throws ProtocolException if it breaks the rules and nothing more is to be said.
     */
    int open(ByteBuffer source, int offset, int limit);

    /**
     * Whether messages may follow, once {@link #opening()} is sent.
     *
     * @return true for good.
     */
    boolean isOpen();

    /**
     * Why it will never be open: the connection ends with it, once {@link #opening()} is sent.
     *
     * @return the reason, empty if nothing is refused.
     */
    Optional<ProtocolException> refusal();

    /**
     * The listener or the whole transport is about to close, and this connection with it: for the {@link #farewell()}. Any thread.
     */
    default void leave() {}

    /**
     * The connection ends for a reason of this side's: what is received from here on means nothing.
     *
     * @param reason to tell the peer in the {@link #farewell()}.
     */
    void fail(CloseReason reason);

    /**
     * The last words, behind all messages. Called once.
     *
     * @return a frame, sent from its position on.
     */
    ByteBuffer farewell();

    /**
     * Whether the peer has said its farewell: no message comes any more.
     *
     * @return true for good.
     */
    boolean isPeerEnded();

    /**
     * Whether the peer is the one to close the stream after both farewells.
     *
     * @return true for a client, of WebSocket.
     */
    boolean leavesEndToPeer();

    /**
     * A turn of an open connection.
     *
     * @return the work done; 0 for none.
     */
    default int poll() {
        return 0;
    }

    /**
     * Whether {@link #poll()} has something to do: asked before the thread sleeps, when {@link Link#wake()} is heard.
     *
     * @return true to be called.
     */
    default boolean needsTurn() {
        return false;
    }

    /** The calling thread is the connection's from here on, having seen all that the one before did. */
    default void attach() {}

    /** The connection is over, or never came to be: lets go of everything. */
    default void end() {}

    /** A conversation's way to its connection. */
    interface Link {
        /**
         * The connection.
         *
         * @return its face.
         */
        Connection connection();

        /**
         * The clock of the connection's deadlines. Any thread.
         *
         * @return nanoseconds.
         */
        long nowNs();

        /**
         * Sends a control frame ahead of all messages that wait. The connection's thread.
         *
         * @param frame from its position to its limit; copied.
         * @return false if there is no room: the peer does not read.
         */
        boolean sendControl(ByteBuffer frame);

        /**
         * Sends by one form. Any thread.
         *
         * @param form its index.
         * @return the lane.
         */
        MessageLane lane(int form);

        /**
         * Begins a message in fragments: until it is {@linkplain Fragments#release() released} offers of messages on all
         * lanes answer {@link Connection#ADMIN_ACTION}. Any thread; lock-free.
         *
         * @return the only one who may send data; empty if somebody else is.
         */
        Optional<Fragments> fragments();

        /**
         * What becomes of a peer that is too slow. Any thread.
         *
         * @return the policy of the connection.
         */
        SlowConsumerPolicy slowConsumerPolicy();

        /** Has the connection's thread take a turn. Any thread; wait-free but for the wake-up. */
        void wake();
    }

    /** The right to send the fragments of one message. One thread at a time. */
    interface Fragments {
        /**
         * Offers a fragment.
         *
         * @param form   its index.
         * @param buffer with the fragment.
         * @param offset of its first byte.
         * @param length in bytes.
         * @return the position behind it, or a negative code.
         */
        long offer(int form, ByteBuffer buffer, int offset, int length);

        /** Lets others send again. Idempotent. */
        void release();
    }

    /** Sends by one form: as the methods of the same name on {@link Connection} do. Any thread. */
    interface MessageLane {
        /**
         * Offers bytes at an absolute offset as one message.
         *
         * @param buffer with the message; left as it was.
         * @param offset of its first byte.
         * @param length in bytes.
         * @return the position behind the message, or a negative code.
         */
        long offer(ByteBuffer buffer, int offset, int length);

        /**
         * Offers bytes of an Agrona buffer as one message.
         *
         * @param buffer with the message.
         * @param offset of its first byte.
         * @param length in bytes.
         * @return the position behind the message, or a negative code.
         */
        long offer(DirectBuffer buffer, int offset, int length);

        /**
         * Offers several pieces as one message.
         *
         * @param pieces each from its position to its limit.
         * @param offset of the first piece in the array.
         * @param count  of pieces.
         * @return the position behind the message, or a negative code.
         */
        long offer(ByteBuffer[] pieces, int offset, int count);

        /**
         * Makes a claim for {@link #tryClaim}.
         *
         * @return a claim that holds nothing.
         */
        MessageClaim newClaim();

        /**
         * Claims room for one message.
         *
         * @param length in bytes.
         * @param claim  of {@link #newClaim()} to fill.
         * @return 0, or a negative code.
         */
        long tryClaim(int length, MessageClaim claim);

        /**
         * Offers a message and waits for room while there is none. Any thread but the connection's own; blocking.
         *
         * @param buffer    with the message from its position to its limit; left as it was.
         * @param timeoutNs longest wait in nanoseconds.
         * @return the position behind the message, or a negative code.
         * @throws InterruptedException if the thread is interrupted before or while it waits.
         */
        long send(ByteBuffer buffer, long timeoutNs) throws InterruptedException;
    }
}
