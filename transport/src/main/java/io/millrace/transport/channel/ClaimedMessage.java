package io.millrace.transport.channel;

import java.nio.ByteBuffer;

/**
 * Room that a {@link MessageSender} has claimed. It stays writable until it is committed or aborted, even if the channel is
 * closed before. The claiming thread, but {@link #abort()}: then nobody commits any more.
 */
public interface ClaimedMessage {
    /**
     * Where to write the message: absolute access, big-endian.
     *
     * @return the buffer.
     */
    ByteBuffer buffer();

    /**
     * Where the message begins in {@link #buffer()}.
     *
     * @return the offset in bytes.
     */
    int offset();

    /** Sends the message. */
    void commit();

    /** Lets the room go by unused. */
    void abort();

    /** After that, by the claiming thread: it is done with what {@link #buffer()} answered. */
    default void release() {}
}
