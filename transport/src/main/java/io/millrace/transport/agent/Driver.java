package io.millrace.transport.agent;

import io.millrace.transport.channel.SocketParkers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Gives agents a thread. Any thread. */
public interface Driver {
    /**
     * Has the agent driven until it ends. If that can't be, the agent is closed before this throws.
     *
     * @param agent that nobody drives yet.
     */
    void start(DrivenAgent agent);

    /**
     * What the threads of sockets sleep on.
     *
     * @return the source of parkers.
     */
    SocketParkers parkers();

    /**
     * Whether the calling thread is in a callback of an agent, and so must not wait for any.
     *
     * @param onAgentsThread whether it is the thread of one of those it would wait for.
     * @return true if it is.
     */
    default boolean isCallback(final boolean onAgentsThread) {
        return onAgentsThread;
    }

    /**
     * Waits. Blocking.
     *
     * @param ends  to wait for; never fails.
     * @param maxNs longest time in nanoseconds.
     * @return whether it is complete; false also if interrupted.
     */
    default boolean await(final CompletableFuture<?> ends, final long maxNs) {
        try {
            ends.get(Math.max(0, maxNs), TimeUnit.NANOSECONDS);
            return true;
        } catch (final TimeoutException ex) {
            return false;
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            return false;
        } catch (final ExecutionException ex) {
            throw new IllegalStateException("an end never fails", ex);
        }
    }

    /** Takes agents that were told to end to their end, if nobody else drives them any more. */
    default void driveForAbsent() {}

    /** Lets go of what it keeps for all agents, as soon as the last has ended. Idempotent. */
    void close();
}
