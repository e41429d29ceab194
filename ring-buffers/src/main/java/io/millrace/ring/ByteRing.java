package io.millrace.ring;

import static io.millrace.ring.ConsumerFields.HEAD_POSITION;
import static io.millrace.ring.ConsumerFields.HEAD_SLOT;
import static io.millrace.ring.ProducerFields.HEAD_POSITION_CACHE;
import static io.millrace.ring.ProducerFields.TAIL;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.agrona.DirectBuffer;

/**
 * A bounded ring of byte records for one consumer, which lays them out as they go to the wire: contiguous, nothing in
 * between. So a whole batch of records is one region for one write or one TLS record. Closing is linearizable with
 * claiming: both change one word.
 *
 * <h2>Progress</h2>
 *
 * {@link #tryClaim}, {@link #offer} and {@link #offerBatch} are lock-free with many producers and wait-free with one;
 * {@link #close} is lock-free, for it changes the word that producers change; {@link #commit}, {@link #abort}, the queries
 * and the consumer's methods are wait-free, up to the bytes they copy and the records they pass; counting claims from
 * another thread than the consumer's is lock-free. One honest
 * limit: a record that is claimed and not yet committed hides the records behind it from the consumer. {@link #unblock} is
 * the way out after {@link #close}.
 *
 * <h2>Memory ordering</h2>
 *
 * <ul>
 *   <li>tail: producers and {@link #close}, by compare-and-set; read volatile, so that a claim and a {@link Doorbell}
 *       are seen in one order by all.
 *   <li>slot: the claimant, {@code setRelease} after the payload; the consumer, {@code getAcquire} before it.
 *   <li>head position and slot: the consumer, {@code setRelease} after its last read; a producer, {@code getAcquire}
 *       before its first write into the space.
 * </ul>
 *
 * <h2>Results</h2>
 *
 * Positive or zero: done. Negative: {@link #BACK_PRESSURED}, {@link #CLOSED} or {@link #RECORD_TOO_LONG}; nothing was
 * taken.
 */
public abstract sealed class ByteRing permits ManyToOneByteRing, OneToOneByteRing {
    /** The ring is full, in bytes or in slots: offer again once the consumer has released some. */
    public static final long BACK_PRESSURED = -2;

    /** The ring is closed, for good. */
    public static final long CLOSED = -4;

    /** The record is longer than the ring ever takes; a closed ring answers {@link #CLOSED}. */
    public static final long RECORD_TOO_LONG = -6;

    final ProducerFields producer = new ProducerFields();
    final ConsumerFields consumer = new ConsumerFields();

    final TailWord tailWord;

    private final int capacity;
    private final int maxRecordLength;
    private final int slotCount;
    private final ByteBuffer buffer;
    private final SlotMarks marks;
    private final RingReader reader;

    /** Begins at any position, which tests use to come near the wrap of the tail word. */
    ByteRing(final int capacity, final int maxRecordLength, final Memory memory, final long startPosition) {
        this.capacity = RingDescriptor.checkCapacity(capacity);
        this.maxRecordLength = RingDescriptor.checkMaxRecordLength(maxRecordLength, capacity);
        slotCount = RingDescriptor.slotCount(capacity);
        tailWord = new TailWord(capacity, slotCount);
        buffer = memory.allocate(capacity + maxRecordLength);
        marks = new SlotMarks(slotCount);
        reader = new RingReader(capacity, buffer, marks, consumer);
        TAIL.set(producer, tailWord.at(startPosition));
        HEAD_POSITION_CACHE.set(producer, startPosition);
        HEAD_POSITION.set(consumer, startPosition);
        // The fields above are not final: a racy publication of the ring could lose them.
        VarHandle.releaseFence();
    }

    /**
     * Claims the next space, by one atomic step.
     *
     * @param bytes   in all, at least 1.
     * @param records that share the bytes.
     * @return the tail word from before the claim, or a negative code.
     */
    abstract long claim(int bytes, int records);

    /**
     * Offers the bytes from the source's position to its limit as one record. The source is left as it was. Any
     * producer thread.
     *
     * @param source of the record.
     * @return the position behind the record, or a negative code.
     * @throws IllegalArgumentException if the source is empty.
     */
    public final long offer(final ByteBuffer source) {
        return offer(source, source.position(), source.remaining());
    }

