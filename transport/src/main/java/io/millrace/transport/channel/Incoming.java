package io.millrace.transport.channel;

import java.net.SocketAddress;

/** A peer that was accepted, and for whom nothing is set up yet: it is either opened or closed. One thread. */
public interface Incoming extends AutoCloseable {
    /**
     * The peer's address.
     *
     * @return the address, not null.
     */
    SocketAddress remoteAddress();

    /** Turns the peer away at once. Idempotent. */
    @Override
    void close();
}
