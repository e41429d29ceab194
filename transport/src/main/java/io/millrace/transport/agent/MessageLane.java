package io.millrace.transport.agent;

import io.millrace.ring.Doorbell;
import io.millrace.ring.ThreadParker;
import io.millrace.transport.Connection;
import io.millrace.transport.MessageClaim;
import io.millrace.transport.channel.ClaimedMessage;
import io.millrace.transport.channel.MessageChannel;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * The senders' side of a connection whose engine carries messages: offers them right to the engine, through the gate, and
 * leaves word when there was no room. Any thread; lock-free, apart from {@link #send}.
 */
final class MessageLane {
    /** How long to wait for the engine's own business, of which nobody tells. */
    private static final long ADMIN_PARK_NS = TimeUnit.MICROSECONDS.toNanos(50);

    private final SenderGate gate;
    private final MessageChannel channel;
    private final Doorbell doorbell;
    private final CounterCells counters;
    private final NanoClock clock;
    private final int maxMessageLength;
    private final boolean dropsNewest;
    private final RoomWord room = new RoomWord();

    MessageLane(
            final SenderGate gate,
            final MessageChannel channel,
            final Doorbell doorbell,
            final CounterCells counters,
            final NanoClock clock,
            final int maxMessageLength,
            final boolean dropsNewest) {
        this.gate = gate;
        this.channel = channel;
        this.doorbell = doorbell;
        this.counters = counters;
        this.clock = clock;
        this.maxMessageLength = maxMessageLength;
        this.dropsNewest = dropsNewest;
    }

    // ---- senders ----

    long offer(final ByteBuffer buffer, final int offset, final int length) {
        final long result = attempt(buffer, offset, length);
        return result >= 0 ? result : refused(result);
    }

    private long attempt(final ByteBuffer buffer, final int offset, final int length) {
        if (!isAllowed(length)) {
            return Connection.MESSAGE_TOO_LONG;
        }
        final SenderSlot slot = gate.enter();
        if (slot == null) {
            return notOpen();
        }
        long result = Connection.CLOSED;
        try {
            result = slot.sender().offer(buffer, offset, length);
            return result;
        } finally {
            leave(slot, result, 1, length);
        }
    }

    long offer(final DirectBuffer buffer, final int offset, final int length) {
        if (!isAllowed(length)) {
            return refused(Connection.MESSAGE_TOO_LONG);
        }
        final SenderSlot slot = gate.enter();
        if (slot == null) {
            return notOpen();
        }
        long result = Connection.CLOSED;
        try {
            result = slot.sender().offer(buffer, offset, length);
        } finally {
            leave(slot, result, 1, length);
        }
        return result >= 0 ? result : refused(result);
    }

    long offer(final ByteBuffer[] pieces, final int offset, final int count) {
        final int length = MessagePieces.length(pieces, offset, count);
        if (!isAllowed(length)) {
            return refused(Connection.MESSAGE_TOO_LONG);
        }
        final SenderSlot slot = gate.enter();
        if (slot == null) {
            return notOpen();
        }
        long result = Connection.CLOSED;
        try {
            result = slot.sender().offer(pieces, offset, count, length);
        } finally {
            leave(slot, result, 1, length);
        }
        return result >= 0 ? result : refused(result);
    }

    long offerBatch(final ByteBuffer buffer, final int offset, final int[] lengths, final int count) {
        long length = 0;
        for (int i = 0; i < count; i++) {
            if (!isAllowed(lengths[i])) {
                return refused(Connection.MESSAGE_TOO_LONG);
            }
            length += lengths[i];
        }
        final SenderSlot slot = gate.enter();
        if (slot == null) {
            return notOpen();
        }
        long result = Connection.CLOSED;
        try {
            result = slot.sender().offerBatch(buffer, offset, lengths, count);
        } finally {
            leave(slot, result, count, length);
        }
        return result >= 0 ? result : refused(result);
    }

    private static void leave(final SenderSlot slot, final long result, final long messages, final long length) {
        if (result >= 0) {
            slot.leave(messages, length);
        } else {
            slot.leave();
        }
    }

    private boolean isAllowed(final int length) {
        if (length < 1) {
            throw new IllegalArgumentException("a message has at least one byte: length=" + length);
        }
        return length <= maxMessageLength;
    }

    private long notOpen() {
        return gate.isClosed() ? Connection.CLOSED : Connection.NOT_CONNECTED;
    }

    MessageClaim newClaim() {
        return new GateClaim(this, gate);
    }

    ClaimedMessage newRoom() {
        return channel.newClaim();
    }

    long tryClaim(final int length, final MessageClaim into) {
        if (!(into instanceof GateClaim claim)) {
            throw new IllegalArgumentException("not a claim of Connection.newClaim(): claim=" + into);
        }
        claim.checkMayOpen(this);
        if (!isAllowed(length)) {
            return refused(Connection.MESSAGE_TOO_LONG);
        }
        final SenderSlot slot = gate.enter();
        if (slot == null) {
            return notOpen();
        }
        final long result;
        try {
            result = slot.sender().tryClaim(length, claim.room());
            if (result >= 0) {
                claim.open(slot, length, result);
            }
        } finally {
            slot.leave();
        }
        return result >= 0 ? 0 : refused(result);
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

    private void leaveWord() {
        if (room.leave()) {
            doorbell.ring();
        }
    }

    /** Offers until there is room or the time is over, and parks in between. Blocking. */
    long send(final ByteBuffer buffer, final long timeoutNs) throws InterruptedException {
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

    // ---- any thread ----

    boolean close() {
        return gate.close();
    }

    boolean isClosed() {
        return gate.isClosed();
    }
}
