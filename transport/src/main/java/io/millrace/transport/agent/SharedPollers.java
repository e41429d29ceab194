package io.millrace.transport.agent;

import io.millrace.ring.Parker;
import io.millrace.transport.channel.socket.PolledParker;
import io.millrace.transport.channel.socket.PolledParkers;
import io.millrace.transport.channel.socket.SharedPoller;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.NoOpIdleStrategy;

/**
 * One poller, on a thread of its own, for all sockets. It is not there before the first socket; when one has ended, the next socket gets
 * another. Any thread; lock-free, apart from starting a thread.
 */
final class SharedPollers implements PolledParkers, Executor {
    private final ThreadFactory factory;
    private final boolean endsWithLast;
    private final AtomicReference<PollerAgent> poller = new AtomicReference<>();
    private volatile boolean closed;

    /**
     * Makes the source.
     *
     * @param factory      of the poller's thread.
     * @param endsWithLast whether a poller ends with its last socket, and not only once this is closed, too.
     */
    SharedPollers(final ThreadFactory factory, final boolean endsWithLast) {
        this.factory = factory;
        this.endsWithLast = endsWithLast;
    }

    @Override
    public PolledParker open(final Parker thread) throws IOException {
        while (true) {
            final PollerAgent running = poller.get();
            final PolledParker parker = running == null ? null : running.tryOpen(thread);
            if (parker != null) {
                if (endsWithLast) {
                    running.close();
                }
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
        AgentThread.start(mine, () -> NoOpIdleStrategy.INSTANCE, factory, null);
        if (closed) {
            mine.close();
        }
    }

    /** Runs a short task on the poller's thread, which lets go of sockets; on the caller's if there is none. */
    @Override
    public void execute(final Runnable task) {
        final PollerAgent running = poller.get();
        if (running == null) {
            task.run();
        } else {
            running.execute(task);
        }
    }

    /** Ends the poller as soon as its last socket is closed. Idempotent. */
    void close() {
        closed = true;
        final PollerAgent running = poller.get();
        if (running != null) {
            running.close();
        }
    }
}
