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
    /** Default for {@link #maxMessageLength()}. */
    public static final int DEFAULT_MAX_MESSAGE_LENGTH = 256 * 1024;

    /** Default for {@link #outboundCapacity()}. */
    public static final int DEFAULT_OUTBOUND_CAPACITY = 1024 * 1024;

    private static final int LONGEST_MESSAGE = 256 * 1024 * 1024;

    private int maxMessageLength = DEFAULT_MAX_MESSAGE_LENGTH;
    private int outboundCapacity = DEFAULT_OUTBOUND_CAPACITY;
    private long connectTimeoutNs = TimeUnit.SECONDS.toNanos(10);
    private long handshakeTimeoutNs = TimeUnit.SECONDS.toNanos(10);
    private long closeTimeoutNs = TimeUnit.SECONDS.toNanos(5);
    private NanoClock nanoClock = SystemNanoClock.INSTANCE;
    private ThreadFactory threadFactory = Thread::new;
    private SSLContext sslContext;
    private boolean concluded;

    /** Makes a context with the defaults. */
    public TransportContext() {}

    /**
     * Checks the values against one another and freezes them. Idempotent.
     *
     * @return this.
     * @throws IllegalArgumentException if the outbound ring could not hold a message of the maximum length.
     */
    public TransportContext conclude() {
        if (maxMessageLength > outboundCapacity / 2) {
            throw new IllegalArgumentException(
                    "outboundCapacity must be twice maxMessageLength or more: outboundCapacity=" + outboundCapacity
                            + " maxMessageLength=" + maxMessageLength);
        }
        concluded = true;
        return this;
    }

    /**
     * The longest message, sent or received, in bytes. A peer that announces a longer one loses its connection.
     *
     * @return the maximum.
     */
    public int maxMessageLength() {
        return maxMessageLength;
    }

    /**
     * Sets the longest message.
     *
     * @param bytes from 1 to 256 MiB.
     * @return this.
     */
    public TransportContext maxMessageLength(final int bytes) {
        checkOpen();
        if (bytes < 1 || bytes > LONGEST_MESSAGE) {
            throw new IllegalArgumentException(
                    "maxMessageLength must be from 1 to " + LONGEST_MESSAGE + ": maxMessageLength=" + bytes);
        }
        maxMessageLength = bytes;
        return this;
    }

    /**
     * Bytes that a connection takes before it answers {@link Connection#BACK_PRESSURED}.
     *
     * @return the capacity of its outbound ring.
     */
    public int outboundCapacity() {
        return outboundCapacity;
    }

    /**
     * Sets the capacity of a connection's outbound ring.
     *
     * @param bytes a power of two from 1 KiB to 1 GiB, twice {@link #maxMessageLength()} or more.
     * @return this.
     */
    public TransportContext outboundCapacity(final int bytes) {
        checkOpen();
        if (bytes < 1024 || bytes > 1 << 30 || Integer.bitCount(bytes) != 1) {
            throw new IllegalArgumentException("outboundCapacity must be a power of two from 1024 to " + (1 << 30)
                    + ": outboundCapacity=" + bytes);
        }
        outboundCapacity = bytes;
        return this;
    }

    /**
     * How long connecting may take.
     *
     * @return nanoseconds.
     */
    public long connectTimeoutNs() {
        return connectTimeoutNs;
    }

    /**
     * Sets how long connecting may take.
     *
     * @param ns nanoseconds: positive.
     * @return this.
     */
    public TransportContext connectTimeoutNs(final long ns) {
        connectTimeoutNs = checkTimeout("connectTimeoutNs", ns);
        return this;
    }

    /**
     * How long a TLS handshake may take, from the moment that the connection is made: what a silent peer is given.
     *
     * @return nanoseconds.
     */
    public long handshakeTimeoutNs() {
        return handshakeTimeoutNs;
    }

    /**
     * Sets how long a TLS handshake may take.
     *
     * @param ns nanoseconds: positive.
     * @return this.
     */
    public TransportContext handshakeTimeoutNs(final long ns) {
        handshakeTimeoutNs = checkTimeout("handshakeTimeoutNs", ns);
        return this;
    }

    /**
     * How long closing may take: flushing what was accepted, and waiting for the peer's end.
     *
     * @return nanoseconds.
     */
    public long closeTimeoutNs() {
        return closeTimeoutNs;
    }

    /**
     * Sets how long closing may take.
     *
     * @param ns nanoseconds: positive.
     * @return this.
     */
    public TransportContext closeTimeoutNs(final long ns) {
        closeTimeoutNs = checkTimeout("closeTimeoutNs", ns);
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

    private long checkTimeout(final String name, final long ns) {
        checkOpen();
        if (ns <= 0) {
            throw new IllegalArgumentException(name + " must be positive: " + name + "=" + ns);
        }
        return ns;
    }

    private void checkOpen() {
        if (concluded) {
            throw new IllegalStateException("the context is concluded: make a new one");
        }
    }
}
