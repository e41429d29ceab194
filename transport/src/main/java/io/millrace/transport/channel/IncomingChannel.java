package io.millrace.transport.channel;

import java.io.IOException;
import java.net.SocketAddress;

/** A connection that was accepted, and for which nothing is set up yet: it is either opened or closed. One thread. */
public interface IncomingChannel extends AutoCloseable {
    /**
     * The peer's address.
     *
     * @return the address, not null.
     */
    SocketAddress remoteAddress();

    /**
     * Sets the connection up.
     *
     * @return its channel, which is connected and now owns everything.
     * @throws IOException if that fails: then it is closed.
     */
    ConnectionChannel open() throws IOException;

    /** Closes it at once. Idempotent. */
    @Override
    void close();
}
