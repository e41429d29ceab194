package io.millrace.transport;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Accepts connections on one address, on the thread that drives it. Any thread may call anything here. */
public interface Listener extends AutoCloseable {
    /**
     * What to connect to. Wait-free.
     *
     * @return the URI that was listened on, with the real port where port 0 was asked for.
     */
    URI uri();

    /**
     * The address it is bound to. Wait-free.
     *
     * @return the address, with the real port.
     */
    SocketAddress localAddress();

    /**
     * The IP address it is bound to. Wait-free.
     *
     * @return the address, with the real port.
     * @throws IllegalStateException if its address is not of IP.
     */
    default InetSocketAddress address() {
        if (localAddress() instanceof InetSocketAddress inet) {
            return inet;
        }
        throw new IllegalStateException("not an IP address: address=" + localAddress());
    }

    /**
     * The connections accepted here that live at this moment, opening and closing ones included. Takes time in proportion
     * to their number.
     *
     * @return an immutable list that never changes, oldest first.
     */
    List<Connection> connections();

    /**
     * What happened here so far, and which connections there are.
     *
     * @return the counters, which go on counting.
     */
    ListenerCounters counters();

    /**
     * Completes when nothing is accepted any more and the address is free, on the listener's thread.
     *
     * @return the stage.
     */
    CompletionStage<Void> closed();

    /** Stops accepting and frees the address; accepted connections live on. Idempotent; lock-free; returns at once. */
    @Override
    void close();

    /**
     * Stops accepting, closes each accepted connection as {@link Connection#close()} does, and waits for their ends. What
     * has not ended when seven eighths of the time are over ends unflushed. Blocking, but from a callback of one of them, other than
     * its last, it waits for nothing, and each ends by its own {@link ConnectionContext#closeTimeoutNs()}.
     *
     * @param timeoutNs longest time in all, in nanoseconds: positive.
     * @return whether everything ended without being cut off, by this bound or by a close timeout, as far as was waited for.
     * @throws IllegalArgumentException if the time is not positive.
     */
    boolean drain(long timeoutNs);
}
