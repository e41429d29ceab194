package io.millrace.transport.channel;

import io.millrace.ring.Parker;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/**
 * A stream of bytes to a peer that never blocks but in {@link #park}: the seam between a connection and its socket.
 * The connection's thread, except {@link #unpark}.
 */
public interface ConnectionChannel extends Parker, AutoCloseable {
    /**
     * Moves connecting on.
     *
     * @return whether the channel is connected.
     * @throws IOException if it can't be.
     */
    boolean finishConnect() throws IOException;

    /**
     * Reads what is there.
     *
     * @param target to read into.
     * @return bytes read, 0 for none, -1 at the end of the stream; 0 also once or twice where what has come since would end the next {@link
     *     #park} at once.
     * @throws IOException if the channel is broken.
     */
    int read(ByteBuffer target) throws IOException;

    /**
     * Writes what fits. If some is left, a {@link #park} ends when the channel takes more.
     *
     * @param source to write from.
     * @return bytes written.
     * @throws IOException if the channel is broken.
     */
    int write(ByteBuffer source) throws IOException;

    /**
     * Whether the last write left something.
     *
     * @return true until a write is taken whole.
     */
    boolean isWriteBlocked();

    /**
     * Whether a {@link #park} ends when there is something to read; it does until this says otherwise.
     *
     * @param wanted false while nobody would read it.
     */
    void wantRead(boolean wanted);

    /**
     * Ends the outbound stream.
     *
     * @throws IOException if the channel is broken.
     */
    void shutdownOutput() throws IOException;

    /**
     * This side's address.
     *
     * @return the address, or null if not connected.
     */
    SocketAddress localAddress();

    /**
     * The peer's address.
     *
     * @return the address, or null if not connected.
     */
    SocketAddress remoteAddress();

    /** Frees everything; errors are of no use to anybody. Idempotent. */
    @Override
    void close();
}
