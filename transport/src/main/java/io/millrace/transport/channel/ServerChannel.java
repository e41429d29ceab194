package io.millrace.transport.channel;

import io.millrace.ring.Parker;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.URI;

/** What a listener accepts from. The listener's thread, except {@link #unpark} and the two accessors. */
public interface ServerChannel extends Parker, AutoCloseable {
    /**
     * The bound address.
     *
     * @return the address, with its real port.
     */
    SocketAddress localAddress();

    /**
     * What to connect to.
     *
     * @return the URI it was bound by, with its real port.
     */
    URI uri();

    /**
     * Accepts a connection if one waits.
     *
     * @return the connection, or null.
     * @throws OutOfDescriptorsException if there was none to be had for it, and it was closed: the next may be tried at
     *                                   once.
     * @throws IOException               if accepting fails in another way, and is likely to do so again at once.
     */
    IncomingChannel accept() throws IOException;

    /**
     * Sets whether a waiting connection ends a {@link #park}; true at first. Whoever can't accept for a while would not
     * sleep otherwise.
     *
     * @param accepting whether it does.
     */
    void accepting(boolean accepting);

    /** Stops listening and frees everything; errors are of no use to anybody. Idempotent. */
    @Override
    void close();
}
