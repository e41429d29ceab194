package io.millrace.transport;

import java.nio.ByteBuffer;

/**
 * Room for one message in a connection's outbound ring, to be written in place and then committed or aborted, exactly
 * once. Made by {@link Connection#newClaim()}, filled by {@link Connection#tryClaim}, reusable after; or by the methods of
 * the same names on a {@link ReconnectingConnection}. One thread.
 *
 * <p>A claim holds up the messages behind it. One that is still open when the connection has been closing for half its
 * time is passed over and counted as undelivered; a commit then changes nothing.
 */
public interface MessageClaim {
    /**
     * Where to write the message: absolute access, from {@link #offset()} on, {@link #length()} bytes.
     *
     * @return the buffer, whose position and limit are not the caller's.
     * @throws IllegalStateException if the claim is not open.
     */
    ByteBuffer buffer();

    /**
     * Where the message begins in {@link #buffer()}.
     *
     * @return the offset in bytes.
     * @throws IllegalStateException if the claim is not open.
     */
    int offset();

    /**
     * Length of the message.
     *
     * @return the length in bytes.
     * @throws IllegalStateException if the claim is not open.
     */
    int length();

    /**
     * Sends the message. Wait-free, apart from the wake-up of a connection that sleeps.
     *
     * @return the position in the outbound stream behind the message.
     * @throws IllegalStateException    if the claim is not open.
     * @throws IllegalArgumentException if the protocol has no frame for a message of such content; it is aborted then.
     */
    long commit();

    /**
     * Gives the message up: nothing of it is sent. Wait-free, apart from the wake-up.
     *
     * @throws IllegalStateException if the claim is not open.
     */
    void abort();
}
