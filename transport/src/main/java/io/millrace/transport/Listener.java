package io.millrace.transport;

import java.net.InetSocketAddress;

/** Accepts connections on one address, on a thread of its own. */
public interface Listener extends AutoCloseable {
    /**
     * The address it is bound to, with the real port where port 0 was asked for.
     *
     * @return the address.
     */
    InetSocketAddress address();

    /** Stops accepting and frees the address; accepted connections live on. Idempotent; any thread; returns at once. */
    @Override
    void close();
}
