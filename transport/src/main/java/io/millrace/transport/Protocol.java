package io.millrace.transport;

import java.nio.ByteBuffer;

/**
 * How messages lie in a stream of bytes. Immutable; one for all connections. Its encoding half is called by sender
 * threads, its {@link Decoder} by the connection's thread.
 */
public interface Protocol {
    /**
     * The longest message in bytes.
     *
     * @return the maximum.
     */
    int maxMessageLength();

    /**
     * Bytes on the wire before a message's own.
     *
     * @param messageLength in bytes, from 1 to the maximum.
     * @return the header's length.
     */
    int headerLength(int messageLength);

    /**
     * Writes a message's header. Any thread.
     *
     * @param target        to write to, by absolute access, big-endian.
     * @param offset        in the target.
     * @param messageLength in bytes, from 1 to the maximum.
     */
    void encodeHeader(ByteBuffer target, int offset, int messageLength);

    /**
     * A machine for one connection.
     *
     * @return a new decoder.
     */
    Decoder newDecoder();

    /** Cuts the inbound bytes of one connection into messages. The connection's thread. */
    interface Decoder {
        /**
         * Hands over the whole messages in a range of bytes.
         *
         * @param source big-endian, to be read by absolute access.
         * @param offset of the first byte that is not yet consumed.
         * @param limit  behind the last byte.
         * @param sink   for the messages.
         * @return how many bytes were consumed; the rest is offered again, with more behind it.
         * @throws ProtocolException if the bytes break the protocol.
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
    }
}
