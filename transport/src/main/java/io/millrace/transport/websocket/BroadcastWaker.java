package io.millrace.transport.websocket;

import io.millrace.ring.BroadcastRing;
import io.millrace.ring.Doorbell;
import io.millrace.ring.ThreadParker;
import io.millrace.session.SnapshotSet;
import java.util.List;

/**
 * Wakes the readers of a broadcast that has many: those that have not read all that is published. A publisher that woke them itself would
 * be one runnable thread among all that it has woken, come to run again when each has had its turn, and so wake all of them for each message. Here it goes
 * on publishing meanwhile, and who wakes finds more than one. {@code Broadcast} in the benchmarks has the figures.
 *
 * <h2>Memory ordering</h2>
 *
 * The publisher publishes, then reads whether the waker sleeps (by a {@link Doorbell}), or has ended; the waker says either, then looks
 * again at what is published. All four are volatile, so one of the two sees the other.
 */
final class BroadcastWaker implements Runnable {
    /** Any thread. */
    interface Reader {
        /** Whether it has read so many records, or more: then there is nothing to wake it for. */
        boolean hasRead(long records);

        void wake();
    }

    private static final System.Logger LOGGER = System.getLogger(BroadcastWaker.class.getName());

    private final BroadcastRing ring;
    private final SnapshotSet<? extends Reader> readers;
    private final Doorbell doorbell = new Doorbell(new ThreadParker());

    /** The waker's own. */
    private long woken;

    private volatile boolean ended;

    BroadcastWaker(final BroadcastRing ring, final SnapshotSet<? extends Reader> readers) {
        this.ring = ring;
        this.readers = readers;
    }

    /** Something was published, or the ring closed; false if it has ended, and may not see that. Any thread. */
    boolean tell() {
        doorbell.ring();
        return !ended;
    }

    /** Until the ring is closed. */
    @Override
    public void run() {
        while (!ring.isClosed()) {
            wakeReaders();
            doorbell.sleep(this::mayParkNs);
        }
        ended = true;
        wakeReaders();
    }

    private long mayParkNs() {
        return ring.publishedRecords() == woken && !ring.isClosed() ? Long.MAX_VALUE : 0;
    }

    /** If there is anything new to wake them for. */
    private void wakeReaders() {
        final long published = ring.publishedRecords();
        if (published != woken) {
            woken = published;
            wake(readers.snapshot(), published);
        }
    }

    /** Those that have not read so many records. */
    static void wake(final List<? extends Reader> readers, final long published) {
        for (int i = 0; i < readers.size(); i++) {
            final Reader reader = readers.get(i);
            try {
                if (!reader.hasRead(published)) {
                    reader.wake();
                }
            } catch (final RuntimeException | Error ex) {
                LOGGER.log(System.Logger.Level.DEBUG, "a reader of a broadcast can't be woken", ex);
            }
        }
    }
}