    /**
     * Offers bytes at an absolute offset as one record. The source is left as it was. Any producer thread.
     *
     * @param source of the record.
     * @param offset in the source, in bytes.
     * @param length of the record, in bytes: at least 1.
     * @return the position behind the record, or a negative code.
     * @throws IllegalArgumentException  if the length is not positive.
     * @throws IndexOutOfBoundsException if the range is not within the source's limit.
     */
    public final long offer(final ByteBuffer source, final int offset, final int length) {
        Objects.checkFromIndexSize(offset, RingDescriptor.checkLength(length), source.limit());
        final long claim = tryClaim(length);
        if (claim < 0) {
            return claim;
        }
        try {
            buffer.put(offset(claim), source, offset, length);
        } catch (final RuntimeException | Error ex) {
            abort(claim, length);
            throw ex;
        }
        return commit(claim, length);
    }

    /**
     * Offers bytes of an Agrona buffer as one record. Any producer thread.
     *
     * @param source of the record.
     * @param offset in the source, in bytes.
     * @param length of the record, in bytes: at least 1.
     * @return the position behind the record, or a negative code.
     * @throws IllegalArgumentException  if the length is not positive.
     * @throws IndexOutOfBoundsException if the range is not within the source.
     */
    public final long offer(final DirectBuffer source, final int offset, final int length) {
        Objects.checkFromIndexSize(offset, RingDescriptor.checkLength(length), source.capacity());
        final long claim = tryClaim(length);
        if (claim < 0) {
            return claim;
        }
        try {
            source.getBytes(offset, buffer, offset(claim), length);
        } catch (final RuntimeException | Error ex) {
            abort(claim, length);
            throw ex;
        }
        return commit(claim, length);
    }

    /**
     * Offers several pieces, each from its position to its limit, as one record. Any producer thread.
     *
     * @param pieces of the record, in order; empty ones are allowed, and all are left as they were.
     * @param offset of the first piece in the array.
     * @param count  of pieces.
     * @return the position behind the record, or a negative code.
     * @throws IllegalArgumentException  if the pieces hold no byte.
     * @throws IndexOutOfBoundsException if the range is not within the array.
     */
    public final long offer(final ByteBuffer[] pieces, final int offset, final int count) {
        final int length = Pieces.length(pieces, offset, count);
        if (length > maxRecordLength) {
            return tooLong();
        }
        final long claim = tryClaim(length);
        if (claim < 0) {
            return claim;
        }
        try {
            Pieces.copy(pieces, offset, count, buffer, offset(claim), length);
        } catch (final RuntimeException | Error ex) {
            abort(claim, length);
            throw ex;
        }
        return commit(claim, length);
    }

    /**
     * Offers several records under one claim: all are taken, next to one another, or none. They lie one after the other
     * in the source, which is left as it was. Any producer thread.
     *
     * @param source  of the records.
     * @param offset  of the first record in the source, in bytes.
     * @param lengths of the records, in bytes: each at least 1, and not to be changed during the call.
     * @param count   of records: at least 1.
     * @return the position behind the last record, or a negative code; {@link #RECORD_TOO_LONG} also for a batch that an
     *     empty ring could not hold.
     * @throws IllegalArgumentException  if a length or the count is not positive.
     * @throws IndexOutOfBoundsException if a range is not within its array or buffer.
     */
    public final long offerBatch(final ByteBuffer source, final int offset, final int[] lengths, final int count) {
        final long bytes = Batch.lengthOf(lengths, count, maxRecordLength);
        if (bytes > capacity) {
            return tooLong();
        }
        Objects.checkFromIndexSize(offset, (int) bytes, source.limit());
        final long claim = tryClaimBatch((int) bytes, count);
        if (claim < 0) {
            return claim;
        }
        // Before the first mark, as in commit.
        final long position = position(claim) + bytes;
        Batch.copy(this, claim, source, offset, lengths, count);
        return position;
    }

    /**
     * Claims space for one record, to be written in place. Must be followed by exactly one {@link #commit(long, int)} or
     * {@link #abort(long, int)} with the same claim and length; neither is checked: this is for framing layers, everyone
     * else uses {@link #tryClaim(int, RingClaim)}. Any producer thread.
     *
     * @param length of the record, in bytes: at least 1.
     * @return a claim, which is not negative and not a position, or a negative code.
     * @throws IllegalArgumentException if the length is not positive.
     */
    public final long tryClaim(final int length) {
        if (RingDescriptor.checkLength(length) > maxRecordLength) {
            return tooLong();
        }
        return claim(length, 1);
    }

    /** Whatever a closed ring is asked, it answers that it is closed. */
    private long tooLong() {
        return isClosed() ? CLOSED : RECORD_TOO_LONG;
    }

