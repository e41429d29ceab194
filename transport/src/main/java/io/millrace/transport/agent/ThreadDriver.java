package io.millrace.transport.agent;

import java.util.concurrent.ThreadFactory;
import org.agrona.concurrent.AgentRunner;

/** A platform thread for each agent. Immutable. */
public final class ThreadDriver implements Driver {
    private static final System.Logger LOGGER = System.getLogger(ThreadDriver.class.getName());

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
        try {
            AgentRunner.startOnThread(
                    new AgentRunner(agent.rest().onPlatformThread(), ThreadDriver::logError, null, agent), factory);
        } catch (final RuntimeException | Error ex) {
            agent.onClose();
            throw ex;
        }
    }

    private static void logError(final Throwable error) {
        LOGGER.log(System.Logger.Level.ERROR, "an agent failed", error);
    }
}
