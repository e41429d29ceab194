package io.millrace.transport.channel;

import java.io.IOException;

/** Makes what the threads of sockets sleep on: a selector for each, one poller for all, or nothing. Any thread. */
@FunctionalInterface
public interface SocketParkers {
    /**
     * Makes one for a socket and its thread.
     *
     * @return a parker that watches nothing yet.
     * @throws IOException if there is none to be had.
     */
    SocketParker open() throws IOException;
}
