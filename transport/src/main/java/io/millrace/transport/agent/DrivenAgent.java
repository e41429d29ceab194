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

    @Override
    default void onStart() {
        drivenBy(Thread.currentThread());
    }
}
