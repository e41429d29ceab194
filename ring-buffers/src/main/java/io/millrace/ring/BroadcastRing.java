package io.millrace.ring;

import static io.millrace.ring.BroadcastFields.OLDEST;
import static io.millrace.ring.BroadcastFields.TAIL;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A ring of byte records from one writer to any number of readers, none of which it ever waits for, or even knows. A
 * reader that is too slow is overtaken, is told how much it missed, and goes on with whole records.
 *
 * <p>Laid out as {@link ByteRing} is: payload bytes next to one another, and out of line one long a record, here the
 * position at which it begins. So a record ends where the next one begins.
 *
 * <h2>Progress</h2>
 *
 * {@link #offer} is wait-free, amortised over the records that it overwrites; so are the queries; {@link #close} is
 * lock-free, for it changes the word that the writer changes. Nobody blocks.
 *
 * <h2>Memory ordering</h2>
 *
 * <ul>
 *   <li>tail (records published, and the closed bit): the writer and {@link #close}, by compare-and-set, after payload
 *       and boundary; a reader, {@code getAcquire} before them.
 *   <li>oldest (first record that is not being overwritten): the writer, {@code setOpaque} and a release fence
 *       <em>before</em> it overwrites; a reader, an acquire fence and {@code getOpaque} <em>after</em> it copied. A copy
 *       that holds a byte of a later record therefore sees that it does.
 *   <li>boundaries: the writer, {@code setOpaque}; a reader, {@code getOpaque}, validated as the payload is.
 * </ul>
 *
 * <h2>Results</h2>
 *
 * Positive: done. Negative: {@link ByteRing#CLOSED} or {@link ByteRing#RECORD_TOO_LONG}. A broadcast is never full.
 */
public final class BroadcastRing {
    static final VarHandle BOUNDARIES = MethodHandles.arrayElementVarHandle(long[].class);

    final BroadcastFields fields = new BroadcastFields();
    final long[] boundaries;
    final ByteBuffer buffer;

    private final int capacity;
    private final int maxRecordLength;

    // The writer's own.
    private long position;
    private Thread owner;

    /**
     * Makes an empty ring.
     *
     * @param capacity        in bytes: a power of two from 64 to 1 GiB. How far a reader may lag: by up to so many bytes,
     *                        and by up to one record less than there are times 32 of them, but 7 at least.
     * @param maxRecordLength in bytes: from 1 to the capacity, and at most 1 GiB less 8; the payload area is longer by so much.
     * @param memory          where the payload lives.
     * @throws IllegalArgumentException if a value is out of range.
     */
    public BroadcastRing(final int capacity, final int maxRecordLength, final Memory memory) {
        this(capacity, maxRecordLength, memory, 0);
    }

    BroadcastRing(final int capacity, final int maxRecordLength, final Memory memory, final long startPosition) {
        this.capacity = RingDescriptor.checkCapacity(capacity);
        this.maxRecordLength = RingDescriptor.checkMaxRecordLength(maxRecordLength, capacity);
        buffer = memory.allocate(capacity + maxRecordLength);
        boundaries = new long[RingDescriptor.slotCount(capacity)];
        position = startPosition;
        boundaries[0] = startPosition;
        VarHandle.releaseFence();
    }

    /**
     * Publishes the bytes from the source's position to its limit as one record. The source is left as it was. The
     * writer's thread.
     *
     * @param source of the record.
     * @return the position behind the record, or a negative code.
     * @throws IllegalArgumentException if the source is empty.
     */
    public long offer(final ByteBuffer source) {
        return offer(source, source.position(), source.remaining());
    }

    /**
     * Publishes bytes at an absolute offset as one record. The source is left as it was. The writer's thread.
     *
     * @param source of the record.
     * @param offset in the source, in bytes.
     * @param length of the record, in bytes: at least 1.
     * @return the position behind the record, or a negative code.
     * @throws IllegalArgumentException  if the length is not positive.
     * @throws IndexOutOfBoundsException if the range is not within the source's limit.
     */
    public long offer(final ByteBuffer source, final int offset, final int length) {
        assert isOwner()
                : "one thread writes a broadcast: owner=" + owner.getName() + " writer="
                        + Thread.currentThread().getName();
        Objects.checkFromIndexSize(offset, RingDescriptor.checkLength(length), source.limit());
        final long tail = (long) TAIL.getOpaque(fields);
        if (tail < 0) {
            return ByteRing.CLOSED;
        }
        if (length > maxRecordLength) {
            return ByteRing.RECORD_TOO_LONG;
        }
        final long end = position + length;
        makeRoom(tail, end);
        buffer.put(offset(position), source, offset, length);
        BOUNDARIES.setOpaque(boundaries, index(tail + 1), end);
        // Fails only if the ring was closed meanwhile: then the record was never there.
        if (!TAIL.compareAndSet(fields, tail, tail + 1)) {
            return ByteRing.CLOSED;
        }
        position = end;
        return end;
    }

    /** Gives up the records whose bytes or boundaries are about to be overwritten, and says so first. */
    private void makeRoom(final long tail, final long end) {
        final long before = (long) OLDEST.get(fields);
        long oldest = before;
        // A boundary for every record from the oldest to the new one, and the new one's end.
        while (end - boundaries[index(oldest)] > capacity || tail + 2 - oldest > boundaries.length) {
            oldest++;
        }
        if (oldest != before) {
            // Release: who skips to the oldest reads where that begins.
            OLDEST.setRelease(fields, oldest);
            // And another: pairs with the readers' acquire fence after the copy.
            VarHandle.releaseFence();
        }
    }

    /**
     * Makes a reader that begins behind the last record published so far. Any thread; the reader then belongs to the
     * one that reads. Lock-free: tries again each time the writer overwrites the whole ring meanwhile.
     *
     * @return the reader.
     */
    public BroadcastReader newReader() {
        return new BroadcastReader(this);
    }

    /**
     * Closes the ring: from here on every offer answers {@link ByteRing#CLOSED}; what was published stays readable, but
     * for what an offer under way has overwritten, even if it is answered so: readers are told of it as of any other gap.
     * Idempotent. Any thread; lock-free.
     *
     * @return true if this call closed it.
     */
    public boolean close() {
        return (long) TAIL.getAndBitwiseOr(fields, RingDescriptor.CLOSED_BIT) >= 0;
    }

    /**
     * Whether the ring is closed. Any thread. A reader is done when it saw this and then read nothing.
     *
     * @return true once closed.
     */
    public boolean isClosed() {
        return (long) TAIL.getVolatile(fields) < 0;
    }

    /**
     * Records published since the ring was made. Any thread.
     *
     * @return the count.
     */
    public long publishedRecords() {
        return (long) TAIL.getVolatile(fields) & Long.MAX_VALUE;
    }

    /**
     * Bytes that the ring can hold.
     *
     * @return the capacity.
     */
    public int capacity() {
        return capacity;
    }

    /**
     * The longest record the ring takes.
     *
     * @return the length in bytes.
     */
    public int maxRecordLength() {
        return maxRecordLength;
    }

    /** For debugging: counts and bounds, no bytes, each number read by itself. Any thread; wait-free. */
    @Override
    public String toString() {
        return "BroadcastRing publishedRecords=" + publishedRecords() + " closed=" + isClosed() + " capacity="
                + capacity + " maxRecordLength=" + maxRecordLength;
    }

    int offset(final long at) {
        return (int) at & (capacity - 1);
    }

    int index(final long record) {
        return (int) record & (boundaries.length - 1);
    }

    private boolean isOwner() {
        final Thread current = Thread.currentThread();
        if (owner == null || !owner.isAlive()) {
            owner = current;
        }
        return owner == current;
    }
}
