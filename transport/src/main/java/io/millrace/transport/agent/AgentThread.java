package io.millrace.transport.agent;

import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.IdleStrategy;

/**
 * What runs on the thread of one agent: turns, with rests in between, to the agent's end. Either the thread comes to run, and then
 * owns the agent, or it does not and the agent is closed by whoever wanted to start it, whatever the factory has done. Before the
 * factory has answered a thread that was never started, nothing runs. An agent that sleeps for long may do without a thread
 * meanwhile; what it is woken by finds the next one, or has the agent closed.
 *
 * <p>Not Agrona's {@code AgentRunner}, which runs once, and goes on with an agent that has thrown.
 */
final class AgentThread implements Runnable {
    private enum Fate {
        OPEN,
        MAY_RUN,
        RUNS,
        LOST
    }

    private static final System.Logger LOGGER = System.getLogger(AgentThread.class.getName());

    private final AtomicReference<Fate> fate = new AtomicReference<>(Fate.OPEN);
    private final Agent agent;
    private final Supplier<IdleStrategy> strategies;
    private final ThreadFactory factory;

    /** Its thread's own. Null while there is no thread. */
    private IdleStrategy idleStrategy;

    /** Null if the agent keeps its thread. */
    private final Lull lull;

    /** Null if the thread serves no other agent. */
    private final SpareThreads spares;

    /** Closes an agent that finds no thread to wake on; null if it keeps its thread. */
    private final Executor closer;

    private boolean begun;

    private AgentThread(
            final Agent agent,
            final Supplier<IdleStrategy> strategies,
            final ThreadFactory factory,
            final Lull lull,
            final SpareThreads spares,
            final Executor closer) {
        this.agent = agent;
        this.strategies = strategies;
        this.factory = factory;
        this.lull = lull;
        this.spares = spares;
        this.closer = closer;
    }

    /**
     * Finds a thread for the agent, or closes it and throws. Any thread.
     *
     * @param strategies asked once, on that thread.
     * @param spares     to find one among, which becomes one again; null for none: then the thread is new.
     */
    static void start(
            final Agent agent,
            final Supplier<IdleStrategy> strategies,
            final ThreadFactory factory,
            final SpareThreads spares) {
        new AgentThread(agent, strategies, factory, null, spares, null).start();
    }

    /**
     * The same for an agent that has its thread until a lull is long, and then the next one.
     *
     * @param closer runs what closes the agent if there is no next one, and not on a thread of its own, for there is none to be had.
     */
    static void start(
            final DrivenAgent agent,
            final Lull lull,
            final ThreadFactory factory,
            final SpareThreads spares,
            final Executor closer) {
        new AgentThread(agent, () -> lull.strategy(agent.rest()), factory, lull, spares, closer).start();
    }

    private void start() {
        try {
            findThread();
        } catch (final Throwable ex) {
            if (isLost()) {
                agent.onClose();
            }
            throw ex;
        }
    }

    private void findThread() {
        if (spares == null) {
            startThread(this);
        } else if (!spares.tryRun(this::runNext)) {
            startThread(new ServingThread(this::tryRun, spares));
        }
    }

    private void startThread(final Runnable target) {
        final Thread thread = factory.newThread(target);
        if (thread == null) {
            throw new IllegalStateException("the thread factory made no thread: role=" + agent.roleName());
        }
        if (thread.getState() != Thread.State.NEW) {
            throw new IllegalStateException("the thread factory must not start its threads: role=" + agent.roleName());
        }
        thread.setName(agent.roleName());
        fate.set(Fate.MAY_RUN);
        thread.start();
    }

    /** Whether no thread will ever run. */
    private boolean isLost() {
        return fate.getAndSet(Fate.LOST) != Fate.RUNS;
    }

    /** The agent, which did without a thread, is to have one again. Any thread, which is not to do the agent's work. */
    private void resume() {
        try {
            findThread();
        } catch (final Throwable ex) {
            if (isLost()) {
                LOGGER.log(
                        System.Logger.Level.ERROR, "no thread for an agent that wakes: role=" + agent.roleName(), ex);
                closer.execute(this::closeLost);
            }
        }
    }

    /** On a thread of somebody else's, which takes the agent over for that. */
    private void closeLost() {
        try {
            ((DrivenAgent) agent).attach();
        } finally {
            close();
        }
    }

    @Override
    public void run() {
        tryRun();
    }

    /** On a thread made for it. */
    private boolean tryRun() {
        final boolean runs = fate.compareAndSet(Fate.MAY_RUN, Fate.RUNS);
        if (runs) {
            runOn();
        }
        return runs;
    }

    /** On a thread that served another before. */
    private void runNext() {
        // Meant for whom it served, if it was interrupted at the last moment.
        Thread.interrupted();
        Thread.currentThread().setName(agent.roleName());
        runOn();
    }

    private void runOn() {
        boolean detached = false;
        try {
            detached = begin() && cycle();
        } finally {
            if (!detached) {
                close();
            }
        }
    }

    private boolean begin() {
        try {
            if (begun) {
                ((DrivenAgent) agent).attach();
            } else {
                begun = true;
                agent.onStart();
            }
            idleStrategy = strategies.get();
            return true;
        } catch (final RuntimeException ex) {
            logError(ex);
            return false;
        }
    }

    /** Turn by turn, to the agent's end; true if it goes on without this thread. */
    private boolean cycle() {
        while (true) {
            try {
                final int work = agent.doWork();
                if (lull != null && isSpared(work)) {
                    return true;
                }
                idleStrategy.idle(work);
                if (work <= 0 && Thread.currentThread().isInterrupted()) {
                    return false;
                }
            } catch (final AgentTerminationException ex) {
                return false;
            } catch (final Exception ex) {
                // It would throw again in each turn.
                logError(ex);
                return false;
            }
        }
    }

    /** After a true answer another thread may be here already. */
    private boolean isSpared(final int work) {
        if (work > 0) {
            lull.end();
            return false;
        }
        if (!lull.isLong() || Thread.currentThread().isInterrupted()) {
            return false;
        }
        final IdleStrategy mine = idleStrategy;
        mine.reset();
        idleStrategy = null;
        fate.set(Fate.OPEN);
        boolean detached = false;
        try {
            detached = ((DrivenAgent) agent).tryDetach(this::resume);
        } finally {
            if (!detached) {
                fate.set(Fate.RUNS);
                idleStrategy = mine;
                lull.lookAgain();
            }
        }
        return detached;
    }

    private void close() {
        try {
            agent.onClose();
        } catch (final RuntimeException ex) {
            logError(ex);
        } finally {
            if (agent instanceof DrivenAgent driven) {
                // What the thread does next must be free to wait for this one.
                driven.drivenBy(null);
            }
        }
    }

    private void logError(final Throwable error) {
        LOGGER.log(System.Logger.Level.ERROR, "an agent failed: role=" + agent.roleName(), error);
    }
}
