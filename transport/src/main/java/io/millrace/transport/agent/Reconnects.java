package io.millrace.transport.agent;

import io.millrace.transport.TransportCounters;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.NanoClock;

/** The {@link ReconnectAgent} of a transport, which is not there before somebody needs it. Any thread; lock-free. */
public final class Reconnects {
    private final NanoClock clock;
    private final TransportCounters counters;
    private final Launcher launcher;
    private final AtomicReference<ReconnectAgent> agent = new AtomicReference<>();

    /**
     * Makes a place for the agent.
     *
     * @param clock    for the delays.
     * @param counters of the transport.
     * @param launcher of the agent.
     */
    public Reconnects(final NanoClock clock, final TransportCounters counters, final Launcher launcher) {
        this.clock = clock;
        this.counters = counters;
        this.launcher = launcher;
    }

    /**
     * The agent, which is started if nobody asked before; closed if the launcher is.
     *
     * @return the agent.
     */
    public ReconnectAgent started() {
        final ReconnectAgent running = agent.get();
        if (running != null) {
            return running;
        }
        final ReconnectAgent mine = new ReconnectAgent(clock, counters);
        if (!agent.compareAndSet(null, mine)) {
            return started();
        }
        try {
            launcher.start(mine);
        } catch (final RuntimeException | Error ex) {
            agent.set(null);
            throw ex;
        }
        if (launcher.isClosed()) {
            mine.close();
        }
        return mine;
    }

    /**
     * The agent, if somebody asked for it.
     *
     * @return the agent, or empty.
     */
    public Optional<ReconnectAgent> running() {
        return Optional.ofNullable(agent.get());
    }
}
