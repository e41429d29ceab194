package io.millrace.transport.agent;

import io.millrace.ring.Doorbell;
import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Listener;
import io.millrace.transport.ListenerContext;
import io.millrace.transport.ListenerCounters;
import io.millrace.transport.ProtocolException;
import io.millrace.transport.ProxyInfo;
import io.millrace.transport.RefusalReason;
import io.millrace.transport.TransportCounters;
import io.millrace.transport.Waiting;
import io.millrace.transport.channel.Acceptor;
import io.millrace.transport.channel.ConnectionChannel;
import io.millrace.transport.channel.Incoming;
import io.millrace.transport.channel.OutOfDescriptorsException;
import io.millrace.transport.channel.proxy.ProxyChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.NanoClock;

/**
 * The duty cycle of a listener: accepts, asks {@link Admission}, and hands over. Its one thread is whoever calls
 * {@link #doWork()}; closing and draining are for any thread.
 *
 * @param <I> what is accepted.
 */
public final class AcceptorAgent<I extends Incoming> implements DrivenAgent, Listener {
    /**
     * Starts what was let in.
     *
     * @param <I> what that is.
     */
    @FunctionalInterface
    public interface Launcher<I extends Incoming> {
        /**
         * Sets a connection up and starts it.
         *
         * @param incoming to be opened; closed if this throws.
         * @param handler  of the connection.
         * @param owner    of the connection: told of its end, even if this throws after the connection was made.
         * @param wrap     to be laid over a channel of bytes.
         * @return the connection's agent.
         * @throws IOException if it can't be opened.
         */
        DrivenConnection launch(
                I incoming, ConnectionHandler handler, ConnectionOwner owner, UnaryOperator<ConnectionChannel> wrap)
                throws IOException;
    }

    private static final System.Logger LOGGER = System.getLogger(AcceptorAgent.class.getName());

    /** When accepting fails at once and for ever, don't spin on it. */
    private static final long ERROR_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Acceptor<I> server;
    private final ListenerContext settings;
    private final Supplier<? extends ConnectionHandler> handlers;
    private final Launcher<I> launcher;
    private final Supplier<List<DrivenConnection>> connections;
    private final Driver driver;
    private final Consumer<AcceptorAgent<I>> onEnd;
    private final NanoClock clock;
    private final Admission admission;
    private final GuardedParker parker;
    private final Doorbell doorbell;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final DrivingThread thread = new DrivingThread();
    private boolean pausing;
    private long pauseEndNs;
    private volatile boolean closing;
    private volatile boolean draining;

    /**
     * Makes the agent of one listener.
     *
     * @param server      that is bound; closed with the agent.
     * @param settings    that are concluded.
     * @param clock       for rates and deadlines.
     * @param counters    of the transport.
     * @param handlers    makes the handler of each connection.
     * @param launcher    starts each connection.
     * @param connections lists those of this listener that live.
     * @param driver      of the listener and its connections.
     * @param onEnd       called once at the end.
     */
    public AcceptorAgent(
            final Acceptor<I> server,
            final ListenerContext settings,
            final NanoClock clock,
            final TransportCounters counters,
            final Supplier<? extends ConnectionHandler> handlers,
            final Launcher<I> launcher,
            final Supplier<List<DrivenConnection>> connections,
            final Driver driver,
            final Consumer<AcceptorAgent<I>> onEnd) {
        this.server = server;
        this.settings = settings;
        this.clock = clock;
        this.handlers = handlers;
        this.launcher = launcher;
        this.connections = connections;
        this.driver = driver;
        this.onEnd = onEnd;
        admission = new Admission(settings, clock, counters);
        parker = new GuardedParker(server);
        doorbell = new Doorbell(parker);
    }

    /** Straight to sleep, for accepting is not worth a spin. */
    @Override
    public Rest rest() {
        return new Rest(Waiting.PARKING, doorbell, this::mayParkNs);
    }

    @Override
    public String roleName() {
        final SocketAddress address = server.localAddress();
        return "millrace-listener-" + (address instanceof InetSocketAddress inet ? inet.getPort() : address);
    }

    @Override
    public void drivenBy(final Thread driver) {
        thread.set(driver);
    }

    @Override
    public int doWork() {
        if (closing) {
            throw new AgentTerminationException(true);
        }
        if (parker.failure() != null) {
            LOGGER.log(
                    System.Logger.Level.ERROR, "the listener ends, for it can't wait: uri=" + uri(), parker.failure());
            throw new AgentTerminationException(true);
        }
        if (pausing) {
            if (clock.nanoTime() - pauseEndNs < 0) {
                return 0;
            }
            pausing = false;
            server.accepting(true);
        }
        try {
            final I incoming = server.accept();
            if (incoming == null) {
                return 0;
            }
            accept(incoming);
        } catch (final ProtocolException ex) {
            LOGGER.log(System.Logger.Level.WARNING, "the listener ends: uri=" + uri() + ": " + ex.getMessage());
            throw new AgentTerminationException(true);
        } catch (final OutOfDescriptorsException ex) {
            admission.refuse(RefusalReason.NO_DESCRIPTOR);
        } catch (final IOException ex) {
            // Who waits still waits: nobody is refused.
            LOGGER.log(System.Logger.Level.DEBUG, "cannot accept, pausing: ns=" + ERROR_PAUSE_NS, ex);
            pausing = true;
            server.accepting(false);
            pauseEndNs = clock.nanoTime() + ERROR_PAUSE_NS;
        }
        return 1;
    }

