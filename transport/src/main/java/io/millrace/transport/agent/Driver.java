package io.millrace.transport.agent;

import io.millrace.transport.channel.SocketParkers;

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

    /** Lets go of what it keeps for all agents, as soon as the last has ended. Idempotent. */
    void close();
}
