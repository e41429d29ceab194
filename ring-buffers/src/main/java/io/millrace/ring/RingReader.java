package io.millrace.ring;

import static io.millrace.ring.ConsumerFields.HEAD_POSITION;
import static io.millrace.ring.ConsumerFields.HEAD_SLOT;

import java.nio.ByteBuffer;
import java.util.Objects;

/** The consumer's side of a {@link ByteRing}: walks marks, lends regions, publishes the head. One thread. */
final class RingReader {
    private final int capacity;
    private final ByteBuffer buffer;
    private final ByteBuffer region;
    private final SlotMarks marks;
    private final ConsumerFields head;

    private Thread owner;

    RingReader(final int capacity, final ByteBuffer buffer, final SlotMarks marks, final ConsumerFields head) {
        this.capacity = capacity;
        this.buffer = buffer;
        this.region = buffer.duplicate().limit(0);
        this.marks = marks;
        this.head = head;
    }

    int read(final RecordHandler handler, final int limit) {
        Objects.requireNonNull(handler, "handler");
        assert isOwner() : notOwner();
        checkNoRegion();
        final long start = headPosition();
        long position = start;
        long slot = headSlot();
        int records = 0;
        head.reading = true;
        try {
            while (records < limit) {
                final long mark = marks.get(slot);
                if (!marks.isSet(mark, slot)) {
                    break;
                }
                final int offset = offset(position);
                final int length = RingDescriptor.length(mark);
                position += length;
                slot++;
                if (RingDescriptor.isAborted(mark)) {
                    head.abortedRecords++;
                } else {
                    records++;
                    handler.onRecord(buffer, offset, length);
                }
            }
        } finally {
            head.reading = false;
            if (position != start) {
                head.readRecords += records;
                publish(position, slot);
            }
        }
        return records;
    }

    ByteBuffer peek(final int limitBytes) {
        assert isOwner() : notOwner();
        checkNotReading();
        final long start = headPosition();
        if (head.regionEnd <= start) {
            findRegion(skipAborted(start), limitBytes);
        }
        // Within a region the offset does not wrap: what runs past the capacity lies in the run-out.
        final int base = offset(head.regionStart);
        return region.limit(base + (int) (head.regionEnd - head.regionStart))
                .position(base + (int) (headPosition() - head.regionStart));
    }

    private long skipAborted(final long start) {
        long position = start;
        long slot = headSlot();
        for (long mark = marks.get(slot);
                marks.isSet(mark, slot) && RingDescriptor.isAborted(mark);
                mark = marks.get(slot)) {
            position += RingDescriptor.length(mark);
            slot++;
            head.abortedRecords++;
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
            final long mark = marks.get(slot);
            if (!marks.isSet(mark, slot) || RingDescriptor.isAborted(mark)) {
                break;
            }
            final int length = RingDescriptor.length(mark);
            if (bytes != 0 && bytes + length > limitBytes) {
                break;
            }
            bytes += length;
            slot++;
        }
        head.regionStart = start;
        head.regionEnd = start + bytes;
        head.regionEndSlot = slot;
    }

    void release(final int bytes) {
        assert isOwner() : notOwner();
        final long start = headPosition();
        final long left = Math.max(0, head.regionEnd - start);
        if (bytes < 0 || bytes > left) {
            throw new IllegalArgumentException("cannot release bytes=" + bytes + " of a region with left=" + left);
        }
        final long position = start + bytes;
        final long firstSlot = headSlot();
        final long slot = position >= head.regionEnd ? head.regionEndSlot : slotAt(position, firstSlot);
        if (left != 0) {
            head.readRecords += slot - firstSlot;
            publish(position, slot);
        }
    }

    /** The slot of the record that holds the position, within the region. */
    private long slotAt(final long position, final long firstSlot) {
        long slot = firstSlot;
        for (long mark = marks.get(slot); end(mark) <= position; mark = marks.get(slot)) {
            slot++;
        }
        return slot;
    }

    int begunRecordLeft() {
        assert isOwner() : notOwner();
        final long position = headPosition();
        if (head.regionEnd <= position) {
            return 0;
        }
        final long mark = marks.get(headSlot());
        final boolean isBegun = RingDescriptor.startPosition(mark, head.regionStart) != position;
        return isBegun ? (int) (end(mark) - position) : 0;
    }

    private long end(final long mark) {
        return RingDescriptor.startPosition(mark, head.regionStart) + RingDescriptor.length(mark);
    }

    int unblock(final long tailSlot, final long tailPosition) {
        assert isOwner() : notOwner();
        checkNoRegion();
        final long firstSlot = headSlot();
        final int claimed = (int) (tailSlot - firstSlot);
        int skipped = 0;
        while (skipped < claimed && !marks.isSet(marks.get(firstSlot + skipped), firstSlot + skipped)) {
            skipped++;
        }
        if (skipped != 0) {
            final long position = skipped == claimed
                    ? tailPosition
                    : RingDescriptor.startPosition(marks.get(firstSlot + skipped), headPosition());
            for (int i = 0; i < skipped; i++) {
                passUnmarked(firstSlot + i);
            }
            head.unblockedRecords += skipped;
            publish(position, firstSlot + skipped);
        }
        return skipped;
    }

    /**
     * Marks a slot in the dead claimant's place. Left as it was, it would hold the mark of two laps ago by the time we come
     * round to it, which looks like one of that lap. Should the claimant come late, its mark is of the same lap.
     */
    private void passUnmarked(final long slot) {
        marks.set(slot, RingDescriptor.aborted(0, 0));
    }

    long readRecords() {
        return head.readRecords;
    }

    long abortedRecords() {
        return head.abortedRecords;
    }

    long unblockedRecords() {
        return head.unblockedRecords;
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
        if (head.reading) {
            throw new IllegalStateException("a handler must not read its own ring: position=" + headPosition());
        }
    }

    private void checkNoRegion() {
        checkNotReading();
        if (head.regionEnd > headPosition()) {
            throw new IllegalStateException(
                    "release the peeked region first: left=" + (head.regionEnd - headPosition()));
        }
    }

    void attach() {
        owner = null;
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
