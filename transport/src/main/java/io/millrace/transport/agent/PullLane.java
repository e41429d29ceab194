package io.millrace.transport.agent;

import io.millrace.ring.ByteRing;
import io.millrace.ring.Doorbell;
import io.millrace.ring.Memory;
import io.millrace.ring.OneToOneByteRing;
import io.millrace.ring.RecordHandler;
import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import io.millrace.transport.ProtocolException;
import io.millrace.transport.event.FlightRecord;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * Received messages on their way from a connection's thread to the one thread that pulls them. The ring is made by the
 * first message, let go, zeroed, once the connection is idle and all is pulled, and made again by the next message.
 *
 * <p>A decoder can't take a message back that was handed over. So the connection reads only while there is room for any
 * message; when there is none, it stops until the ring is half empty, which TCP carries on to the peer. The puller wakes it
 * then, and only then.
 *
 * <h2>Memory ordering</h2>
 *
 * <ul>
 *   <li>ring: the connection's thread, volatile, before the claim in it; the puller loads it with acquire, which carries
 *       its construction, and volatile before it sleeps. When it is let go it is empty, so a puller that still holds it
 *       finds nothing in it, ever.
 *   <li>full: the connection's thread says so, then looks at the ring's head; the puller moves the head, then reads
 *       full. A full fence lies between on both sides, so one of the two sees the other. The same fence orders the
 *       connection's sleep, which its doorbell announces before, against the head.
 *   <li>ended: the connection's thread, volatile, after the last message; the puller reads it before the ring, so that
 *       an end that it sees has nothing behind it. From then on the ring is the puller's.
 * </ul>
 *
 * <p>Progress: wait-free, up to the bytes that are copied and wiped, and apart from the wake-ups.
 */
@SuppressWarnings({"unused", "UnusedVariable"})
final class PullLane {
    /** Behind each message, for a ring has no record without a byte. */
    private static final int TRAILER_LENGTH = 1;

    private static final int ZEROS_LENGTH = 8 * 1024;
    private static final ByteBuffer ZEROS = ByteBuffer.allocate(ZEROS_LENGTH).asReadOnlyBuffer();

