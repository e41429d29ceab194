package io.millrace.transport.channel;

import java.io.IOException;

/** A peer that comes by messages. One thread. */
public interface IncomingMessages extends Incoming {
    /**
     * Sets the connection up.
     *
     * @return its channel, which is still to {@linkplain MessageChannel#finishConnect() connect}, and now owns everything.
     * @throws IOException if that fails: then it is closed.
     */
    MessageChannel open() throws IOException;
}
