package io.millrace.ring;

import static io.millrace.ring.ConsumerFields.HEAD_POSITION;
import static io.millrace.ring.ConsumerFields.HEAD_SLOT;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/** The consumer's side of a {@link ByteRing}: walks marks, lends regions, publishes the head. One thread. */
final class RingReader {
    static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(long[].class);

    private final int capacity;
    private final int slotCount;
    private final ByteBuffer buffer;
    private final ByteBuffer region;
    private final long[] slots;
    private final ConsumerFields head;

    private long regionStart;
    private long regionEnd;
    private long regionEndSlot;
    private long readRecords;
    private long abortedRecords;
    private long unblockedRecords;
    private boolean reading;
    private Thread owner;

    RingReader(final int capacity, final ByteBuffer buffer, final long[] slots, final ConsumerFields head) {
        this.capacity = capacity;
        this.slotCount = slots.length;
        this.buffer = buffer;
        this.region = buffer.duplicate().limit(0);
        this.slots = slots;
        this.head = head;
    }

    int read(final RecordHandler handler, final int limit) {
        assert isOwner() : notOwner();
        checkNoRegion();
        final long start = headPosition();
        long position = start;
        long slot = headSlot();
        int records = 0;
        reading = true;
        try {
            while (records < limit) {
                final long mark = mark(slot);
                if (!isMarked(mark, slot)) {
                    break;
                }
                final int offset = offset(position);
                final int length = RingDescriptor.length(mark);
                position += length;
                slot++;
                if (RingDescriptor.isAborted(mark)) {
                    abortedRecords++;
                } else {
                    records++;
                    handler.onRecord(buffer, offset, length);
                }
            }
        } finally {
            reading = false;
            if (position != start) {
                readRecords += records;
                publish(position, slot);
            }
        }
        return records;
    }

    ByteBuffer peek(final int limitBytes) {
        assert isOwner() : notOwner();
        checkNotReading();
        final long start = headPosition();
        if (regionEnd <= start) {
            findRegion(skipAborted(start), limitBytes);
        }
        // Within a region the offset does not wrap: what runs past the capacity lies in the run-out.
        final int base = offset(regionStart);
        return region.limit(base + (int) (regionEnd - regionStart))
                .position(base + (int) (headPosition() - regionStart));
    }

    private long skipAborted(final long start) {
        long position = start;
        long slot = headSlot();
        for (long mark = mark(slot); isMarked(mark, slot) && RingDescriptor.isAborted(mark); mark = mark(slot)) {
            position += RingDescriptor.length(mark);
            slot++;
            abortedRecords++;
        }
        if (position != start) {
            publish(position, slot);
        }
        return position;
    }

    private void findRegion(final long start, final int limitBytes) {
        final int room = capacity - offset(start);
        long slot = headSlot();
        int bytes = 0;
        while (bytes < room) {
            final long mark = mark(slot);
            if (!isMarked(mark, slot) || RingDescriptor.isAborted(mark)) {
                break;
            }
            final int length = RingDescriptor.length(mark);
            if (bytes != 0 && bytes + length > limitBytes) {
                break;
            }
            bytes += length;
            slot++;
        }
        regionStart = start;
        regionEnd = start + bytes;
        regionEndSlot = slot;
    }

    void release(final int bytes) {
        assert isOwner() : notOwner();
        final long start = headPosition();
        final long left = Math.max(0, regionEnd - start);
        if (bytes < 0 || bytes > left) {
            throw new IllegalArgumentException("cannot release bytes=" + bytes + " of a region with left=" + left);
        }
        final long position = start + bytes;
        final long firstSlot = headSlot();
        final long slot = position >= regionEnd ? regionEndSlot : slotAt(position, firstSlot);
        if (left != 0) {
            readRecords += slot - firstSlot;
            publish(position, slot);
        }
    }

    /** The slot of the record that holds the position, within the region. */
    private long slotAt(final long position, final long firstSlot) {
        long slot = firstSlot;
        for (long mark = mark(slot); end(mark) <= position; mark = mark(slot)) {
            slot++;
        }
        return slot;
    }

    private long end(final long mark) {
        return RingDescriptor.startPosition(mark, regionStart) + RingDescriptor.length(mark);
    }

    int unblock(final long tailSlot, final long tailPosition) {
        assert isOwner() : notOwner();
        checkNoRegion();
        final long firstSlot = headSlot();
        final int claimed = (int) (tailSlot - firstSlot);
        int skipped = 0;
        while (skipped < claimed && !isMarked(mark(firstSlot + skipped), firstSlot + skipped)) {
            skipped++;
        }
        if (skipped != 0) {
            final long position = skipped == claimed
                    ? tailPosition
                    : RingDescriptor.startPosition(mark(firstSlot + skipped), headPosition());
            for (int i = 0; i < skipped; i++) {
                passUnmarked(firstSlot + i);
            }
            unblockedRecords += skipped;
            publish(position, firstSlot + skipped);
        }
        return skipped;
    }

    /**
     * Marks a slot in the dead claimant's place. Left as it was, it would hold the mark of two laps ago by the time we come
     * round to it, which looks like one of that lap. Should the claimant come late, its mark is of the same lap.
     */
    private void passUnmarked(final long slot) {
        final long lap = RingDescriptor.lap(slot, slotCount);
        SLOTS.setRelease(slots, (int) slot & (slotCount - 1), RingDescriptor.aborted(0, 0, lap));
    }

    long readRecords() {
        return readRecords;
    }

    long abortedRecords() {
        return abortedRecords;
    }

    long unblockedRecords() {
        return unblockedRecords;
    }

    private long mark(final long slot) {
        // Acquire: pairs with the claimant's setRelease, so that the payload is seen.
        return (long) SLOTS.getAcquire(slots, (int) slot & (slotCount - 1));
    }

    private boolean isMarked(final long mark, final long slot) {
        return RingDescriptor.isOfLap(mark, RingDescriptor.lap(slot, slotCount));
    }

    private int offset(final long position) {
        return (int) position & (capacity - 1);
    }

    private long headPosition() {
        return (long) HEAD_POSITION.get(head);
    }

    private long headSlot() {
        return (long) HEAD_SLOT.get(head);
    }

    private void publish(final long position, final long slot) {
        // Release: pairs with the producers' getAcquire; our reads of the space are over.
        HEAD_SLOT.setRelease(head, slot);
        HEAD_POSITION.setRelease(head, position);
    }

    private void checkNotReading() {
        if (reading) {
            throw new IllegalStateException("a handler must not read its own ring: position=" + headPosition());
        }
    }

    private void checkNoRegion() {
        checkNotReading();
        if (regionEnd > headPosition()) {
            throw new IllegalStateException("release the peeked region first: left=" + (regionEnd - headPosition()));
        }
    }

    private boolean isOwner() {
        final Thread current = Thread.currentThread();
        if (owner == null || !owner.isAlive()) {
            owner = current;
        }
        return owner == current;
    }

    private String notOwner() {
        return "one thread reads a ring: owner=" + owner.getName() + " reader="
                + Thread.currentThread().getName();
    }
}
