package io.millrace.transport.agent;

import io.millrace.ring.ByteRing;
import io.millrace.ring.Doorbell;
import io.millrace.ring.ThreadParker;
import io.millrace.transport.Connection;
import io.millrace.transport.MessageClaim;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * The senders' side of a connection: frames messages into its ring, rings its doorbell, and leaves word when there was no
 * room. Any thread; lock-free, apart from {@link #send}.
 */
final class SendLane {
    /** How long to wait for a switch of the protocol, which nobody announces. */
    private static final long SWITCH_PARK_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private final RingCell rings;
    private final Framing framing;
    private final Doorbell doorbell;
    private final CounterCells counters;
    private final NanoClock clock;
    private final boolean dropsNewest;
    private final RoomWord room;

    /** Of the frames that go by this lane. */
    private final int form;

    SendLane(
            final RingCell rings,
            final Framing framing,
            final Doorbell doorbell,
            final CounterCells counters,
            final NanoClock clock,
            final boolean dropsNewest) {
        this.rings = rings;
        this.framing = framing;
        this.doorbell = doorbell;
        this.counters = counters;
        this.clock = clock;
        this.dropsNewest = dropsNewest;
        room = new RoomWord();
        form = 0;
    }

    /** Another lane of the same connection, for frames of another form. */
    SendLane(final SendLane first, final int form) {
        rings = first.rings;
        framing = first.framing;
        doorbell = first.doorbell;
        counters = first.counters;
        clock = first.clock;
        dropsNewest = first.dropsNewest;
        room = first.room;
        this.form = form;
    }

    // ---- senders ----

    long offer(final ByteBuffer buffer, final int offset, final int length) {
        final long result = attempt(buffer, offset, length);
        return result >= 0 ? result : refused(result);
    }

    private long attempt(final ByteBuffer buffer, final int offset, final int length) {
        while (true) {
            final Framing.Term term = framing.term(form);
            final ByteRing ring = framing.ring();
            final long claim = framing.tryClaim(term, ring, length);
            if (claim >= 0) {
                return put(term, ring, claim, buffer, offset, length);
            }
            if (claim != Framing.SWITCHED) {
                return claim;
            }
        }
    }

    /** Offers by the right of who holds the framing. */
    long offerHeld(
            final Framing.Hold hold, final int byForm, final ByteBuffer buffer, final int offset, final int length) {
        final Framing.Term term = hold.term(byForm);
        while (true) {
            final ByteRing ring = framing.ring();
            final long claim = framing.tryClaim(term, ring, length);
            if (claim >= 0) {
                return put(term, ring, claim, buffer, offset, length);
            }
            if (claim != Framing.SWITCHED) {
                return refused(claim);
            }
        }
    }

    private long put(
            final Framing.Term term,
            final ByteRing ring,
            final long claim,
            final ByteBuffer buffer,
            final int offset,
            final int length) {
        try {
            ring.buffer().put(framing.begin(term, ring, claim, length), buffer, offset, length);
        } catch (final RuntimeException | Error ex) {
            abort(term, ring, claim, length);
            throw ex;
        }
        return commit(term, ring, claim, length);
    }

    long offer(final DirectBuffer buffer, final int offset, final int length) {
        while (true) {
            final Framing.Term term = framing.term(form);
            final ByteRing ring = framing.ring();
            final long claim = framing.tryClaim(term, ring, length);
            if (claim >= 0) {
                try {
                    buffer.getBytes(offset, ring.buffer(), framing.begin(term, ring, claim, length), length);
                } catch (final RuntimeException | Error ex) {
                    abort(term, ring, claim, length);
                    throw ex;
                }
                return commit(term, ring, claim, length);
            }
            if (claim != Framing.SWITCHED) {
                return refused(claim);
            }
        }
    }

    long offer(final ByteBuffer[] pieces, final int offset, final int count) {
        final int length = MessagePieces.length(pieces, offset, count);
        while (true) {
            final Framing.Term term = framing.term(form);
            final ByteRing ring = framing.ring();
            final long claim = framing.tryClaim(term, ring, length);
            if (claim >= 0) {
                try {
                    MessagePieces.copy(
                            pieces, offset, count, ring.buffer(), framing.begin(term, ring, claim, length), length);
                } catch (final RuntimeException | Error ex) {
                    abort(term, ring, claim, length);
                    throw ex;
                }
                return commit(term, ring, claim, length);
            }
            if (claim != Framing.SWITCHED) {
                return refused(claim);
            }
        }
    }

    long offerBatch(final ByteBuffer buffer, final int offset, final int[] lengths, final int count) {
        while (true) {
            final Framing.Term term = framing.term(form);
            final ByteRing ring = framing.ring();
            final long claim = framing.tryClaimBatch(term, ring, lengths, count);
            if (claim >= 0) {
                return putBatch(term, ring, claim, buffer, offset, lengths, count);
            }
            if (claim != Framing.SWITCHED) {
                return refused(claim);
            }
        }
    }

    /** Makes nothing visible before all of it is written: one bad message keeps the others back. */
    private long putBatch(
            final Framing.Term term,
            final ByteRing ring,
            final long first,
            final ByteBuffer buffer,
            final int offset,
            final int[] lengths,
            final int count) {
        try {
            long claim = first;
            int at = offset;
            for (int i = 0; i < count; i++) {
                ring.buffer().put(framing.begin(term, ring, claim, lengths[i]), buffer, at, lengths[i]);
                framing.complete(term, ring, claim, lengths[i]);
                claim = framing.next(term, ring, claim, lengths[i]);
                at += lengths[i];
            }
        } catch (final RuntimeException | Error ex) {
            framing.abortBatch(term, ring, first, lengths, count);
            doorbell.ring();
            throw ex;
        }
        long claim = first;
        long position = 0;
        for (int i = 0; i < count; i++) {
            final long next = framing.next(term, ring, claim, lengths[i]);
            position = framing.commitComplete(term, ring, claim, lengths[i]);
            claim = next;
        }
        doorbell.ring();
        return position;
    }

    MessageClaim newClaim() {
        return new LaneClaim(this);
    }

    long tryClaim(final int length, final MessageClaim into) {
        if (!(into instanceof LaneClaim claim)) {
            throw new IllegalArgumentException("not a claim of Connection.newClaim(): claim=" + into);
        }
        claim.checkMayOpen(this);
        while (true) {
            final Framing.Term term = framing.term(form);
            final ByteRing ring = framing.ring();
            final long token = framing.tryClaim(term, ring, length);
            if (token >= 0) {
                return open(claim, term, ring, token, length);
            }
            if (token != Framing.SWITCHED) {
                return refused(token);
            }
        }
    }

    private long open(
            final LaneClaim claim, final Framing.Term term, final ByteRing ring, final long token, final int length) {
        try {
            claim.open(term, ring, token, framing.begin(term, ring, token, length), length);
            return 0;
        } catch (final RuntimeException | Error ex) {
            abort(term, ring, token, length);
            throw ex;
        }
    }

    long commit(final Framing.Term term, final ByteRing ring, final long claim, final int length) {
        try {
            return framing.commit(term, ring, claim, length);
        } finally {
            doorbell.ring();
        }
    }

    void abort(final Framing.Term term, final ByteRing ring, final long claim, final int length) {
        framing.abort(term, ring, claim, length);
        doorbell.ring();
    }

    private long refused(final long code) {
        if (code == Connection.BACK_PRESSURED) {
            counters.increment(CounterCells.BACK_PRESSURED);
            leaveWord();
            if (dropsNewest) {
                counters.increment(CounterCells.DROPPED);
                return Connection.DROPPED;
            }
        } else if (code == Connection.MESSAGE_TOO_LONG) {
            counters.increment(CounterCells.TOO_LONG);
        }
        return code;
    }

    void leaveWord() {
        if (room.leave()) {
            doorbell.ring();
        }
    }

    /** Offers until there is room or the time is over, and parks in between. Blocking. */
    long send(final ByteBuffer buffer, final int offset, final int length, final long timeoutNs)
            throws InterruptedException {
        final long endNs = clock.nanoTime() + timeoutNs;
        final ThreadParker parker = new ThreadParker();
        room.join(parker);
        try {
            while (true) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                final long result = attempt(buffer, offset, length);
                if (result == Connection.BACK_PRESSURED) {
                    leaveWord();
                } else if (result != Connection.ADMIN_ACTION) {
                    return result >= 0 ? result : refused(result);
                }
                final long leftNs = endNs - clock.nanoTime();
                if (leftNs <= 0) {
                    counters.increment(CounterCells.BACK_PRESSURED);
                    return result;
                }
                parker.park(result == Connection.ADMIN_ACTION ? Math.min(SWITCH_PARK_NS, leftNs) : leftNs);
            }
        } finally {
            room.part(parker);
        }
    }

    // ---- the connection's thread ----

    boolean isRoomWanted() {
        return room.isLeft();
    }

    /** Clears the word and lets blocked senders try again. */
    void tellRoom() {
        room.answer();
    }

    /** Lets blocked senders look again. */
    void wakeWaiters() {
        room.wakeWaiters();
    }

    RingCell rings() {
        return rings;
    }
}
