package io.millrace.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * A {@link Parker} by {@link LockSupport}. Returns at once while the waiting thread is interrupted.
 *
 * <h2>Memory ordering</h2>
 *
 * The sleeper writes its name, then looks for the permit; a waker leaves the permit, then looks for the name. All four
 * are volatile, so at least one sees the other: an unpark that comes before the first park is not lost.
 *
 * <p>Who detaches puts what is to be run in the permit's place, if that is empty; a waker exchanges it for the permit. So
 * either the first finds a permit and stays, or one waker finds what to run, and sees all that was done before.
 */
public final class ThreadParker implements Parker {
    private static final VarHandle SLEEPER;
    private static final VarHandle WORD;
    private static final Object PERMIT = new Object();

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            SLEEPER = lookup.findVarHandle(ThreadParker.class, "sleeper", Thread.class);
            WORD = lookup.findVarHandle(ThreadParker.class, "word", Object.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    @SuppressWarnings("UnusedVariable") // Read through the VarHandle.
    private Thread sleeper;

    /** Null, the permit, or what to run. */
    @SuppressWarnings("UnusedVariable")
    private Object word;

    /** Makes a parker for the thread that parks on it. */
    public ThreadParker() {}

    @Override
    public void park(final long maxNs) {
        SLEEPER.setVolatile(this, Thread.currentThread());
        if (!takePermit()) {
            if (maxNs == Long.MAX_VALUE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, maxNs);
            }
            takePermit();
        }
    }

    /**
     * Takes the permit, if there is one, as a park would that returns at once. The waiting thread only; wait-free.
     *
     * @return whether there was one.
     */
    public boolean takePermit() {
        // By an exchange: whoever left the permit, the sleeper sees what that thread did before.
        return WORD.getAndSet(this, null) != null;
    }

    /** Only for an unbounded time, which nobody measures. Wait-free. */
    @Override
    public boolean tryDetach(final long maxNs, final Runnable resume) {
        // A thread that has ended is not to be kept.
        SLEEPER.setVolatile(this, null);
        return maxNs == Long.MAX_VALUE && WORD.compareAndSet(this, null, resume);
    }

    @Override
    public void unpark() {
        final Object before = WORD.getAndSet(this, PERMIT);
        if (before instanceof Runnable resume) {
            // It ends the sleep, and nothing is left for the next; also what others have left meanwhile is seen from
            // here on.
            WORD.compareAndSet(this, PERMIT, null);
            resume.run();
        } else {
            LockSupport.unpark((Thread) SLEEPER.getVolatile(this));
        }
    }
}
