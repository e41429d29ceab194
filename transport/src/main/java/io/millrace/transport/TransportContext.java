package io.millrace.transport;

import io.millrace.transport.channel.MessageScheme;
import io.millrace.transport.tls.TlsContext;
import io.millrace.transport.tls.TlsContextReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/**
 * Configuration of a {@link Transport}. Set it up on one thread; {@link #conclude()} freezes it, after which any thread
 * may read it. Setters check their value at once.
 */
public final class TransportContext {
    private static final long KEEP_ALIVE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long VIRTUAL_KEEP_ALIVE_NS = TimeUnit.SECONDS.toNanos(10);

    private ConnectionContext connectionContext = new ConnectionContext();
    private long closeTimeoutNs = TimeUnit.SECONDS.toNanos(5);
    private NanoClock nanoClock = SystemNanoClock.INSTANCE;
    private Driving driving = Driving.THREAD;
    private ThreadFactory threadFactory = defaultFactory();
    private long threadKeepAliveNs;
    private TlsContextReference tlsContext;
    private final Map<String, MessageScheme> messageSchemes = new LinkedHashMap<>();
    private boolean concluded;

    /** Makes a context with the defaults. */
    public TransportContext() {}

    /**
     * Checks the values against one another and freezes them, the connection context too. Idempotent.
     *
     * @return this.
     * @throws IllegalArgumentException if values don't go together.
     */
    public TransportContext conclude() {
        if (!concluded) {
            connectionContext.conclude();
            concluded = true;
        }
        return this;
    }

    /**
     * Settings of all connections that are not given their own.
     *
     * @return the context.
     */
    public ConnectionContext connectionContext() {
        return connectionContext;
    }

    /**
     * Sets the settings of all connections that are not given their own.
     *
     * @param context to use, which is concluded with this one.
     * @return this.
     */
    public TransportContext connectionContext(final ConnectionContext context) {
        checkOpen();
        connectionContext = Objects.requireNonNull(context, "connectionContext");
        return this;
    }

    /**
     * How long {@link Transport#close()} waits for the connections before it ends them unflushed. A connection's own
     * bound is {@link ConnectionContext#closeTimeoutNs()}.
     *
     * @return nanoseconds: 5 s unless set.
     */
    public long closeTimeoutNs() {
        return closeTimeoutNs;
    }

    /**
     * Sets how long {@link Transport#close()} waits for the connections.
     *
     * @param ns nanoseconds: positive.
     * @return this.
     */
    public TransportContext closeTimeoutNs(final long ns) {
        checkOpen();
        closeTimeoutNs = Ranges.positive("closeTimeoutNs", ns);
        return this;
    }

    /**
     * The clock for all deadlines.
     *
     * @return the clock.
     */
    public NanoClock nanoClock() {
        return nanoClock;
    }

    /**
     * Sets the clock for all deadlines.
     *
     * @param clock to read; from any thread.
     * @return this.
     */
    public TransportContext nanoClock(final NanoClock clock) {
        checkOpen();
        nanoClock = Objects.requireNonNull(clock, "nanoClock");
        return this;
    }

    /**
     * Who drives connections and listeners.
     *
     * @return {@link Driving#THREAD} unless set.
     */
    public Driving driving() {
        return driving;
    }

    /**
     * Sets who drives connections and listeners.
     *
     * @param newDriving to use.
     * @return this.
     * @throws IllegalArgumentException if the JDK that runs can't do that: names both.
     */
    public TransportContext driving(final Driving newDriving) {
        checkOpen();
        if (newDriving == Driving.VIRTUAL_THREAD && VirtualThreads.factory().isEmpty()) {
            throw new IllegalArgumentException("virtual threads take JDK 21 or later: driving=" + newDriving
                    + " running=" + Runtime.version().feature());
        }
        driving = Objects.requireNonNull(newDriving, "driving");
        return this;
    }

    /**
     * Makes all platform threads of the transport, on the thread that connects, listens or accepts, or wakes a connection without one.
     *
     * @return the factory; unless set, of threads that are not daemons, so that an open connection keeps the process
     *     alive, with the context class loader of who made this context, and nothing else inherited.
     */
    public ThreadFactory threadFactory() {
        return threadFactory;
    }

