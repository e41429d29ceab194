package io.millrace.transport.aeron;

import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/**
 * Settings of an {@link AeronScheme}. Set it up on one thread; {@link #conclude()} freezes it, after which any thread may read
 * it. Setters check their value at once.
 *
 * <p>Unless {@link #directory} says where a media driver runs, there is one in this process: in a directory of its own, which
 * is removed when nobody needs the driver any more. The defaults are for machines of few cores, where a driver that spins takes
 * from others what it gives: one thread for all of the driver, which backs off.
 */
public final class AeronContext {
    /** Default for {@link #streamId()}. */
    public static final int DEFAULT_STREAM_ID = 7001;

    private static final int LEAST_MTU = 64;
    private static final int MOST_MTU = 65_504;
    private static final int MTU_ALIGNMENT = 32;

    private Path directory;
    private boolean embeddedDriver;
    private ThreadingMode threadingMode = ThreadingMode.SHARED;
    private Supplier<IdleStrategy> driverIdleStrategy = AeronContext::backoff;
    private Consumer<MediaDriver.Context> driverSettings = context -> {};
    private int streamId = DEFAULT_STREAM_ID;
    private int mtuLength = 1408;
    private int ipcMtuLength = MOST_MTU;
    private boolean sparseLogs = true;
    private long driverTimeoutNs = TimeUnit.SECONDS.toNanos(10);
    private long clientLivenessTimeoutNs = TimeUnit.SECONDS.toNanos(10);
    private long imageLivenessTimeoutNs = TimeUnit.SECONDS.toNanos(10);
    private long listenerTimeoutNs = TimeUnit.SECONDS.toNanos(5);
    private long maxParkNs = TimeUnit.MILLISECONDS.toNanos(1);
    private SubscriptionListener subscriptionListener = SubscriptionListener.NONE;
    private boolean concluded;

    /** Makes a context with the defaults. */
    public AeronContext() {}

    private static IdleStrategy backoff() {
        return new BackoffIdleStrategy(10, 20, TimeUnit.MICROSECONDS.toNanos(1), TimeUnit.MILLISECONDS.toNanos(1));
    }

    /**
     * Freezes the values, of which each was checked when it was set. Idempotent.
     *
     * @return this.
     */
    public AeronContext conclude() {
        concluded = true;
        return this;
    }

    /**
     * Where the media driver keeps what it shares.
     *
     * @return the directory; empty for a driver in this process, in a directory of its own.
     */
    public Optional<Path> directory() {
        return Optional.ofNullable(directory);
    }

    /**
     * Sets where the media driver runs that is to be used: another process's, unless {@link #embeddedDriver} is set too.
     *
     * @param path of the driver's directory, on shared memory such as {@code /dev/shm}.
     * @return this.
     */
    public AeronContext directory(final Path path) {
        checkOpen();
        directory = Objects.requireNonNull(path, "directory");
        return this;
    }

    /**
     * Whether the driver of {@link #directory()} is to run in this process.
     *
     * @return false unless set; without a directory it runs here anyway.
     */
    public boolean embeddedDriver() {
        return embeddedDriver;
    }

    /**
     * Sets whether the driver of {@link #directory()} is to run in this process, for others to use, too. It is removed when
     * nobody of this process needs it any more.
     *
     * @param embedded true for here.
     * @return this.
     */
    public AeronContext embeddedDriver(final boolean embedded) {
        checkOpen();
        embeddedDriver = embedded;
        return this;
    }

    /**
     * The threads of a driver in this process.
     *
     * @return one for all unless set.
     */
    public ThreadingMode threadingMode() {
        return threadingMode;
    }

    /**
     * Sets the threads of a driver in this process. {@link ThreadingMode#DEDICATED} takes three cores to be worth it.
     *
     * @param mode as Aeron has it, but {@link ThreadingMode#INVOKER}.
     * @return this.
     * @throws IllegalArgumentException if nobody would drive the driver.
     */
    public AeronContext threadingMode(final ThreadingMode mode) {
        checkOpen();
        threadingMode = Objects.requireNonNull(mode, "threadingMode");
        if (mode == ThreadingMode.INVOKER) {
            throw new IllegalArgumentException("nobody would invoke the driver: threadingMode=" + mode);
        }
        return this;
    }