    private static final VarHandle RING;
    private static final VarHandle FULL;
    private static final VarHandle ENDED;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            RING = lookup.findVarHandle(PullLane.class, "ring", OneToOneByteRing.class);
            FULL = lookup.findVarHandle(PullLane.class, "full", boolean.class);
            ENDED = lookup.findVarHandle(PullLane.class, "ended", boolean.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    // The connection thread's own: room as it last saw it, so that it need not look at the head for every message. Kept
    // off the line of what the puller reads; longs, for the JVM lays out fields by size.
    private long bytesLeft;
    private long recordsLeft;
    private long z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, z12, z13, z14, z15;

    private final int capacity;
    private final int maxRecordLength;
    private final Doorbell connection;
    private final Doorbell puller;
    private final FlightRecord record;
    private OneToOneByteRing ring;
    private boolean full;
    private boolean ended;

    /**
     * Makes a lane without a ring.
     *
     * @param capacity         of the ring in bytes: a power of two.
     * @param maxMessageLength of what may come, as far as known; what is longer than the ring ends the connection.
     * @param connection       wakes the connection's thread.
     * @param puller           wakes the puller.
     * @param record           told when the puller is behind.
     */
    PullLane(
            final int capacity,
            final int maxMessageLength,
            final Doorbell connection,
            final Doorbell puller,
            final FlightRecord record) {
        this.capacity = capacity;
        maxRecordLength = (int) Math.min(capacity, (long) maxMessageLength + TRAILER_LENGTH);
        this.connection = connection;
        this.puller = puller;
        this.record = record;
    }

    // ---- the connection's thread ----

    /** Hands a message over, unless {@link #isFull()}; returns whether there is room for any other. */
    boolean put(final ByteBuffer source, final int offset, final int length) {
        if (length > maxRecordLength - TRAILER_LENGTH) {
            throw new ProtocolException(
                    CloseReason.MESSAGE_TOO_LONG,
                    "the message does not fit into the pull ring: length=" + length + " maxLength="
                            + (maxRecordLength - TRAILER_LENGTH) + " pullCapacity=" + capacity);
        }
        final OneToOneByteRing into = ring == null ? make() : ring;
        final int recordLength = length + TRAILER_LENGTH;
        final long claim = into.tryClaim(recordLength);
        if (claim < 0) {
            throw new IllegalStateException("a full ring is not put into: code=" + claim + " size=" + into.size());
        }
        try {
            into.buffer().put(into.offset(claim), source, offset, length);
        } catch (final RuntimeException | Error ex) {
            into.abort(claim, recordLength);
            throw ex;
        }
        into.commit(claim, recordLength);
        puller.ring();
        bytesLeft -= recordLength;
        recordsLeft--;
        return !isFull();
    }

    private OneToOneByteRing make() {
        final OneToOneByteRing made = new OneToOneByteRing(capacity, maxRecordLength, Memory.HEAP);
        bytesLeft = capacity;
        recordsLeft = made.recordCapacity();
        RING.setVolatile(this, made);
        return made;
    }

    /** Whether reading has to wait for the puller. */
    boolean isFull() {
        if (ring == null || (!full && hasRoom())) {
            return false;
        }
        // The head first gets the chance to have moved without anybody being told.
        if (!full) {
            look();
            if (hasRoom()) {
                return false;
            }
            FULL.setOpaque(this, true);
            record.pullBegins();
        }
        VarHandle.fullFence();
        if (isRoomy(ring)) {
            look();
            FULL.setOpaque(this, false);
            record.pullEnds();
        }
        return full;
    }

    private boolean hasRoom() {
        return bytesLeft >= maxRecordLength && recordsLeft > 0;
    }

    private void look() {
        bytesLeft = (long) capacity - ring.size();
        recordsLeft = (long) ring.recordCapacity() - ring.pendingRecords();
    }

    /** Lets the ring go if all is pulled; true if none is held any more, or it is the puller's. */
    boolean rest() {
        if (ring == null || ended) {
            return true;
        }
        // Wait-free, as the tail is ours; counting the claims would have to wait for a head that stands still.
        if (ring.pendingRecords() != 0) {
            return false;
        }
        wipe(ring);
        RING.setVolatile(this, null);
        return true;
    }

    /** No message comes any more. Idempotent. */
    void end() {
        if (!ended) {
            ENDED.setVolatile(this, true);
            puller.ring();
        }
    }

    // ---- both ----

    /** Room for any message and for half of what the ring holds, so that it is worth waking a thread. */
    private boolean isRoomy(final ByteRing of) {
        return of.size() <= capacity - Math.max(capacity / 2, maxRecordLength)
                && of.pendingRecords() <= of.recordCapacity() / 2;
    }

    /** Overwrites what messages have lain in a ring that is empty. */
    private static void wipe(final ByteRing used) {
        final ByteBuffer buffer = used.buffer();
        // Not the consumer's position, which a puller publishes behind its count of records.
        final long end = used.producerPosition();
        final int to = end > used.capacity() ? buffer.capacity() : (int) end;
        for (int at = 0; at < to; at += ZEROS_LENGTH) {
            buffer.put(at, ZEROS, 0, Math.min(ZEROS_LENGTH, to - at));
        }
    }

    // ---- the puller ----

    /**
     * Reads messages, each as a record with {@link #lengthOf a length of its own}.
     *
     * @return how many, or {@link Connection#CLOSED} if there is none and none comes any more.
     */
    int read(final RecordHandler handler, final int limit) {
        final boolean over = (boolean) ENDED.getAcquire(this);
        final OneToOneByteRing from = (OneToOneByteRing) RING.getAcquire(this);
        final int messages = from == null ? 0 : read(from, handler, limit);
        if (messages == 0 && over) {
            if (from != null) {
                wipe(from);
                RING.setOpaque(this, null);
            }
            return (int) Connection.CLOSED;
        }
        return messages;
    }

    private int read(final OneToOneByteRing from, final RecordHandler handler, final int limit) {
        int messages = -1;
        try {
            messages = from.read(handler, limit);
            return messages;
        } finally {
            // Also if the handler threw: what it took is released.
            if (messages != 0) {
                VarHandle.fullFence();
                if ((boolean) FULL.getOpaque(this) && isRoomy(from)) {
                    connection.ring();
                }
            }
        }
    }

    /** The length of the message in a record. */
    static int lengthOf(final int recordLength) {
        return recordLength - TRAILER_LENGTH;
    }

    /** Whether there is nothing to pull, and may be later: asked by the puller that others can already see asleep. */
    boolean isWaitedFor() {
        final OneToOneByteRing from = (OneToOneByteRing) RING.getVolatile(this);
        return !(boolean) ENDED.getVolatile(this) && (from == null || from.isEmpty());
    }
}
