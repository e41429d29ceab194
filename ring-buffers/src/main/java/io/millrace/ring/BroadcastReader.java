package io.millrace.ring;

import static io.millrace.ring.BroadcastFields.OLDEST;
import static io.millrace.ring.BroadcastRing.BOUNDARIES;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * One reader of a {@link BroadcastRing}, from {@link BroadcastRing#newReader()}. It copies a record, makes sure that the
 * writer did not touch it meanwhile, and only then hands the copy over: a handler never sees a torn record. One thread.
 */
public final class BroadcastReader {
    private final BroadcastRing ring;
    private final ByteBuffer copy;
    private long record;
    private long position;
    private long readRecords;
    private long missedRecords;
    private long missedBytes;
    private boolean reading;
    private Thread owner;

    BroadcastReader(final BroadcastRing ring) {
        this.ring = ring;
        copy = ByteBuffer.allocate(ring.maxRecordLength());
        do {
            record = ring.publishedRecords();
            position = boundary(record);
        } while (isOverwritten(record));
    }

    /**
     * Reads records one by one, and reports a gap before the record behind it. What was handed over or reported is over
     * when the call ends, also by an exception of the handler. Wait-free but for the search for a place to go on from
     * after a gap, which is lock-free: it tries again each time the writer overtakes it by another half ring.
     *
     * @param handler of records and gaps.
     * @param limit   of records in this call.
     * @return how many records were handled.
     * @throws IllegalStateException if called by its own handler.
     */
    public int read(final BroadcastHandler handler, final int limit) {
        assert isOwner()
                : "one thread reads by a reader: owner=" + owner.getName() + " reader="
                        + Thread.currentThread().getName();
        Objects.requireNonNull(handler, "handler");
        if (reading) {
            throw new IllegalStateException("a handler must not read by its own reader: record=" + record);
        }
        int records = 0;
        reading = true;
        try {
            // Acquire, in publishedRecords: pairs with the writer's compare-and-set after payload and boundary.
            while (records < limit && record < ring.publishedRecords()) {
                final int length = copyNext();
                if (length < 0) {
                    skip(handler);
                } else {
                    record++;
                    position += length;
                    readRecords++;
                    records++;
                    handler.onRecord(copy, 0, length);
                }
            }
        } finally {
            reading = false;
        }
        return records;
    }

    /** Copies the next record; negative if it was overwritten. */
    private int copyNext() {
        final long end = boundary(record + 1);
        // First of all for the boundary: a later record's would make a length of nonsense.
        if (isOverwritten(record)) {
            return -1;
        }
        final int length = (int) (end - position);
        copy.put(0, ring.buffer, ring.offset(position), length);
        return isOverwritten(record) ? -1 : length;
    }

    /** Half-way between the oldest record and the newest: close behind the oldest one would be overtaken again at once. */
    private void skip(final BroadcastHandler handler) {
        long next;
        long nextPosition;
        do {
            final long oldest = (long) OLDEST.getAcquire(ring.fields);
            next = oldest + (Math.max(oldest, ring.publishedRecords()) - oldest) / 2;
            nextPosition = boundary(next);
        } while (isOverwritten(next));
        final long records = next - record;
        final long bytes = nextPosition - position;
        record = next;
        position = nextPosition;
        missedRecords += records;
        missedBytes += bytes;
        handler.onMissed(records, bytes);
    }

    private long boundary(final long of) {
        return (long) BOUNDARIES.getOpaque(ring.boundaries, ring.index(of));
    }

    private boolean isOverwritten(final long which) {
        // Acquire: pairs with the writer's release fence before it overwrites. What was loaded above stays above.
        VarHandle.acquireFence();
        return (long) OLDEST.getOpaque(ring.fields) > which;
    }

    /**
     * Whether something was published that this reader has not looked at. Its thread; wait-free.
     *
     * @return true if a read would find a record, or a gap.
     */
    public boolean hasNext() {
        return record < ring.publishedRecords();
    }

    /**
     * Whether the next read would find a gap first. Its thread; wait-free.
     *
     * @return true once the writer has overtaken this reader, until it reads on.
     */
    public boolean isOvertaken() {
        return isOverwritten(record);
    }

    /**
     * Whether the ring is closed. Any thread; wait-free. The reader is done when it saw this and then read nothing.
     *
     * @return true once closed.
     */
    public boolean isClosed() {
        return ring.isClosed();
    }

    /**
     * Records that were handed over.
     *
     * @return the count.
     */
    public long readRecords() {
        return readRecords;
    }

    /**
     * Records that were overwritten before they could be read.
     *
     * @return the count.
     */
    public long missedRecords() {
        return missedRecords;
    }

    /**
     * Bytes that were overwritten before they could be read.
     *
     * @return the count.
     */
    public long missedBytes() {
        return missedBytes;
    }

    /** For debugging. Its thread; wait-free. */
    @Override
    public String toString() {
        return "BroadcastReader readRecords=" + readRecords + " missedRecords=" + missedRecords + " missedBytes="
                + missedBytes + " waitingRecords=" + (ring.publishedRecords() - record);
    }

    /** The calling thread is the one that reads from here on, having seen all that the one before did. Wait-free. */
    public void attach() {
        owner = null;
    }

    private boolean isOwner() {
        final Thread current = Thread.currentThread();
        if (owner == null || !owner.isAlive()) {
            owner = current;
        }
        return owner == current;
    }
}
