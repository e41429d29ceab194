package io.millrace.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Wakes one sleeping consumer: costs a sender one load while the consumer is awake, never loses a wake-up, and sends at
 * most one per sleep.
 *
 * <h2>Memory ordering</h2>
 *
 * The consumer writes "asleep", then looks whether something was claimed; a sender claims, then reads the state. All
 * four are volatile, so at least one of the two sees the other. Because the <em>claim</em> takes part and not the commit,
 * the sender needs no fence of its own: the claim's compare-and-set is one already.
 */
@SuppressWarnings({"unused", "UnusedVariable"})
public final class Doorbell {
    private static final long AWAKE = 0;
    private static final long ASLEEP = 1;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Doorbell.class, "state", long.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    // Every sender reads the state for every record: keep what others write off its line. A long, for the JVM lays out
    // fields by size, and would put a smaller one before the padding.
    private long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15;
    private long state = AWAKE;
    private final Parker parker;
    private long z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, z12, z13, z14, z15;

    /**
     * Makes a doorbell.
     *
     * @param parker that the consumer sleeps on.
     */
    public Doorbell(final Parker parker) {
        this.parker = Objects.requireNonNull(parker, "parker");
    }

    /**
     * Wakes the consumer if it sleeps. To be called after the claim, and after the commit or the abort. Any thread; wait-free, apart
     * from what the parker's unpark does.
     */
    public void ring() {
        if ((long) STATE.getVolatile(this) == ASLEEP && STATE.compareAndSet(this, ASLEEP, AWAKE)) {
            parker.unpark();
        }
    }

    /**
     * Sleeps unless there is something to do. The consumer's thread; blocking.
     *
     * @param mayParkNs asked once senders can see the sleeper: how long it may sleep, in nanoseconds. 0 or less: not at
     *                  all. {@link Long#MAX_VALUE} only if the ring {@linkplain ByteRing#isEmpty() is empty}: a claim
     *                  that is already there may be committed without ringing.
     */
    public void sleep(final LongSupplier mayParkNs) {
        STATE.setVolatile(this, ASLEEP);
        try {
            final long ns = mayParkNs.getAsLong();
            if (ns > 0) {
                parker.park(ns);
            }
        } finally {
            attach();
        }
    }

    /**
     * Takes the place of {@link #sleep} for a thread that can be spared meanwhile, as in {@link Parker#tryDetach}: what is run
     * in the end has a thread call {@link #attach()}. The consumer's thread; does not block.
     *
     * @param mayParkNs as in {@link #sleep}.
     * @param resume    to run when there is something to do.
     * @return true if the caller is the consumer no more.
     */
    public boolean tryDetach(final LongSupplier mayParkNs, final Runnable resume) {
        STATE.setVolatile(this, ASLEEP);
        boolean detached = false;
        try {
            final long ns = mayParkNs.getAsLong();
            detached = ns > 0 && parker.tryDetach(ns, resume);
        } finally {
            if (!detached) {
                attach();
            }
        }
        return detached;
    }

    /** Is awake again. The consumer's thread, which may be another than the one that detached; wait-free. */
    public void attach() {
        STATE.setRelease(this, AWAKE);
    }
}
