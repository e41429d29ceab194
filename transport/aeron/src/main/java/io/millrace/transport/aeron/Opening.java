package io.millrace.transport.aeron;

import io.aeron.ConcurrentPublication;
import io.aeron.Image;
import java.io.IOException;
import java.net.SocketAddress;

/** How one side's two streams come to be, turn by turn. The connection's thread. */
interface Opening {
    /**
     * Moves it on.
     *
     * @return whether both streams are there, and the peer knows.
     * @throws IOException if they can't be.
     */
    boolean poll() throws IOException;

    /** To the peer, once open. */
    ConcurrentPublication publication();

    /** From the peer, once open. */
    Image image();

    SocketAddress localAddress();

    SocketAddress remoteAddress();
}
