package io.millrace.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/** A {@link Parker} by {@link LockSupport}. Returns at once while the waiting thread is interrupted. */
@SuppressWarnings("UnusedVariable") // Read through the VarHandle.
public final class ThreadParker implements Parker {
    private static final VarHandle SLEEPER;

    static {
        try {
            SLEEPER = MethodHandles.lookup().findVarHandle(ThreadParker.class, "sleeper", Thread.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private Thread sleeper;

    /** Makes a parker for the thread that first parks on it. */
    public ThreadParker() {}

    @Override
    public void park(final long maxNs) {
        // Ordered before the doorbell's check by the doorbell's volatile write: whoever rings sees it.
        SLEEPER.setVolatile(this, Thread.currentThread());
        if (maxNs == Long.MAX_VALUE) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, maxNs);
        }
    }

    @Override
    public void unpark() {
        LockSupport.unpark((Thread) SLEEPER.getVolatile(this));
    }
}
