package io.millrace.transport.agent;

import org.agrona.concurrent.Agent;

/** A duty cycle that a {@link Driver} can drive: one thread at a time calls its methods. */
public interface DrivenAgent extends Agent {
    /**
     * What to do between turns without work.
     *
     * @return the rest; each call makes a new one.
     */
    Rest rest();

    /**
     * Says who drives the agent from here on; said before {@link #doWork()} wherever that may change.
     *
     * @param thread that calls.
     */
    void drivenBy(Thread thread);

    /**
     * Whether it is worth asking it to {@link #tryDetach}.
     *
     * @return false if it never can.
     */
    default boolean mayDetach() {
        return false;
    }

    /**
     * Sleeps on without a thread, if it can: instead of between two turns. After a true answer the calling thread may touch
     * nothing of the agent's.
     *
     * @param resume has another thread call {@link #attach()} and go on; run by any thread.
     * @return whether it does.
     */
    default boolean tryDetach(final Runnable resume) {
        return false;
    }

    /** Awakes on another thread than the one it fell asleep on. */
    default void attach() {}

    @Override
    default void onStart() {
        drivenBy(Thread.currentThread());
    }
}
