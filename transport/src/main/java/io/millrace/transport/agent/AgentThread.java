package io.millrace.transport.agent;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;

/**
 * What runs on the thread of one agent. Either the thread comes to run, and then owns the agent to its end, or it does not
 * and the agent is closed by whoever wanted to start it, whatever the factory has done. Before the factory has answered a
 * thread that was never started, nothing runs.
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
    private final AgentRunner runner;

    private AgentThread(final Agent agent, final IdleStrategy idleStrategy) {
        runner = new AgentRunner(idleStrategy, AgentThread::logError, null, agent);
    }

    private static void logError(final Throwable error) {
        LOGGER.log(System.Logger.Level.ERROR, "an agent failed", error);
    }

    /** Starts a thread for the agent, or closes it and throws. Any thread. */
    static void start(final Agent agent, final IdleStrategy idleStrategy, final ThreadFactory factory) {
        new AgentThread(agent, idleStrategy).start(factory, null);
    }

    /** As {@link #start(Agent, IdleStrategy, ThreadFactory)}, but on a spare thread if there is one; it becomes one again. */
    static void start(
            final DrivenAgent agent,
            final IdleStrategy idleStrategy,
            final ThreadFactory factory,
            final SpareThreads spares) {
        final AgentThread target = new AgentThread(agent, idleStrategy);
        if (!spares.tryRun(target::runNext)) {
            target.start(factory, spares);
        }
    }

    private void start(final ThreadFactory factory, final SpareThreads spares) {
        final Agent agent = runner.agent();
        try {
            final Thread thread = factory.newThread(spares == null ? this : new ServingThread(this::tryRun, spares));
            if (thread == null) {
                throw new IllegalStateException("the thread factory made no thread: role=" + agent.roleName());
            }
            if (thread.getState() != Thread.State.NEW) {
                throw new IllegalStateException(
                        "the thread factory must not start its threads: role=" + agent.roleName());
            }
            thread.setName(agent.roleName());
            fate.set(Fate.MAY_RUN);
            thread.start();
        } catch (final RuntimeException | Error ex) {
            if (fate.getAndSet(Fate.LOST) != Fate.RUNS) {
                agent.onClose();
            }
            throw ex;
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
            runOut();
        }
        return runs;
    }

    /** On a thread that served another before. */
    private void runNext() {
        Thread.currentThread().setName(runner.agent().roleName());
        runOut();
    }

    private void runOut() {
        try {
            runner.run();
        } catch (final Error ex) {
            // The runner leaves it open then.
            runner.agent().onClose();
            throw ex;
        } finally {
            if (runner.agent() instanceof DrivenAgent driven) {
                // What the thread does next must be free to wait for this one.
                driven.drivenBy(null);
            }
        }
    }
}
