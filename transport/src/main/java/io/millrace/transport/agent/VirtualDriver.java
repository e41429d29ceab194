package io.millrace.transport.agent;

import io.millrace.ring.ThreadParker;
import io.millrace.transport.channel.SocketParkers;
import java.util.concurrent.ThreadFactory;
import org.agrona.concurrent.SystemNanoClock;

/**
 * A virtual thread for each agent that is not asleep for long, and one poller, on a platform thread, for all sockets; when that has failed,
 * which ends all that slept on it, the next socket gets another. Any thread; lock-free, apart from starting a thread.
 */
public final class VirtualDriver implements Driver {
    private final ThreadFactory virtualThreads;
    private final ThreadFactory platformThreads;
    private final long keepAliveNs;
    private final SharedPollers pollers = new SharedPollers(this::newDaemon, false);

    /**
     * Makes a driver.
     *
     * @param virtualThreads  for the agents.
     * @param platformThreads for the poller.
     * @param keepAliveNs     how long an agent that has nothing to do keeps its thread.
     */
    public VirtualDriver(
            final ThreadFactory virtualThreads, final ThreadFactory platformThreads, final long keepAliveNs) {
        this.virtualThreads = virtualThreads;
        this.platformThreads = platformThreads;
        this.keepAliveNs = keepAliveNs;
    }

    @Override
    public void start(final DrivenAgent agent) {
        if (Lull.isFor(agent, keepAliveNs)) {
            AgentThread.start(
                    agent, Lull.expecting(keepAliveNs, SystemNanoClock.INSTANCE), virtualThreads, null, pollers);
        } else {
            AgentThread.start(agent, () -> agent.rest().onVirtualThread(), virtualThreads, null);
        }
    }

    @Override
    public SocketParkers parkers() {
        return () -> pollers.open(new ThreadParker());
    }

    private Thread newDaemon(final Runnable target) {
        final Thread thread = platformThreads.newThread(target);
        if (thread != null) {
            thread.setDaemon(true);
        }
        return thread;
    }

    @Override
    public void close() {
        pollers.close();
    }
}
