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

    /**
     * Takes the place of a park for a thread that can be spared meanwhile: whatever would end the park runs something, once, on
     * the thread that ends it. After a true answer the caller may touch nothing of what the park guards, for another thread
     * may be at it already. The waiting thread only; does not block.
     *
     * @param maxNs  longest time, as in {@link #park}.
     * @param resume to run at the end, which throws nothing.
     * @return false if it can't, or if the park would return at once: then nothing will run.
     */
    default boolean tryDetach(final long maxNs, final Runnable resume) {
        return false;
    }

    /** Ends a park, or the next one. Any thread. */
    void unpark();
}
