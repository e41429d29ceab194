package io.millrace.transport;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
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
    private SSLContext sslContext;
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
     * Keys and trust for {@code tls}, on both sides.
     *
     * @return the context; empty for the JDK's default, which has trust but no key, so that it can connect only.
     */
    public Optional<SSLContext> sslContext() {
        return Optional.ofNullable(sslContext);
    }

    /**
     * Sets keys and trust for {@code tls}.
     *
     * @param context to make engines with.
     * @return this.
     */
    public TransportContext sslContext(final SSLContext context) {
        checkOpen();
        sslContext = Objects.requireNonNull(context, "sslContext");
        return this;
    }

    private void checkOpen() {
        Ranges.notConcluded(concluded);
    }
}
