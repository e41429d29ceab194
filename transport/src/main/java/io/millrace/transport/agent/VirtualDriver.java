package io.millrace.transport.agent;

import io.millrace.transport.channel.SocketParker;
import io.millrace.transport.channel.SocketParkers;
import io.millrace.transport.channel.socket.SharedPoller;
import java.io.IOException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.NoOpIdleStrategy;
import org.agrona.concurrent.SystemNanoClock;

/**
 * A virtual thread for each agent that is not asleep for long, and one poller, on a platform thread, for all sockets. The poller is not there before the
 * first socket; when one has failed, which ends all that slept on it, the next socket gets another. Any thread; lock-free,
 * apart from starting a thread.
 */
public final class VirtualDriver implements Driver {
    private final ThreadFactory virtualThreads;
    private final ThreadFactory platformThreads;
    private final AtomicReference<PollerAgent> poller = new AtomicReference<>();
    private volatile boolean closed;

    /**
     * Makes a driver.
     *
     * @param virtualThreads  for the agents.
     * @param platformThreads for the poller.
     */
    public VirtualDriver(final ThreadFactory virtualThreads, final ThreadFactory platformThreads) {
        this.virtualThreads = virtualThreads;
        this.platformThreads = platformThreads;
    }

    @Override
    public void start(final DrivenAgent agent) {
        final Rest rest = agent.rest();
        if (rest.sleeps() && agent.mayDetach()) {
            AgentThread.start(agent, virtualThreads, new Lull(SystemNanoClock.INSTANCE));
        } else {
            AgentThread.start(agent, rest.onVirtualThread(), virtualThreads);
        }
    }

    @Override
    public SocketParkers parkers() {
        return this::openParker;
    }

    private SocketParker openParker() throws IOException {
        while (true) {
            final PollerAgent running = poller.get();
            final SocketParker parker = running == null ? null : running.tryOpen();
            if (parker != null) {
                return parker;
            }
            if (closed) {
                throw new IOException("the transport is closed");
            }
            replace(running);
        }
    }

    private void replace(final PollerAgent ended) throws IOException {
        final PollerAgent mine = new PollerAgent(new SharedPoller());
        if (!poller.compareAndSet(ended, mine)) {
            mine.onClose();
            return;
        }
        AgentThread.start(mine, NoOpIdleStrategy.INSTANCE, this::newDaemon);
        if (closed) {
            mine.close();
        }
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
        closed = true;
        final PollerAgent running = poller.get();
        if (running != null) {
            running.close();
        }
    }
}
