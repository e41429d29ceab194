package io.millrace.transport.agent;

import io.millrace.ring.Parker;
import io.millrace.ring.ThreadParker;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.NanoClock;
import org.jctools.queues.varhandle.MpmcVarHandleArrayQueue;

/**
 * Threads whose work has ended, or does without one, for the next: a few wait for it a short while, the rest end. One thread does one piece of work at
 * a time. Lock-free, apart from {@link #await()}, which blocks.
 *
 * <h2>Memory ordering</h2>
 *
 * <ul>
 *   <li>a place's work: by compare-and-set, from nothing either to a piece of work, by who has taken the place out of the
 *       queue, or to {@link #GONE}, by the thread that waits: one of the two, once.
 *   <li>closed: a thread puts its place into the queue, then looks; who closes writes, then empties the queue. All are volatile,
 *       so one of the two sees the other.
 * </ul>
 */
final class SpareThreads {
    /** How many wait at most. */
    static final int MOST = 32;

    /** How long one waits. A thread that is no daemon keeps the process for that time. */
    static final long KEEP_NS = TimeUnit.SECONDS.toNanos(1);

    static final String NAME = "millrace-spare";

    private static final Runnable GONE = new Runnable() {
        @Override
        public void run() {
            // A mark, which nobody runs.
        }
    };

    private final Queue<Place> places = new MpmcVarHandleArrayQueue<>(MOST);
    private final NanoClock clock;
    private volatile boolean closed;

    SpareThreads(final NanoClock clock) {
        this.clock = clock;
    }

    /** Has a thread that waits do the work; false if there is none. Any thread. */
    boolean tryRun(final Runnable work) {
        for (Place place = places.poll(); place != null; place = places.poll()) {
            if (place.tryGive(work)) {
                return true;
            }
        }
        return false;
    }

    /** Waits for work, under another name; null if the calling thread is to end. */
    Runnable await() {
        final Place place = new Place();
        if (closed || !places.offer(place)) {
            return null;
        }
        Thread.currentThread().setName(NAME);
        return place.await(clock.nanoTime() + KEEP_NS);
    }

    /** Ends those that wait, and has no other wait. Idempotent. */
    void close() {
        closed = true;
        for (Place place = places.poll(); place != null; place = places.poll()) {
            place.tryGive(GONE);
        }
    }

    private final class Place {
        private final AtomicReference<Runnable> work = new AtomicReference<>();
        private final Parker thread = new ThreadParker();

        boolean tryGive(final Runnable given) {
            final boolean taken = work.compareAndSet(null, given);
            if (taken) {
                thread.unpark();
            }
            return taken;
        }

        Runnable await(final long endNs) {
            long leftNs = endNs - clock.nanoTime();
            while (work.get() == null) {
                if (leftNs <= 0 || closed || Thread.currentThread().isInterrupted()) {
                    work.compareAndSet(null, GONE);
                } else {
                    thread.park(leftNs);
                    leftNs = endNs - clock.nanoTime();
                }
            }
            return work.get() == GONE ? null : work.get();
        }
    }
}
