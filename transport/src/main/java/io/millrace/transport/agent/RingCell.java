package io.millrace.transport.agent;

import io.millrace.ring.ByteRing;
import io.millrace.ring.ManyToOneByteRing;
import io.millrace.ring.Memory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The outbound ring of one connection: small at first, made by the first sender; replaced by a larger one when it has no
 * room, until one has the full capacity; retired when the connection has been idle, made again by the next sender. A ring
 * belongs to one connection and is never used for another: a stale sender can only ever reach a closed ring.
 *
 * <h2>States</h2>
 *
 * <pre>
 *  resting(position) --sender--&gt; ring --consumer, or sender without room--&gt; retired(ring) --sender--&gt; next ring
 *                                                                                +--consumer, once drained--&gt; resting(position)
 *  any of them --close--&gt; closed
 * </pre>
 *
 * <p>Every edge is one compare-and-set of one reference, so that closing and retiring exclude each other. Closing takes
 * effect with its edge: whoever loads the state later finds it closed. A sender that loaded the ring before the edge may
 * still be accepted until the ring itself is closed, which the closer does next; its offer began before the edge, so it
 * counts as one that came before. The same holds for retiring, except that a sender which finds its ring closed looks for
 * the next one.
 *
 * <p>The consumer drains a retired ring to its end before it looks at the next: a sender that reached the next ring had
 * seen the old one retired, so the order of each sender, and of any two offers of which one ended before the other began,
 * is kept. The next ring begins at the position where the old one ended, which is final, for the sender closes it first.
 * A small ring that is retired for want of room is at most an eighth of the full capacity and of the next one, so all of
 * them hold at most a seventh of it together, beside one that is full.
 *
 * <h2>Memory ordering</h2>
 *
 * <ul>
 *   <li>state: all, by compare-and-set; senders load it with acquire, which carries the ring's construction; the
 *       consumer, volatile, so that a ring it does not see here sees it asleep on the {@link io.millrace.ring.Doorbell}.
 *   <li>a link's previous: the sender that made it, before its compare-and-set of the state; then the consumer's own.
 * </ul>
 *
 * <p>Progress: {@link #active()}, {@link #grow} and {@link #close()} are lock-free: whoever fails finds a state that another
 * has moved on, and between two retirements by the consumer rings only get larger. The consumer's methods are wait-free:
 * rings that wait for it are few.
 */
final class RingCell {
    /** Capacity of the first ring in bytes: an idle connection's few messages, such as heartbeats, take no more. */
    static final int FIRST_CAPACITY = 2 * 1024;

    private static final int GROWTH = 8;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(RingCell.class, "state", Object.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    /** No ring; the next one begins at the position. */
    private record Resting(long position, int nextCapacity) {}

    /** No sender may begin to use the link's ring any more. */
    private record Retired(RingLink link, int nextCapacity) {}

    /** Holds the last ring, unless the consumer has let it go. */
    private record Closed(RingLink link) {}

    private final int firstCapacity;
    private final int capacity;
    private final int maxRecordLength;
    private final Memory memory;

    @SuppressWarnings("UnusedVariable") // Read through the VarHandle.
    private Object state;

    // The consumer's own.
    private RingLink reading;
    private long accepted;
    private long read;

    RingCell(final int capacity, final int maxRecordLength, final Memory memory) {
        this(FIRST_CAPACITY, capacity, maxRecordLength, memory);
    }

    RingCell(final int firstCapacity, final int capacity, final int maxRecordLength, final Memory memory) {
        this.firstCapacity = cappedCapacity(firstCapacity, capacity);
        this.capacity = capacity;
        this.maxRecordLength = maxRecordLength;
        this.memory = memory;
        state = new Resting(0, this.firstCapacity);
    }

    /** What is not much smaller than the full capacity gives way to that. */
    private static int cappedCapacity(final long wanted, final int capacity) {
        return wanted > capacity / GROWTH ? capacity : (int) wanted;
    }

    int maxRecordLength() {
        return maxRecordLength;
    }

    // ---- any thread ----

    /**
     * The ring to claim in now; null once closed. If it answers {@link ByteRing#CLOSED} and this then answers another ring, it was retired:
     * claim in that one. If it has no room, {@link #grow} before that is said to anybody.
     */
    ByteRing active() {
        while (true) {
            final Object now = STATE.getAcquire(this);
            if (now instanceof RingLink link) {
                return link.ring;
            }
            if (now instanceof Closed) {
                return null;
            }
            STATE.compareAndSet(this, now, next(now));
        }
    }

    private RingLink next(final Object now) {
        if (now instanceof Retired retired) {
            seal(retired.link);
            return newLink(retired.link, retired.nextCapacity, retired.link.ring.producerPosition());
        }
        final Resting resting = (Resting) now;
        return newLink(null, resting.nextCapacity, resting.position);
    }

    private RingLink newLink(final RingLink previous, final int ringCapacity, final long position) {
        final int longest = ringCapacity == capacity ? maxRecordLength : Math.min(maxRecordLength, ringCapacity / 2);
        return new RingLink(new ManyToOneByteRing(ringCapacity, longest, memoryOf(ringCapacity), position), previous);
    }

    /**
     * The first one lies on the heap: it comes and goes with each message of a connection that is silent in between, and memory outside
     * would come back only some time after a collection.
     */
    private Memory memoryOf(final int ringCapacity) {
        return ringCapacity == firstCapacity && ringCapacity < capacity ? Memory.HEAP : memory;
    }

    /**
     * Makes way for a larger ring.
     *
     * @param full  a ring that had no room, or was too small, for the bytes.
     * @param bytes of one claim.
     * @return whether to look for the active ring again; false if there can be no larger one.
     */
    boolean grow(final ByteRing full, final long bytes) {
        if (full.capacity() == capacity || bytes > capacity) {
            return false;
        }
        final Object now = STATE.getAcquire(this);
        if (now instanceof RingLink link && link.ring == full) {
            final long fitting = 2 * Long.highestOneBit(2 * bytes);
            final long wanted = Math.max((long) full.capacity() * GROWTH, fitting);
            STATE.compareAndSet(this, now, new Retired(link, cappedCapacity(wanted, capacity)));
        }
        return true;
    }

    /** Closes for good; true if this call did it. */
    boolean close() {
        while (true) {
            final Object now = STATE.getVolatile(this);
            if (now instanceof Closed closed) {
                seal(closed.link);
                return false;
            }
            final RingLink last = lastOf(now);
            if (STATE.compareAndSet(this, now, new Closed(last))) {
                seal(last);
                return true;
            }
        }
    }

    private static RingLink lastOf(final Object state) {
        if (state instanceof RingLink link) {
            return link;
        }
        if (state instanceof Retired retired) {
            return retired.link;
        }
        return state instanceof Closed closed ? closed.link : null;
    }

    private static void seal(final RingLink link) {
        if (link != null) {
            link.ring.close();
        }
    }

    boolean isClosed() {
        return STATE.getVolatile(this) instanceof Closed;
    }

    /** Whether a ring is held, by senders or by the consumer. The consumer's thread, and tests. */
    boolean isHolding() {
        advance();
        return reading != null;
    }

    // ---- the consumer ----

    /** The calling thread is the consumer from here on. */
    void attach() {
        if (reading != null) {
            reading.ring.attach();
        }
    }

    /** The ring to read from, which may be empty; null if there is none. */
    ByteRing readable() {
        advance();
        return reading == null ? null : reading.ring;
    }

    /** Lets go of rings that are drained and retired, and takes up the next. */
    private void advance() {
        while (true) {
            final Object now = STATE.getVolatile(this);
            if (now == reading) {
                return;
            }
            final RingLink last = lastOf(now);
            if (reading == null) {
                if (last == null) {
                    return;
                }
                reading = last.after(null);
            } else if (reading != last) {
                if (!reading.ring.isEmpty()) {
                    return;
                }
                // Closed before its successor was made: nothing comes any more.
                settle();
                reading = last.after(reading);
                reading.previous = null;
            } else {
                seal(reading);
                if (now instanceof Closed || !reading.ring.isEmpty()) {
                    return;
                }
                rest((Retired) now);
            }
        }
    }

    /** Lets go of the last ring, unless a sender has made the next one meanwhile. */
    private void rest(final Retired last) {
        final Resting resting = new Resting(reading.ring.producerPosition(), last.nextCapacity);
        if (STATE.compareAndSet(this, last, resting)) {
            settle();
            reading = null;
        }
    }

    /** Lets the ring go if it is empty; true if none is held any more. */
    boolean retire() {
        advance();
        if (reading != null
                && reading.ring.isEmpty()
                && STATE.compareAndSet(this, reading, new Retired(reading, firstCapacity))) {
            // A sender may have claimed since: then it is drained first, and let go by a later call.
            advance();
        }
        return reading == null;
    }

    private void settle() {
        accepted += reading.claimed();
        read += reading.ring.readRecords();
        wipe();
    }

    /** Overwrites what messages have lain in the ring. */
    void wipe() {
        if (reading != null) {
            reading.wipe();
        }
    }

    /** Whether nothing is claimed that is not read, as {@link ByteRing#isEmpty()} says of one ring. */
    boolean isEmpty() {
        advance();
        return reading == null || reading.ring.isEmpty();
    }

    /** Room for any one message and more, so that it is worth telling a sender. */
    boolean isRoomy() {
        advance();
        if (reading == null) {
            return true;
        }
        final ByteRing ring = reading.ring;
        if (ring.capacity() < capacity) {
            // Senders who find no room are told so by a full one, and that comes behind this one.
            return lastOf(STATE.getVolatile(this)) == reading;
        }
        return ring.size() <= capacity - Math.max(capacity / 2, maxRecordLength)
                && pendingRecords(ring) <= ring.recordCapacity() / 2;
    }

    private static long pendingRecords(final ByteRing ring) {
        return ring.claimedRecords() - ring.readRecords() - ring.abortedRecords() - ring.unblockedRecords();
    }

    /** How far the consumer has come; tells progress. */
    long consumerPosition() {
        return reading == null ? -1 : reading.ring.consumerPosition();
    }

    long acceptedRecords() {
        advance();
        long all = accepted;
        for (RingLink link = lastOf(STATE.getVolatile(this)); link != null; link = link.previous) {
            all += link.claimed();
        }
        return all;
    }

    long readRecords() {
        return read + (reading == null ? 0 : reading.ring.readRecords());
    }

    /** Lets the last ring go, once {@link #abandon() abandoned}: whoever keeps the connection keeps no memory of it. */
    void letGo() {
        if (reading != null) {
            settle();
            reading = null;
            STATE.setVolatile(this, new Closed(null));
        }
    }

    /** Closes, and passes over what is left, so that the account is final. */
    void abandon() {
        close();
        while (!isEmpty()) {
            final ByteRing ring = readable();
            ring.close();
            ring.release(ring.peek(Integer.MAX_VALUE).remaining());
            if (ring.read((buffer, offset, length) -> {}, Integer.MAX_VALUE) == 0 && !ring.isEmpty()) {
                ring.unblock();
            }
        }
    }
}
