package io.millrace.transport.agent;

/** Gives agents a thread. Any thread. */
@FunctionalInterface
public interface Driver {
    /**
     * Has the agent driven until it ends. If that can't be, the agent is closed before this throws.
     *
     * @param agent that nobody drives yet.
     */
    void start(DrivenAgent agent);
}
