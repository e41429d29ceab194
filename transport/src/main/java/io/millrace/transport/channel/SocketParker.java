package io.millrace.transport.channel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;

/**
 * What one thread sleeps on until its socket is ready or another thread wakes it. That thread only, except
 * {@link #unpark()}.
 */
public interface SocketParker extends AutoCloseable {
    /**
     * Takes the place of the socket that was watched before, which is closed or was none.
     *
     * @param socket that does not block; null for none.
     * @throws IOException if it can't be watched.
     */
    void watch(SelectableChannel socket) throws IOException;

    /**
     * Blocks until the socket is ready, until unparked, until the time is over, or for no reason. An {@link #unpark()}
     * before it makes it return at once.
     *
     * @param operations that end it, of {@link java.nio.channels.SelectionKey}; 0 for none.
     * @param maxNs      longest time, in nanoseconds: positive; {@link Long#MAX_VALUE} for no bound. Over by the timer's grain, some
     *                   milliseconds at most where one poller keeps time for many.
     * @throws UncheckedIOException if sockets can't be watched any more.
     */
    void park(int operations, long maxNs);

    /**
     * Takes the place of a park for a thread that can be spared meanwhile, as in {@link io.millrace.ring.Parker#tryDetach}.
     *
     * @param operations that end it, as in {@link #park}.
     * @param maxNs      longest time, as in {@link #park}.
     * @param resume     to run at the end.
     * @return false if it can't, or if the park would return at once.
     * @throws UncheckedIOException if sockets can't be watched any more.
     */
    default boolean tryDetach(final int operations, final long maxNs, final Runnable resume) {
        return false;
    }

    /**
     * Whether the socket may be ready for what the last {@link #park} waited for.
     *
     * @return false only if the socket was watched for that, and nothing was seen of it when that park ended. What comes at just that
     *     moment ends the next one.
     */
    boolean mayBeReady();

    /** Ends a park, or the next one. Any thread. */
    void unpark();

    /** Lets go of the socket, which its owner has closed: afterwards nothing of it is left open. Idempotent. */
    @Override
    void close();
}
