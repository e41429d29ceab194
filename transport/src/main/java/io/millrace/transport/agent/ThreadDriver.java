package io.millrace.transport.agent;

import io.millrace.transport.channel.SocketParkers;
import io.millrace.transport.channel.socket.SelectorParker;
import java.util.concurrent.ThreadFactory;

/** A platform thread for each agent, and a selector for each socket. Immutable. */
public final class ThreadDriver implements Driver {
    private final ThreadFactory factory;

    /**
     * Makes a driver.
     *
     * @param factory of threads, which are named after their agent's role.
     */
    public ThreadDriver(final ThreadFactory factory) {
        this.factory = factory;
    }

    @Override
    public void start(final DrivenAgent agent) {
        AgentThread.start(agent, agent.rest().onPlatformThread(), factory);
    }

    @Override
    public SocketParkers parkers() {
        return SelectorParker::new;
    }

    @Override
    public void close() {}
}
