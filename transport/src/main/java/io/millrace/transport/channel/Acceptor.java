package io.millrace.transport.channel;

import io.millrace.ring.Parker;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.URI;

/**
 * What a listener accepts from. The listener's thread, except {@link #unpark} and the two accessors.
 *
 * @param <I> what it accepts.
 */
public interface Acceptor<I extends Incoming> extends Parker, AutoCloseable {
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
     * Accepts a peer if one waits.
     *
     * @return the peer, or null.
     * @throws OutOfDescriptorsException if there was none to be had for it, and it was closed: the next may be tried at
     *                                   once.
     * @throws io.millrace.transport.ProtocolException if nobody can be accepted here any more: ends the listener.
     * @throws IOException               if accepting fails in another way, and is likely to do so again at once.
     */
    I accept() throws IOException;

    /**
     * Sets whether a waiting peer ends a {@link #park}; true at first. Whoever can't accept for a while would not
     * sleep otherwise.
     *
     * @param accepting whether it does.
     */
    void accepting(boolean accepting);

    /** Stops listening and frees everything; errors are of no use to anybody. Idempotent. */
    @Override
    void close();
}
