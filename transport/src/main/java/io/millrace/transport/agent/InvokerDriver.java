package io.millrace.transport.agent;

import io.millrace.session.SnapshotSet;
import io.millrace.transport.channel.SocketParkers;
import io.millrace.transport.channel.socket.AwakeParker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.LangUtil;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentInvoker;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/**
 * One thread for all agents: the first that invokes, or that closes before anybody has invoked. Another may follow when it is
 * dead. Starting is for any thread, and lock-free.
 *
 * <h2>Memory ordering</h2>
 *
 * <ul>
 *   <li>inside: set by compare-and-set on the way into a turn, cleared (volatile) on the way out. Whoever is inside owns the
 *       list of agents and the agents, and sees all that the one before did.
 *   <li>arrivals: whoever takes an agent off them starts it, or closes it. The starter adds it, then reads ended; the one who
 *       ends writes ended, then takes off what has arrived: so one of the two sees the other.
 * </ul>
 */
public final class InvokerDriver implements Driver {
    private static final System.Logger LOGGER = System.getLogger(InvokerDriver.class.getName());

    /** What somebody does for a thread that does not invoke any more: enough to end whatever was told to. */
    private static final int TURNS_FOR_ABSENT = 100;

    private final SnapshotSet<DrivenAgent> arrivals = new SnapshotSet<>();
    private final AtomicReference<Thread> inside = new AtomicReference<>();
    private final AtomicReference<Thread> owner = new AtomicReference<>();
    private final List<DrivenAgent> agents = new ArrayList<>();
    private final AgentInvoker invoker = new AgentInvoker(LangUtil::rethrowUnchecked, null, new All());
    private volatile boolean ended;

    /** Makes a driver of nothing yet. */
    public InvokerDriver() {
        invoker.start();
    }

    /**
     * What the caller's thread invokes.
     *
     * @return the invoker, which is started.
     */
    public AgentInvoker invoker() {
        return invoker;
    }

    @Override
    public void start(final DrivenAgent agent) {
        arrivals.add(agent);
        if (ended && arrivals.remove(agent)) {
            agent.onClose();
            throw new IllegalStateException("the invoker is closed: role=" + agent.roleName());
        }
    }

    @Override
    public SocketParkers parkers() {
        return () -> AwakeParker.INSTANCE;
    }

    @Override
    public boolean isCallback(final boolean onAgentsThread) {
        return inside.get() == Thread.currentThread();
    }

    /** The invoking thread drives while it waits; another leaves that to it. */
    @Override
    public boolean await(final CompletableFuture<?> ends, final long maxNs) {
        final Thread before = owner.get();
        if (!isMine()) {
            return Driver.super.await(ends, maxNs);
        }
        try {
            return driveUntil(ends, maxNs);
        } finally {
            if (before != Thread.currentThread()) {
                // Lent only: whoever invokes next is the owner.
                owner.set(null);
            }
        }
    }

    private boolean driveUntil(final CompletableFuture<?> ends, final long maxNs) {
        final long startNs = System.nanoTime();
        final IdleStrategy idle = new BackoffIdleStrategy();
        while (!ends.isDone()) {
            if (System.nanoTime() - startNs >= maxNs) {
                return false;
            }
            idle.idle(tryTurn());
        }
        return true;
    }

    private int tryTurn() {
        if (!inside.compareAndSet(null, Thread.currentThread())) {
            return 0;
        }
        try {
            return turn();
        } finally {
            inside.set(null);
        }
    }

    private boolean isMine() {
        final Thread now = owner.get();
        return now == Thread.currentThread() || (isFree(now) && own(now));
    }

    private boolean mayOwn() {
        final Thread now = owner.get();
        return now == Thread.currentThread() || isFree(now);
    }

    private static boolean isFree(final Thread owner) {
        return owner == null || !owner.isAlive();
    }

    private boolean own(final Thread before) {
        return owner.compareAndSet(before, Thread.currentThread());
    }

    @Override
    public void driveForAbsent() {
        for (int i = 0; i < TURNS_FOR_ABSENT && tryTurn() > 0; i++) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {}

    // ---- whoever is inside ----

    private int turn() {
        int work = admit();
        for (int i = agents.size() - 1; i >= 0; i--) {
            work += turn(i);
        }
        return work;
    }

    private int admit() {
        final List<DrivenAgent> arrived = arrivals.snapshot();
        for (int i = 0; i < arrived.size(); i++) {
            final DrivenAgent agent = arrived.get(i);
            if (arrivals.remove(agent)) {
                agents.add(agent);
                agent.onStart();
            }
        }
        return arrived.size();
    }

    private int turn(final int index) {
        final DrivenAgent agent = agents.get(index);
        try {
            agent.drivenBy(Thread.currentThread());
            return agent.doWork();
        } catch (final AgentTerminationException ex) {
            end(index);
        } catch (final RuntimeException | Error ex) {
            LOGGER.log(System.Logger.Level.ERROR, "an agent failed: role=" + agent.roleName(), ex);
            end(index);
        } catch (final Exception ex) {
            throw new IllegalStateException("no agent of ours throws this", ex);
        }
        return 1;
    }

    private void end(final int index) {
        final DrivenAgent agent = agents.get(index);
        final DrivenAgent last = agents.remove(agents.size() - 1);
        if (last != agent) {
            agents.set(index, last);
        }
        agent.onClose();
    }

    /** What the invoker invokes. */
    private final class All implements Agent {
        @Override
        public int doWork() {
            enter();
            try {
                return turn();
            } finally {
                inside.set(null);
            }
        }

        @SuppressWarnings("ThreadPriorityCheck") // Who is inside is to have the core.
        private void enter() {
            final Thread caller = Thread.currentThread();
            Thread other = inside.compareAndExchange(null, caller);
            while (other != null && other != caller && mayOwn()) {
                // Somebody drives for this thread, which was only late, and leaves after a few turns.
                Thread.yield();
                other = inside.compareAndExchange(null, caller);
            }
            if (other == caller) {
                throw new IllegalStateException("a callback must not invoke: thread=" + caller.getName());
            }
            if (other != null || !isMine()) {
                if (other == null) {
                    inside.set(null);
                }
                final Thread expected = other == null ? owner.get() : other;
                throw new IllegalStateException(
                        "only one thread may invoke: caller=" + caller.getName() + " owner=" + expected.getName());
            }
        }

        /** Whatever lives has no thread to run on any more. */
        @Override
        public void onClose() {
            enter();
            try {
                ended = true;
                admit();
                while (!agents.isEmpty()) {
                    end(agents.size() - 1);
                }
            } finally {
                inside.set(null);
            }
        }

        @Override
        public String roleName() {
            return "millrace-invoker";
        }
    }
}
