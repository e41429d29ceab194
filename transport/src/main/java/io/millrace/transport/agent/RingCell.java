package io.millrace.transport.agent;

import io.millrace.ring.ByteRing;
import io.millrace.ring.ManyToOneByteRing;
import io.millrace.ring.Memory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * The outbound ring of one connection: made by the first sender, retired when the connection has been idle, made again
 * by the next sender. A ring belongs to one connection and is never used for another: a stale sender can only ever reach
 * a closed ring.
 *
 * <h2>States</h2>
 *
 * <pre>
 *  resting(position) --sender--&gt; ring --consumer--&gt; retired(ring) --sender--&gt; next ring
 *                                                        +---consumer, once drained--&gt; resting(position)
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
 *
 * <h2>Memory ordering</h2>
 *
 * <ul>
 *   <li>state: all, by compare-and-set; senders load it with acquire, which carries the ring's construction; the
 *       consumer, volatile, so that a ring it does not see here sees it asleep on the {@link io.millrace.ring.Doorbell}.
 * </ul>
 *
 * <p>Progress: {@link #active()} and {@link #close()} are lock-free; the consumer's methods are wait-free.
 */
final class RingCell {
    private static final int ZEROS_LENGTH = 8 * 1024;
    private static final ByteBuffer ZEROS = ByteBuffer.allocate(ZEROS_LENGTH).asReadOnlyBuffer();

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(RingCell.class, "state", Object.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private record Resting(long position) {}

    private record Retired(ManyToOneByteRing ring) {}

    /** Holds the ring that the consumer has yet to drain, or null if it knows of all. */
    private record Closed(ManyToOneByteRing ring) {}

    private final int capacity;
    private final int maxRecordLength;
    private final Memory memory;

    @SuppressWarnings("UnusedVariable") // Read through the VarHandle.
    private Object state = new Resting(0);

    // The consumer's own.
    private ManyToOneByteRing reading;
    private long readingStart;
    private boolean retiring;
    private long accepted;
    private long read;

    RingCell(final int capacity, final int maxRecordLength, final Memory memory) {
        this.capacity = capacity;
        this.maxRecordLength = maxRecordLength;
        this.memory = memory;
    }

    int maxRecordLength() {
        return maxRecordLength;
    }

    // ---- any thread ----

    /**
     * The ring to claim in now; null once closed. If it answers {@link ByteRing#CLOSED} and this then answers another ring, it was retired:
     * claim in that one.
     */
    ByteRing active() {
        while (true) {
            final Object now = STATE.getAcquire(this);
            if (now instanceof ManyToOneByteRing ring) {
                return ring;
            }
            if (now instanceof Closed) {
                return null;
            }
            STATE.compareAndSet(this, now, new ManyToOneByteRing(capacity, maxRecordLength, memory, endOf(now)));
        }
    }

    private static long endOf(final Object state) {
        if (state instanceof Retired retired) {
            retired.ring.close();
            return retired.ring.producerPosition();
        }
        return ((Resting) state).position;
    }

    /** Closes for good; true if this call did it. */
    boolean close() {
        while (true) {
            final Object now = STATE.getVolatile(this);
            if (now instanceof Closed closed) {
                seal(closed.ring);
                return false;
            }
            if (now instanceof Retired retired) {
                seal(retired.ring);
            }
            final ManyToOneByteRing unread = now instanceof ManyToOneByteRing ring ? ring : null;
            if (STATE.compareAndSet(this, now, new Closed(unread))) {
                seal(unread);
                return true;
            }
        }
    }

    private static void seal(final ByteRing ring) {
        if (ring != null) {
            ring.close();
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

    /** The ring to read from, which may be empty; null if there is none. */
    ByteRing readable() {
        advance();
        return reading;
    }

    private void advance() {
        if (retiring && reading.isEmpty()) {
            settle();
        }
        if (reading == null) {
            final Object now = STATE.getVolatile(this);
            if (now instanceof ManyToOneByteRing ring) {
                startReading(ring);
            } else if (now instanceof Closed closed && closed.ring != null) {
                seal(closed.ring);
                startReading(closed.ring);
            }
        }
    }

    private void startReading(final ManyToOneByteRing ring) {
        reading = ring;
        readingStart = ring.consumerPosition();
    }

    /** Lets the ring go if it is empty; true if none is held any more. */
    boolean retire() {
        advance();
        if (reading == null) {
            return true;
        }
        if (!retiring && reading.isEmpty() && STATE.compareAndSet(this, reading, new Retired(reading))) {
            // A sender may have claimed since: then it is drained first, and let go by a later call.
            reading.close();
            retiring = true;
            advance();
        }
        return reading == null;
    }

    private void settle() {
        final ManyToOneByteRing ring = reading;
        accepted += ring.claimedRecords() - ring.abortedRecords();
        read += ring.readRecords();
        wipe();
        final Object now = STATE.getVolatile(this);
        if (now instanceof Retired) {
            // If a sender or a closer was first, the position is not needed any more.
            STATE.compareAndSet(this, now, new Resting(ring.producerPosition()));
        }
        reading = null;
        retiring = false;
    }

    /** Overwrites what messages have lain in the ring. */
    void wipe() {
        if (reading == null) {
            return;
        }
        final ByteBuffer buffer = reading.buffer();
        // A ring does not begin at its buffer's first byte but at its position modulo the capacity.
        final boolean wrapped = (readingStart & (capacity - 1)) + reading.producerPosition() - readingStart > capacity;
        final int from = wrapped ? 0 : (int) readingStart & (capacity - 1);
        final int to = wrapped ? buffer.capacity() : from + (int) (reading.producerPosition() - readingStart);
        for (int at = from; at < to; at += ZEROS_LENGTH) {
            buffer.put(at, ZEROS, 0, Math.min(ZEROS_LENGTH, to - at));
        }
    }

    /** Whether nothing is claimed that is not read, as {@link ByteRing#isEmpty()} says of one ring. */
    boolean isEmpty() {
        advance();
        return reading == null || reading.isEmpty();
    }

    /** Room for any one message and more, so that it is worth telling a sender. */
    boolean isRoomy() {
        advance();
        return reading == null
                || (reading.size() <= capacity - Math.max(capacity / 2, maxRecordLength)
                        && pendingRecords() <= reading.recordCapacity() / 2);
    }

    private long pendingRecords() {
        return reading.claimedRecords() - reading.readRecords() - reading.abortedRecords() - reading.unblockedRecords();
    }

    /** How far the consumer has come; tells progress. */
    long consumerPosition() {
        return reading == null ? -1 : reading.consumerPosition();
    }

    long acceptedRecords() {
        advance();
        return accepted + (reading == null ? 0 : reading.claimedRecords() - reading.abortedRecords());
    }

    long readRecords() {
        return read + (reading == null ? 0 : reading.readRecords());
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
