package io.millrace.transport.channel;

import java.io.IOException;

/** A peer that comes by a stream of bytes. One thread. */
public interface IncomingChannel extends Incoming {
    /**
     * Sets the connection up.
     *
     * @return its channel, which is connected and now owns everything.
     * @throws IOException if that fails: then it is closed.
     */
    ConnectionChannel open() throws IOException;
}
