package io.millrace.transport;

import io.millrace.transport.tls.TlsContext;
import io.millrace.transport.tls.TlsContextReference;
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
    private ConnectionContext connectionContext = new ConnectionContext();
    private long closeTimeoutNs = TimeUnit.SECONDS.toNanos(5);
    private NanoClock nanoClock = SystemNanoClock.INSTANCE;
    private ThreadFactory threadFactory = Thread::new;
    private TlsContextReference tlsContext;
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
     * @return nanoseconds.
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
     * Makes the threads of connections and listeners.
     *
     * @return the factory.
     */
    public ThreadFactory threadFactory() {
        return threadFactory;
    }

    /**
     * Sets what makes the threads; they are named after it.
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
        return tlsContext(new TlsContextReference(context));
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

    private void checkOpen() {
        Ranges.notConcluded(concluded);
    }
}
