package io.millrace.transport.agent;

import io.millrace.ring.AdaptiveIdleStrategy;
import io.millrace.ring.Doorbell;
import io.millrace.ring.SpinBudget;
import io.millrace.transport.Listener;
import io.millrace.transport.TransportContext;
import io.millrace.transport.TransportCounters;
import io.millrace.transport.channel.Acceptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;

/** The duty cycle of a listener: accepts and hands over. Its one thread is whoever calls {@link #doWork()}. */
public final class AcceptorAgent implements Agent, Listener {
    /** Out of descriptors, accepting fails at once and for ever: don't spin on it. */
    private static final long ERROR_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Acceptor acceptor;
    private final TransportCounters counters;
    private final Consumer<SocketChannel> onAccept;
    private final Consumer<AcceptorAgent> onEnd;
    private final NanoClock clock;
    private final Doorbell doorbell;
    private boolean pausing;
    private long pauseEndNs;
    private volatile boolean closing;

    /**
     * Makes the agent of one listener.
     *
     * @param acceptor that is bound; closed with the agent.
     * @param context  that is concluded.
     * @param counters of the transport.
     * @param onAccept takes each accepted socket, and may throw if it can't.
     * @param onEnd    called once at the end.
     */
    public AcceptorAgent(
            final Acceptor acceptor,
            final TransportContext context,
            final TransportCounters counters,
            final Consumer<SocketChannel> onAccept,
            final Consumer<AcceptorAgent> onEnd) {
        this.acceptor = acceptor;
        this.counters = counters;
        this.onAccept = onAccept;
        this.onEnd = onEnd;
        clock = context.nanoClock();
        doorbell = new Doorbell(acceptor);
    }

    /**
     * A strategy to idle with between turns: straight to sleep, for accepting is not worth a spin.
     *
     * @return a new strategy.
     */
    public IdleStrategy idleStrategy() {
        return new AdaptiveIdleStrategy(0, 0, SpinBudget.shared(), doorbell, this::mayParkNs);
    }

    @Override
    public InetSocketAddress address() {
        return acceptor.address();
    }

    @Override
    public String roleName() {
        return "millrace-listener-" + address().getPort();
    }

    @Override
    public int doWork() {
        if (closing) {
            throw new AgentTerminationException(true);
        }
        if (pausing && clock.nanoTime() - pauseEndNs < 0) {
            return 0;
        }
        pausing = false;
        try {
            final SocketChannel socket = acceptor.accept();
            if (socket == null) {
                return 0;
            }
            onAccept.accept(socket);
        } catch (final IOException | RuntimeException | OutOfMemoryError ex) {
            counters.onAcceptError();
            pausing = true;
            pauseEndNs = clock.nanoTime() + ERROR_PAUSE_NS;
        }
        return 1;
    }

    private long mayParkNs() {
        if (closing) {
            return 0;
        }
        return pausing ? Math.max(0, pauseEndNs - clock.nanoTime()) : Long.MAX_VALUE;
    }

    @Override
    public void close() {
        closing = true;
        doorbell.ring();
    }

    @Override
    public void onClose() {
        acceptor.close();
        onEnd.accept(this);
    }
}