    /**
     * What the threads of a driver in this process do when there is nothing to do.
     *
     * @return makes one for each of them: a back-off up to 1 ms unless set.
     */
    public Supplier<IdleStrategy> driverIdleStrategy() {
        return driverIdleStrategy;
    }

    /**
     * Sets what the threads of a driver in this process do when there is nothing to do.
     *
     * @param supplier makes one for each of them.
     * @return this.
     */
    public AeronContext driverIdleStrategy(final Supplier<IdleStrategy> supplier) {
        checkOpen();
        driverIdleStrategy = Objects.requireNonNull(supplier, "driverIdleStrategy");
        return this;
    }

    /**
     * What else is to be set on a driver in this process.
     *
     * @return called with its context, when all else is set.
     */
    public Consumer<MediaDriver.Context> driverSettings() {
        return driverSettings;
    }

    /**
     * Sets what else is to be set on a driver in this process, as Aeron's documentation has it.
     *
     * @param settings called with its context, when all else is set.
     * @return this.
     */
    public AeronContext driverSettings(final Consumer<MediaDriver.Context> settings) {
        checkOpen();
        driverSettings = Objects.requireNonNull(settings, "driverSettings");
        return this;
    }

    /**
     * The first of three streams that a listener takes on its channel, unless its URI says {@code stream-id}.
     *
     * @return the id.
     */
    public int streamId() {
        return streamId;
    }

    /**
     * Sets the first of three streams that a listener takes on its channel: the next two are its, too.
     *
     * @param id from 1 to 2^31 - 3.
     * @return this.
     */
    public AeronContext streamId(final int id) {
        checkOpen();
        streamId = (int) within("streamId", id, 1, Integer.MAX_VALUE - 2L);
        return this;
    }

    /**
     * Bytes of a datagram at most, over UDP: a longer message is cut, and a claim holds no longer one.
     *
     * @return the length, with Aeron's header of 32 bytes.
     */
    public int mtuLength() {
        return mtuLength;
    }

    /**
     * Sets the bytes of a datagram at most, over UDP. Whoever knows that all of the way carries more, such as jumbo frames or
     * the loopback device, may set more; the operating system's socket buffers have to hold it.
     *
     * @param bytes a multiple of 32 from 64 to 65,504.
     * @return this.
     */
    public AeronContext mtuLength(final int bytes) {
        checkOpen();
        mtuLength = mtu("mtuLength", bytes);
        return this;
    }

    /**
     * Bytes of a message in one piece at most, over shared memory, with Aeron's header of 32 bytes.
     *
     * @return the length.
     */
    public int ipcMtuLength() {
        return ipcMtuLength;
    }

    /**
     * Sets the bytes of a message in one piece at most, over shared memory. With a term of less than eight times that, an
     * eighth of the term counts.
     *
     * @param bytes a multiple of 32 from 64 to 65,504.
     * @return this.
     */
    public AeronContext ipcMtuLength(final int bytes) {
        checkOpen();
        ipcMtuLength = mtu("ipcMtuLength", bytes);
        return this;
    }

    static int mtu(final String name, final long bytes) {
        if (bytes < LEAST_MTU || bytes > MOST_MTU || bytes % MTU_ALIGNMENT != 0) {
            throw new IllegalArgumentException(name + " must be a multiple of " + MTU_ALIGNMENT + " from " + LEAST_MTU
                    + " to " + MOST_MTU + ": " + name + "=" + bytes);
        }
        return (int) bytes;
    }

    /**
     * Whether a driver in this process takes the memory of a log only as it is written to for the first time.
     *
     * @return true unless set: that there is room enough is looked at when a log is made, but not kept.
     */
    public boolean sparseLogs() {
        return sparseLogs;
    }

    /**
     * Sets whether a driver in this process takes the memory of a log only as it is written to for the first time. Then
     * connections open quickly, and those that send little take little; but if others have filled the file system of the
     * directory by then, whoever comes to a new page gets an {@link InternalError} of the JVM, a sender in the middle of its
     * offer. Otherwise all is taken when a connection is opened, which is refused if there is not enough, and nobody waits for a
     * page later; the driver does nothing else meanwhile, for milliseconds for each log.
     *
     * @param sparse false for all at once.
     * @return this.
     */
    public AeronContext sparseLogs(final boolean sparse) {
        checkOpen();
        sparseLogs = sparse;
        return this;
    }