    /**
     * Sets what makes all platform threads of the transport. Their names are set after it, and say role and number:
     * {@code millrace-connection-7}, {@code millrace-listener-8080}, {@code millrace-reconnect}, {@code millrace-poller};
     * virtual threads, which the JDK makes, have the same names. A platform thread whose connection or listener has ended, or is silent
     * for long, may serve the next one, under its name, with whatever thread-locals and priority it was left with; a few wait for that, as
     * {@code millrace-spare}, for a second. Whether they are daemons is up to the factory, but the
     * poller of virtual threads is one always. A connection that gets no thread, for the factory throws or answers null, ends with
     * {@link CloseReason#THREAD_LOST}; a listener is closed and throws.
     *
     * @param factory of threads that are not started.
     * @return this.
     */
    public TransportContext threadFactory(final ThreadFactory factory) {
        checkOpen();
        threadFactory = Objects.requireNonNull(factory, "threadFactory");
        return this;
    }

    /**
     * How long a connection keeps its thread that has nothing to do.
     *
     * @return nanoseconds: unless set, 60 s with {@link Driving#THREAD} and 10 s with {@link Driving#VIRTUAL_THREAD}.
     */
    public long threadKeepAliveNs() {
        if (threadKeepAliveNs > 0) {
            return threadKeepAliveNs;
        }
        return driving == Driving.VIRTUAL_THREAD ? VIRTUAL_KEEP_ALIVE_NS : KEEP_ALIVE_NS;
    }

    /**
     * Sets how long a connection keeps its thread that has nothing to do. After that one poller watches for all of them, and what
     * comes next, from the peer, a sender or a timer, has the factory make another thread, unless a spare one waits: on platform threads
     * that delays it by some 0.2 ms, by less than 0.1 with a spare one. A connection that finds none ends with
     * {@link CloseReason#THREAD_LOST}, of which its handler hears on the poller's thread: it must not hold that up. Threads that never
     * sleep are kept, and an invoker has none.
     *
     * @param ns nanoseconds: positive; {@link Long#MAX_VALUE} for as long as the connection lives.
     * @return this.
     */
    public TransportContext threadKeepAliveNs(final long ns) {
        checkOpen();
        threadKeepAliveNs = Ranges.positive("threadKeepAliveNs", ns);
        return this;
    }

    /** What a thread inherits must not depend on who happens to connect, or to send. */
    @SuppressWarnings("ThreadPriorityCheck") // The normal one.
    private static ThreadFactory defaultFactory() {
        final ClassLoader loader = Thread.currentThread().getContextClassLoader();
        return target -> {
            final Thread thread = new Thread(null, target, "millrace", 0, false);
            thread.setDaemon(false);
            thread.setPriority(Thread.NORM_PRIORITY);
            thread.setContextClassLoader(loader);
            return thread;
        };
    }

    /**
     * Keys, trust and settings for {@code tls}, for all connections that are not given their own.
     *
     * @return the context; empty for one without settings, which can connect only.
     */
    public Optional<TlsContextReference> tlsContext() {
        return Optional.ofNullable(tlsContext);
    }

    /**
     * Sets keys, trust and settings for {@code tls}.
     *
     * @param context to use, which is concluded here.
     * @return this.
     */
    public TransportContext tlsContext(final TlsContext context) {
        checkOpen();
        return tlsContext(new TlsContextReference(Objects.requireNonNull(context, "tlsContext")));
    }

    /**
     * Sets keys, trust and settings for {@code tls}, to be changed later by {@link TlsContextReference#swap}.
     *
     * @param context to use: each connection takes what it holds when it begins.
     * @return this.
     */
    public TransportContext tlsContext(final TlsContextReference context) {
        checkOpen();
        tlsContext = Objects.requireNonNull(context, "tlsContext");
        return this;
    }

    /**
     * Engines that were given, in the order that they were.
     *
     * @return an immutable list.
     */
    public List<MessageScheme> messageSchemes() {
        return List.copyOf(messageSchemes.values());
    }

    /**
     * Gives an engine that carries messages, with settings of its own. It goes before one of the same name that was given
     * earlier or that the service loader finds.
     *
     * @param scheme to use.
     * @return this.
     */
    public TransportContext messageScheme(final MessageScheme scheme) {
        checkOpen();
        messageSchemes.put(Objects.requireNonNull(scheme, "messageScheme").name(), scheme);
        return this;
    }

    private void checkOpen() {
        Ranges.notConcluded(concluded);
    }
}
