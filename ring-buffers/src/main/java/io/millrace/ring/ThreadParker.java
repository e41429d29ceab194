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
 */
public final class ThreadParker implements Parker {
    private static final VarHandle SLEEPER;
    private static final VarHandle PERMIT;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            SLEEPER = lookup.findVarHandle(ThreadParker.class, "sleeper", Thread.class);
            PERMIT = lookup.findVarHandle(ThreadParker.class, "permit", boolean.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    @SuppressWarnings("UnusedVariable") // Read through the VarHandle.
    private Thread sleeper;

    @SuppressWarnings("UnusedVariable")
    private boolean permit;

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

    /** By an exchange: whoever left the permit, the sleeper sees what that thread did before. */
    private boolean takePermit() {
        return (boolean) PERMIT.getAndSet(this, false);
    }

    @Override
    public void unpark() {
        PERMIT.setVolatile(this, true);
        LockSupport.unpark((Thread) SLEEPER.getVolatile(this));
    }
}
