package io.millrace.ring;

/**
 * How one thread blocks and how others end that: {@link ThreadParker}, a selector, or a caller's own hook. A parker has
 * a permit like {@link java.util.concurrent.locks.LockSupport}: an unpark before the park makes it return at once.
 */
public interface Parker {
    /**
     * Blocks until unparked, until the time is over, or for no reason. The waiting thread only.
     *
     * @param maxNs longest time to block, in nanoseconds: positive; {@link Long#MAX_VALUE} for no bound.
     */
    void park(long maxNs);

    /** Ends a park, or the next one. Any thread. */
    void unpark();
}
