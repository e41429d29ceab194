package io.millrace.transport.agent;

import io.millrace.ring.Doorbell;
import io.millrace.ring.ThreadParker;
import io.millrace.transport.Connection;
import io.millrace.transport.MessageClaim;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * The senders' side of a connection of either kind: what they are answered when there is no room, and how they wait for it.
 * Any thread; lock-free, apart from {@link #send}.
 */
abstract class CommonLane {
    /** How long to wait for what nobody announces: a switch of the protocol, or an engine's own business. */
    private static final long ADMIN_PARK_NS = TimeUnit.MICROSECONDS.toNanos(50);

    final Doorbell doorbell;
    private final CounterCells counters;
    private final NanoClock clock;
    private final boolean dropsNewest;
    private final RoomWord room;

    CommonLane(final Doorbell doorbell, final CounterCells counters, final NanoClock clock, final boolean dropsNewest) {
        this.doorbell = doorbell;
        this.counters = counters;
        this.clock = clock;
        this.dropsNewest = dropsNewest;
        room = new RoomWord();
    }

    /** Another lane of the same connection. */
    CommonLane(final CommonLane first) {
        doorbell = first.doorbell;
        counters = first.counters;
        clock = first.clock;
        dropsNewest = first.dropsNewest;
        room = first.room;
    }

    /** Offers once; a code is neither counted nor followed by anything. */
    abstract long attempt(ByteBuffer buffer, int offset, int length);

    abstract long offer(DirectBuffer buffer, int offset, int length);

    abstract long offer(ByteBuffer[] pieces, int offset, int count);

    abstract long offerBatch(ByteBuffer buffer, int offset, int[] lengths, int count);

    abstract MessageClaim newClaim();

    abstract long tryClaim(int length, MessageClaim into);

    /** Closes to offers; returns whether it was open. */
    abstract boolean close();

    abstract boolean isClosed();

    // ---- senders ----

    final long offer(final ByteBuffer buffer, final int offset, final int length) {
        final long result = attempt(buffer, offset, length);
        return result >= 0 ? result : refused(result);
    }

    /** What to answer for a code: counts it, and if there was no room, leaves word. */
    final long refused(final long code) {
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

    final void leaveWord() {
        if (room.leave()) {
            doorbell.ring();
        }
    }

    /** Offers what lies between position and limit until there is room or the time is over, and parks in between. Blocking. */
    final long send(final ByteBuffer buffer, final long timeoutNs) throws InterruptedException {
        final long endNs = clock.nanoTime() + timeoutNs;
        final ThreadParker parker = new ThreadParker();
        room.join(parker);
        try {
            while (true) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                final long result = attempt(buffer, buffer.position(), buffer.remaining());
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
                parker.park(result == Connection.ADMIN_ACTION ? Math.min(ADMIN_PARK_NS, leftNs) : leftNs);
            }
        } finally {
            room.part(parker);
        }
    }

    // ---- the connection's thread ----

    final boolean isRoomWanted() {
        return room.isLeft();
    }

    /** Clears the word and lets blocked senders try again. */
    final void tellRoom() {
        room.answer();
    }

    /** Lets blocked senders look again. */
    final void wakeWaiters() {
        room.wakeWaiters();
    }
}
