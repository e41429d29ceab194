package io.millrace.transport;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * How messages lie in a stream of bytes: each in a frame, which is a header, the message's own bytes and a trailer, any of
 * which may be empty, but not all. Immutable; one for all connections. Its encoding half is called by sender threads at
 * once, its {@link Decoder} by the connection's thread.
 *
 * <p>A sender claims {@link #frameLength} bytes, writes the header, puts the message behind it and the trailer behind that,
 * all in the place from which the bytes go to the wire. So the three lengths must follow from the message's length alone.
 * Nothing here allocates or blocks.
 */
public interface Protocol {
    /**
     * The longest message in bytes.
     *
     * @return the maximum: at least 1.
     */
    int maxMessageLength();

    /**
     * The shortest message in bytes. The protocol has a frame for every length from here to the maximum.
     *
     * @return the minimum: 0 if empty messages are legal, in which case their frame is not empty.
     */
    default int minMessageLength() {
        return 1;
    }

    /**
     * Bytes on the wire before a message's own.
     *
     * @param messageLength in bytes, from the minimum to the maximum.
     * @return the header's length.
     */
    default int headerLength(final int messageLength) {
        return 0;
    }

    /**
     * Bytes on the wire behind a message's own.
     *
     * @param messageLength in bytes, from the minimum to the maximum.
     * @return the trailer's length.
     */
    default int trailerLength(final int messageLength) {
        return 0;
    }

    /**
     * Bytes on the wire in all.
     *
     * @param messageLength in bytes, from the minimum to the maximum.
     * @return the frame's length: at least 1.
     */
    default int frameLength(final int messageLength) {
        return headerLength(messageLength) + messageLength + trailerLength(messageLength);
    }

    /**
     * The longest frame, which is the longest message's.
     *
     * @return its length in bytes.
     */
    default int maxFrameLength() {
        return frameLength(maxMessageLength());
    }

    /**
     * Writes a message's header. Any thread; wait-free.
     *
     * @param target        to write to, by absolute access, big-endian.
     * @param offset        of the frame in the target.
     * @param messageLength in bytes, from the minimum to the maximum.
     */
    default void encodeHeader(final ByteBuffer target, final int offset, final int messageLength) {}

    /**
     * Completes a frame whose header and message are in place: writes the trailer, and may look at the message or change
     * it. Any thread; wait-free, up to the bytes that it looks at.
     *
     * @param target        that holds the frame, by absolute access, big-endian.
     * @param offset        of the frame in the target.
     * @param messageLength in bytes, from the minimum to the maximum.
     * @throws IllegalArgumentException if a message of such content can't be framed; nothing of it is to be sent.
     */
    default void encodeTrailer(final ByteBuffer target, final int offset, final int messageLength) {}

    /**
     * A whole frame that asks the peer for a sign of life, and that the peer's protocol does not take for a message. The
     * connection's thread.
     *
     * @return the frame, which is not changed, at most 4 KiB; empty if the protocol has none.
     */
    default Optional<ByteBuffer> heartbeat() {
        return Optional.empty();
    }

    /**
     * Whether a {@link #heartbeat()} goes out at the end of each interval, whatever the peer says meanwhile: for one whose
     * answer is measured. Otherwise only a silent peer is asked.
     *
     * @return false unless the protocol says otherwise.
     */
    default boolean beatsAlways() {
        return false;
    }

    /**
     * A machine for one connection.
     *
     * @return a new decoder.
     */
    Decoder newDecoder();

    /**
     * Cuts the inbound bytes of one connection into messages. The connection's thread. Between two calls it may remember
     * how far it has looked, counted from the first byte that it has not consumed; nothing else, unless it is part of a
     * {@link Conversation}, whose protocol is never switched.
     */
    interface Decoder {
        /**
         * Hands over the whole messages in a range of bytes.
         *
         * @param source big-endian, to be read by absolute access.
         * @param offset of the first byte that is not yet consumed.
         * @param limit  behind the last byte.
         * @param sink   for the messages.
         * @return how many bytes were consumed; the rest is offered again, with more behind it or nothing.
         * @throws ProtocolException if the bytes break the protocol: once all that could follow is an error, without
         *     waiting for more.
         */
        int decode(ByteBuffer source, int offset, int limit, MessageSink sink);
    }

    /** Takes decoded messages. */
    @FunctionalInterface
    interface MessageSink {
        /**
         * Takes one message.
         *
         * @param buffer that holds it, during the call only.
         * @param offset of its first byte.
         * @param length in bytes.
         * @return whether to go on: false leaves the following messages undecoded.
         */
        boolean onMessage(ByteBuffer buffer, int offset, int length);

        /**
         * Tells the handler of something that is no message, as a {@link Conversation} does.
         *
         * @param callback that tells.
         * @return whether to go on, as above.
         */
        default boolean onEvent(final Runnable callback) {
            callback.run();
            return true;
        }
    }
}