    /**
     * Claims space for several records next to one another: all of it or nothing. As with {@link #tryClaim(int)}, each
     * must be committed or aborted exactly once, the first by this claim and the others by {@link #next}. Any producer thread.
     *
     * @param bytes   in all: at least 1.
     * @param records that share the bytes: at least 1, each no longer than {@link #maxRecordLength()}.
     * @return the first record's claim, or a negative code; {@link #RECORD_TOO_LONG} for what an empty ring could not hold.
     * @throws IllegalArgumentException if a value is not positive, or there are fewer bytes than records.
     */
    public final long tryClaimBatch(final int bytes, final int records) {
        if (bytes < records && bytes > 0) {
            throw new IllegalArgumentException("a record has at least 1 byte: bytes=" + bytes + " records=" + records);
        }
        if (RingDescriptor.checkLength(bytes) > capacity || RingDescriptor.checkLength(records) > slotCount) {
            return tooLong();
        }
        return claim(bytes, records);
    }

    /**
     * The claim of the record behind another one of the same batch. The claimant's thread.
     *
     * @param claim  of the record before.
     * @param length of the record before, in bytes.
     * @return the next record's claim.
     */
    public final long next(final long claim, final int length) {
        return tailWord.advance(claim, length, 1);
    }

    /**
     * Claims space for one record, to be written through {@link RingClaim#buffer()} and then committed or aborted. Any
     * producer thread.
     *
     * @param length of the record, in bytes: at least 1.
     * @param claim  to fill on success; it must not hold an open claim.
     * @return the position behind the record, or a negative code.
     * @throws IllegalArgumentException if the length is not positive.
     * @throws IllegalStateException    if the claim is still open.
     */
    public final long tryClaim(final int length, final RingClaim claim) {
        claim.checkNotOpen();
        final long token = tryClaim(length);
        if (token < 0) {
            return token;
        }
        claim.open(this, token, length);
        return position(token) + length;
    }

    /**
     * Makes a claimed record visible to the consumer. The claimant's thread.
     *
     * @param claim  from {@link #tryClaim(int)}.
     * @param length that was claimed.
     * @return the position behind the record.
     */
    public final long commit(final long claim, final int length) {
        // Before the mark: after it the consumer may pass, and the base would no longer be behind us.
        final long position = position(claim);
        mark(claim, length, false);
        return position + length;
    }

    /**
     * Gives a claimed record up: the consumer passes over it. The claimant's thread.
     *
     * @param claim  from {@link #tryClaim(int)}.
     * @param length that was claimed.
     */
    public final void abort(final long claim, final int length) {
        mark(claim, length, true);
    }

    private void mark(final long claim, final int length, final boolean aborted) {
        final long mark = aborted ? RingDescriptor.aborted(claim, length) : RingDescriptor.committed(claim, length);
        marks.set(tailWord.slot(claim), mark);
    }

    /**
     * The payload area, for writing a claimed record. Absolute access only: position and limit are not the caller's.
     *
     * @return the payload area.
     */
    public final ByteBuffer buffer() {
        return buffer;
    }

    /**
     * Where a claimed record begins in {@link #buffer()}.
     *
     * @param claim from {@link #tryClaim(int)}.
     * @return the offset in bytes.
     */
    public final int offset(final long claim) {
        return (int) claim & (capacity - 1);
    }

    private long position(final long claim) {
        return tailWord.position(claim, (long) HEAD_POSITION_CACHE.getOpaque(producer));
    }

    /**
     * Closes the ring: from here on every claim answers {@link #CLOSED}; what was claimed before stays, and stays
     * readable. Idempotent. Any thread; lock-free.
     *
     * @return true if this call closed it.
     */
    public final boolean close() {
        return (long) TAIL.getAndBitwiseOr(producer, RingDescriptor.CLOSED_BIT) >= 0;
    }

    /**
     * Whether the ring is closed. Any thread.
     *
     * @return true once closed.
     */
    public final boolean isClosed() {
        return (long) TAIL.getVolatile(producer) < 0;
    }

    /** {@return the bytes that the ring can hold} */
    public final int capacity() {
        return capacity;
    }

    /** {@return how many records the ring can hold, whatever their length} */
    public final int recordCapacity() {
        return slotCount;
    }

    /** {@return the longest record that the ring takes, in bytes} */
    public final int maxRecordLength() {
        return maxRecordLength;
    }

    /**
     * The position behind the last claimed byte: where the stream began, and all bytes claimed since. Any thread; exact at
     * some moment during the call.
     *
     * @return the position.
     */
    public final long producerPosition() {
        final long head = (long) HEAD_POSITION.getAcquire(consumer);
        return head + tailWord.bytesSince((long) TAIL.getVolatile(producer), head);
    }

    /**
     * The position behind the last released byte: where the stream began, and all bytes released since. Any thread.
     *
     * @return the position.
     */
    public final long consumerPosition() {
        return (long) HEAD_POSITION.getAcquire(consumer);
    }

