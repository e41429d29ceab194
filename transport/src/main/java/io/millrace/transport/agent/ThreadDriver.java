package io.millrace.transport.agent;

import io.millrace.transport.channel.SocketParkers;
import io.millrace.transport.channel.socket.DetachableParker;
import java.util.concurrent.ThreadFactory;
import org.agrona.concurrent.SystemNanoClock;

/**
 * A platform thread for each agent that is not asleep for long, and a selector for each of their sockets; one poller for the sockets of
 * those that are. A thread whose agent has ended, or is asleep, serves the next one, if that comes soon. Any thread; lock-free, apart from
 * starting a thread.
 */
public final class ThreadDriver implements Driver {
    private final ThreadFactory factory;
    private final long keepAliveNs;
    private final SpareThreads spares = new SpareThreads(SystemNanoClock.INSTANCE);

    /** As the threads would, the poller keeps the process alive as long as there are connections. */
    private final SharedPollers pollers;

    /**
     * Makes a driver.
     *
     * @param factory     of threads, which are named after their agent's role.
     * @param keepAliveNs how long an agent that has nothing to do keeps its thread.
     */
    public ThreadDriver(final ThreadFactory factory, final long keepAliveNs) {
        this.factory = factory;
        this.keepAliveNs = keepAliveNs;
        pollers = new SharedPollers(factory, true);
    }

    @Override
    public void start(final DrivenAgent agent) {
        if (Lull.isFor(agent, keepAliveNs)) {
            AgentThread.start(agent, Lull.lasting(keepAliveNs, SystemNanoClock.INSTANCE), factory, spares, pollers);
        } else {
            AgentThread.start(agent, () -> agent.rest().onPlatformThread(), factory, spares);
        }
    }

    @Override
    public SocketParkers parkers() {
        return () -> new DetachableParker(pollers);
    }

    @Override
    public void close() {
        spares.close();
        pollers.close();
    }
}