    /**
     * How long the driver may give no sign of life before it counts as lost.
     *
     * @return nanoseconds.
     */
    public long driverTimeoutNs() {
        return driverTimeoutNs;
    }

    /**
     * Sets how long the driver may give no sign of life before it counts as lost.
     *
     * @param ns nanoseconds: 1.5 s or more, for a driver gives its signs of life once a second by default.
     * @return this.
     */
    public AeronContext driverTimeoutNs(final long ns) {
        checkOpen();
        driverTimeoutNs = within("driverTimeoutNs", ns, TimeUnit.MILLISECONDS.toNanos(1_500), Long.MAX_VALUE / 4);
        return this;
    }

    /**
     * How long a connection may stand still, in a handler that blocks or a process that is stopped, before a driver in this
     * process takes it for dead.
     *
     * @return nanoseconds.
     */
    public long clientLivenessTimeoutNs() {
        return clientLivenessTimeoutNs;
    }

    /**
     * Sets how long a connection may stand still before a driver in this process takes it for dead.
     *
     * @param ns nanoseconds: 1 s or more, for a connection gives its signs of life twice a second.
     * @return this.
     */
    public AeronContext clientLivenessTimeoutNs(final long ns) {
        checkOpen();
        clientLivenessTimeoutNs =
                within("clientLivenessTimeoutNs", ns, TimeUnit.SECONDS.toNanos(1), Long.MAX_VALUE / 4);
        return this;
    }

    /**
     * How long nothing may come from the peer's driver over UDP, not even its heartbeats, before a driver in this process
     * takes the peer for dead.
     *
     * @return nanoseconds.
     */
    public long imageLivenessTimeoutNs() {
        return imageLivenessTimeoutNs;
    }

    /**
     * Sets how long nothing may come from the peer's driver over UDP before a driver in this process takes the peer for dead.
     *
     * @param ns nanoseconds: 1 s or more.
     * @return this.
     */
    public AeronContext imageLivenessTimeoutNs(final long ns) {
        checkOpen();
        imageLivenessTimeoutNs = within("imageLivenessTimeoutNs", ns, TimeUnit.SECONDS.toNanos(1), Long.MAX_VALUE / 4);
        return this;
    }

    /**
     * How long to wait over UDP for a sign that somebody listens: nobody says that he does not.
     *
     * @return nanoseconds: 5 s unless set, for a driver that sets up a hundred connections on a busy machine takes its time.
     */
    public long listenerTimeoutNs() {
        return listenerTimeoutNs;
    }

    /**
     * Sets how long to wait over UDP for a sign that somebody listens.
     *
     * @param ns nanoseconds: positive.
     * @return this.
     */
    public AeronContext listenerTimeoutNs(final long ns) {
        checkOpen();
        listenerTimeoutNs = within("listenerTimeoutNs", ns, 1, Long.MAX_VALUE / 4);
        return this;
    }

    /**
     * How long a connection's thread sleeps at most before it looks for messages: nobody wakes it. It sleeps an eighth of the
     * time for which nothing has come, so that this is the most that a message waits after a long silence.
     *
     * @return nanoseconds.
     */
    public long maxParkNs() {
        return maxParkNs;
    }

    /**
     * Sets how long a connection's thread sleeps at most before it looks for messages.
     *
     * @param ns nanoseconds: from 50,000 to 100,000,000.
     * @return this.
     */
    public AeronContext maxParkNs(final long ns) {
        checkOpen();
        maxParkNs = within("maxParkNs", ns, TimeUnit.MICROSECONDS.toNanos(50), TimeUnit.MILLISECONDS.toNanos(100));
        return this;
    }

    /**
     * Who is told of the publishers that subscribers hear.
     *
     * @return nobody unless set.
     */
    public SubscriptionListener subscriptionListener() {
        return subscriptionListener;
    }

    /**
     * Sets who is told of the publishers that subscribers hear.
     *
     * @param listener called on the threads of the subscribers' connections.
     * @return this.
     */
    public AeronContext subscriptionListener(final SubscriptionListener listener) {
        checkOpen();
        subscriptionListener = Objects.requireNonNull(listener, "subscriptionListener");
        return this;
    }

    private static long within(final String name, final long value, final long least, final long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    name + " must be from " + least + " to " + most + ": " + name + "=" + value);
        }
        return value;
    }

    private void checkOpen() {
        if (concluded) {
            throw new IllegalStateException("the context is concluded: make a new one");
        }
    }
}