    private void accept(final I incoming) {
        final Admission.Entry entry = admission.enter(incoming.remoteAddress());
        if (entry == null) {
            incoming.close();
            return;
        }
        final Accepted owner = new Accepted(entry);
        RefusalReason reason = RefusalReason.NO_HANDLER;
        try {
            final ConnectionHandler handler = Objects.requireNonNull(handlers.get(), "the supplier has no handler");
            reason = RefusalReason.NO_DESCRIPTOR;
            final DrivenConnection agent = launcher.launch(incoming, handler, owner, owner::wrap);
            owner.launched();
            if (draining) {
                agent.connection().close();
            }
        } catch (final IOException ex) {
            refuse(incoming, owner, reason, ex);
        } catch (final Throwable ex) {
            refuse(incoming, owner, reason == RefusalReason.NO_HANDLER ? reason : RefusalReason.OUT_OF_RESOURCES, ex);
        }
    }

    private void refuse(final I incoming, final Accepted owner, final RefusalReason reason, final Throwable cause) {
        LOGGER.log(System.Logger.Level.DEBUG, "refused: reason=" + reason, cause);
        owner.refuse(reason);
        // Last, so that who sees the end finds it counted.
        incoming.close();
    }

    private long mayParkNs() {
        if (closing) {
            return 0;
        }
        return pausing ? Math.max(0, pauseEndNs - clock.nanoTime()) : Long.MAX_VALUE;
    }

    /**
     * Whether the calling thread is the listener's. Any thread; wait-free.
     *
     * @return true in its supplier of handlers.
     */
    public boolean isDriver() {
        return thread.isCurrent();
    }

    @Override
    public URI uri() {
        return server.uri();
    }

    @Override
    public SocketAddress localAddress() {
        return server.localAddress();
    }

    @Override
    public List<Connection> connections() {
        return ConnectionSet.faces(connections.get());
    }

    @Override
    public ListenerCounters counters() {
        return admission;
    }

    @Override
    public CompletionStage<Void> closed() {
        return closed.minimalCompletionStage();
    }

    @Override
    public void close() {
        closing = true;
        doorbell.ring();
    }

    @Override
    public boolean drain(final long timeoutNs) {
        if (timeoutNs <= 0) {
            throw new IllegalArgumentException("timeoutNs must be positive: timeoutNs=" + timeoutNs);
        }
        draining = true;
        close();
        return new Drain(connections, driver, CloseReason.CLOSE_TIMEOUT, timeoutNs).run(isDriver(), List.of(closed));
    }

    @Override
    public void onClose() {
        server.close();
        onEnd.accept(this);
        closed.complete(null);
    }

    @Override
    public String toString() {
        return "listener uri=" + uri() + " connections=" + admission.connections() + (closing ? " closed" : "");
    }

    /** One connection that was let in, until it ends. */
    private final class Accepted implements ConnectionOwner {
        private final Admission.Entry entry;
        private ProxyInfo proxy;

        /** The listener's thread, until it has handed the connection over. */
        private volatile Thread launching = Thread.currentThread();

        /** Of the listener's thread. */
        private boolean refused;

        Accepted(final Admission.Entry entry) {
            this.entry = entry;
        }

        void launched() {
            launching = null;
        }

        /** Counts once. */
        void refuse(final RefusalReason reason) {
            if (!refused) {
                refused = true;
                admission.refuse(reason);
            }
            entry.leave();
        }

        ConnectionChannel wrap(final ConnectionChannel channel) {
            return settings.proxySources().isEmpty()
                    ? channel
                    : new ProxyChannel(channel, clock, settings.proxyTimeoutNs(), this::onHeader);
        }

        private void onHeader(final ProxyInfo info) {
            proxy = info;
            entry.identify(info);
        }

        @Override
        public void onOpen(final DrivenConnection agent) {
            entry.opened();
            if (proxy != null) {
                agent.connection().attributes().set(ProxyInfo.ATTRIBUTE, proxy);
            }
        }

        /** One that gets no thread ends inside of its launch: counted before anybody sees the end. */
        @Override
        public void onThreadLost(final DrivenConnection agent) {
            if (launching == Thread.currentThread()) {
                refused = true;
                admission.refuse(RefusalReason.OUT_OF_RESOURCES);
            }
        }

        @Override
        public void onEnd(final DrivenConnection agent) {
            entry.leave();
        }
    }
}
