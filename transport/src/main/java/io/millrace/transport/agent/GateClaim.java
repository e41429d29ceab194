package io.millrace.transport.agent;

import io.millrace.transport.MessageClaim;
import io.millrace.transport.channel.ClaimedMessage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * A claim of one {@link MessageLane}. One thread, but for {@link #abandon()}, which the connection's thread calls: the state
 * moves by compare-and-set, so that either the claim is resolved by its owner or abandoned. The room stays the owner's to
 * write to until it resolves the claim, for the channel is not closed before. An owner that
 * comes while the connection's thread is abandoning the claim spins until that is done: not lock-free for these few steps.
 */
final class GateClaim implements MessageClaim {
    private static final int NONE = 0;
    private static final int OPEN = 1;
    private static final int ABANDONING = 2;
    private static final int ABANDONED = 3;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(GateClaim.class, "state", int.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    /** In the slot's list; of its thread, and looked at by the connection's, which survives any value that was there. */
    volatile GateClaim next;

    private final MessageLane lane;
    private final SenderGate gate;

    /** Made by the first claim, for before that the channel may not be connected. */
    private ClaimedMessage room;

    private SenderSlot slot;
    private int length;
    private long position;

    @SuppressWarnings("UnusedVariable") // Through the VarHandle.
    private int state = NONE;

    GateClaim(final MessageLane lane, final SenderGate gate) {
        this.lane = lane;
        this.gate = gate;
    }

    void checkMayOpen(final MessageLane by) {
        if (lane != by) {
            throw new IllegalArgumentException("the claim was made by another connection");
        }
        if (slot != null) {
            throw new IllegalStateException("claim is neither committed nor aborted: length=" + length);
        }
    }

    ClaimedMessage room() {
        if (room == null) {
            room = lane.newRoom();
        }
        return room;
    }

    /** By its owner, that is inside of the gate. */
    void open(final SenderSlot by, final int newLength, final long newPosition) {
        slot = by;
        length = newLength;
        position = newPosition;
        STATE.setRelease(this, OPEN);
        by.opened(this);
    }

    /** The connection's thread. */
    boolean abandon() {
        if (!STATE.compareAndSet(this, OPEN, ABANDONING)) {
            return false;
        }
        room.abort();
        STATE.setRelease(this, ABANDONED);
        return true;
    }

    private SenderSlot openSlot() {
        if (slot == null) {
            throw new IllegalStateException("claim is not open: never claimed, committed or aborted before");
        }
        return slot;
    }

    @Override
    public ByteBuffer buffer() {
        openSlot();
        return room.buffer();
    }

    @Override
    public int offset() {
        openSlot();
        return room.offset();
    }

    @Override
    public int length() {
        openSlot();
        return length;
    }

    @Override
    public long commit() {
        final SenderSlot by = openSlot();
        if (take(by)) {
            room.commit();
            room.release();
            by.done(this, 1, length);
            gate.claimResolved();
        }
        return position;
    }

    @Override
    public void abort() {
        final SenderSlot by = openSlot();
        if (take(by)) {
            room.abort();
            room.release();
            by.done(this, 0, 0);
            gate.claimResolved();
        }
    }

    /** Whether the claim was not abandoned; if it was, this was all that there is to do. */
    private boolean take(final SenderSlot by) {
        slot = null;
        if (STATE.compareAndSet(this, OPEN, NONE)) {
            return true;
        }
        while ((int) STATE.getAcquire(this) != ABANDONED) {
            Thread.onSpinWait();
        }
        STATE.setRelease(this, NONE);
        room.release();
        by.dropped(this);
        gate.claimResolved();
        return false;
    }
}
