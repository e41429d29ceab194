package io.millrace.transport.agent;

import io.millrace.transport.channel.SocketParkers;
import io.millrace.transport.channel.socket.SelectorParker;
import java.util.concurrent.ThreadFactory;
import org.agrona.concurrent.SystemNanoClock;

/**
 * A platform thread for each agent, and a selector for each socket. A thread whose agent has ended serves the next one, if that comes
 * soon. Any thread; lock-free, apart from starting a thread.
 */
public final class ThreadDriver implements Driver {
    private final ThreadFactory factory;
    private final SpareThreads spares = new SpareThreads(SystemNanoClock.INSTANCE);

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
        AgentThread.start(agent, agent.rest().onPlatformThread(), factory, spares);
    }

    @Override
    public SocketParkers parkers() {
        return SelectorParker::new;
    }

    @Override
    public void close() {
        spares.close();
    }
}