    /**
     * Bytes claimed and not released. Any thread; a snapshot.
     *
     * @return the size in bytes, from 0 to the capacity.
     */
    public final int size() {
        final long head = (long) HEAD_POSITION.getAcquire(consumer);
        return (int) Math.min(capacity, tailWord.bytesSince((long) TAIL.getVolatile(producer), head));
    }

    /**
     * Records claimed and not released, aborted ones included. Any thread; a snapshot.
     *
     * @return the count, from 0 to {@link #recordCapacity()}.
     */
    public final int pendingRecords() {
        final long headSlot = (long) HEAD_SLOT.getAcquire(consumer);
        return (int) Math.min(slotCount, tailWord.recordsSince((long) TAIL.getVolatile(producer), headSlot));
    }

    /**
     * Whether nothing is claimed that is not released. A consumer that is about to sleep asks this after it has said so
     * to its {@link Doorbell}: a claim it doesn't see here will see the doorbell. Any thread.
     *
     * @return true if there is nothing to read, now or soon.
     */
    public final boolean isEmpty() {
        // The head first: what was released then and is all that is claimed later, was empty in between.
        final long headSlot = (long) HEAD_SLOT.getAcquire(consumer);
        return claimedRecords() == headSlot;
    }

    /**
     * Records claimed since the ring was made, aborted ones included. Any thread.
     *
     * @return the count.
     */
    public final long claimedRecords() {
        while (true) {
            final long headSlot = (long) HEAD_SLOT.getAcquire(consumer);
            final long tail = (long) TAIL.getVolatile(producer);
            // By a head that moved meanwhile, the wrapping slot number could be taken for one of another lap.
            if ((long) HEAD_SLOT.getAcquire(consumer) == headSlot) {
                return headSlot + tailWord.recordsSince(tail, headSlot);
            }
        }
    }

    /**
     * Reads records one by one. What was handed over is released when the call ends, also by an exception of the
     * handler. The consumer's thread.
     *
     * @param handler of records.
     * @param limit   of records in this call.
     * @return how many records were handled.
     * @throws IllegalStateException if a peeked region is not fully released, or if called by a handler of this ring.
     */
    public final int read(final RecordHandler handler, final int limit) {
        return reader.read(handler, limit);
    }

    /** The calling thread is the consumer from here on, having seen all that the one before did. Wait-free. */
    public final void attach() {
        reader.attach();
    }

    /**
     * The next whole records as one contiguous region, up to a byte limit; a first record longer than the limit comes
     * alone. While a region is not fully released, the rest of it is returned again, and the limit has no say. The
     * consumer's thread.
     *
     * @param limitBytes of the region.
     * @return the region between position and limit of a view that every call returns: empty if there is nothing. The
     *     caller may move its position; {@link #release} says what is over.
     * @throws IllegalStateException if called by a handler of this ring.
     */
    public final ByteBuffer peek(final int limitBytes) {
        return reader.peek(limitBytes);
    }

    /**
     * Releases the first bytes of the peeked region: producers may write there again. Any part may be released, in the
     * middle of a record too. The consumer's thread.
     *
     * @param bytes to release.
     * @throws IllegalArgumentException if negative or more than the region has left.
     */
    public final void release(final int bytes) {
        reader.release(bytes);
    }

    /** {@return the bytes left of the peeked record that is released in part, 0 between two} The consumer's thread; wait-free. */
    public final int begunRecordLeft() {
        return reader.begunRecordLeft();
    }

    /**
     * Passes over the records at the head that were claimed and not committed, up to the next committed or aborted one,
     * so that a claimant that is gone cannot keep what others wrote from being read. Does nothing unless the ring is
     * closed: a claimant that is merely late still writes into its space, and only a closed ring never gives that
     * space to another. The consumer's thread, once it has waited long enough.
     *
     * @return how many records were passed over.
     * @throws IllegalStateException if a peeked region is not fully released.
     */
    public final int unblock() {
        return isClosed() ? reader.unblock(claimedRecords(), producerPosition()) : 0;
    }

    /**
     * Records that {@link #read} handed over or {@link #release} released whole. The consumer's thread.
     *
     * @return the count.
     */
    public final long readRecords() {
        return reader.readRecords();
    }

    /** {@return how many aborted records the consumer passed} The consumer's thread. */
    public final long abortedRecords() {
        return reader.abortedRecords();
    }

    /** {@return how many records {@link #unblock} passed over} The consumer's thread. */
    public final long unblockedRecords() {
        return reader.unblockedRecords();
    }

    /** For debugging: positions and bounds, no bytes, each number read by itself. Any thread; wait-free. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + " producerPosition=" + producerPosition() + " consumerPosition="
                + consumerPosition() + " pendingRecords=" + pendingRecords() + " closed=" + isClosed() + " capacity="
                + capacity + " maxRecordLength=" + maxRecordLength;
    }
}
