package io.millrace.transport.agent;

import java.util.function.BooleanSupplier;

/** A thread that does one piece of work after the other, as long as there is more soon, and keeps nothing of what it has done. */
final class ServingThread implements Runnable {
    private final SpareThreads spares;

    /** Its thread's own, once it is started. */
    private BooleanSupplier first;

    /**
     * Makes it.
     *
     * @param first  work; answers false if it was not done, and then the thread ends.
     * @param spares to wait with.
     */
    ServingThread(final BooleanSupplier first, final SpareThreads spares) {
        this.first = first;
        this.spares = spares;
    }

    /** Ends also if the thread was interrupted. */
    @Override
    public void run() {
        if (!begin()) {
            return;
        }
        boolean goOn = true;
        while (goOn && !Thread.currentThread().isInterrupted()) {
            final Runnable work = spares.await();
            goOn = work != null;
            if (goOn) {
                work.run();
            }
        }
    }

    private boolean begin() {
        final BooleanSupplier own = first;
        first = null;
        return own.getAsBoolean();
    }
}
