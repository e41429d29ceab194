package io.millrace.transport.agent;

import io.millrace.transport.channel.MessageSender;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One sending thread's place in a {@link SenderGate}: only that thread writes here, so that no two senders meet.
 *
 * <h2>Memory ordering</h2>
 *
 * <ul>
 *   <li>entered: the sender, volatile, before it looks whether the gate is closed; the closer, volatile, after it closed it.
 *       So one of the two sees the other.
 *   <li>left: the sender, release, behind the counts and behind the last touch of the channel; the closer loads it with
 *       acquire.
 *   <li>done, dropped: as left; volatile, for what waits for the last claim is looked for behind them.
 *   <li>owner: by compare-and-set from a dead thread's name to the own; a thread that finds its own name wrote it.
 * </ul>
 */
@SuppressWarnings({"unused", "UnusedVariable"})
final class SenderSlot {
    private static final VarHandle OWNER;
    private static final VarHandle ENTERED;
    private static final VarHandle LEFT;
    private static final VarHandle ACCEPTED;
    private static final VarHandle BYTES;
    private static final VarHandle OPENED;
    private static final VarHandle DONE;
    private static final VarHandle DROPPED;
    private static final VarHandle CLAIMS;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            OWNER = lookup.findVarHandle(SenderSlot.class, "owner", Thread.class);
            ENTERED = lookup.findVarHandle(SenderSlot.class, "entered", long.class);
            LEFT = lookup.findVarHandle(SenderSlot.class, "left", long.class);
            ACCEPTED = lookup.findVarHandle(SenderSlot.class, "accepted", long.class);
            BYTES = lookup.findVarHandle(SenderSlot.class, "bytes", long.class);
            OPENED = lookup.findVarHandle(SenderSlot.class, "opened", long.class);
            DONE = lookup.findVarHandle(SenderSlot.class, "done", long.class);
            DROPPED = lookup.findVarHandle(SenderSlot.class, "dropped", long.class);
            CLAIMS = lookup.findVarHandle(SenderSlot.class, "claims", GateClaim.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    // Longs on both sides, for the JVM lays out fields by size: what one sender writes is off every other's line.
    private long a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15;
    private long entered;
    private long left;
    private long accepted;
    private long bytes;
    private long opened;
    private long done;
    private long dropped;
    private long z0, z1, z2, z3, z4, z5, z6, z7, z8, z9, z10, z11, z12, z13, z14, z15;
    private Thread owner;

    /** The first of the claims that are open, or were not long ago. */
    private GateClaim claims;

    /** Null once the gate has let go of it, when nobody enters any more. */
    private MessageSender sender;

    SenderSlot(final Thread owner, final MessageSender sender) {
        this.owner = owner;
        this.sender = sender;
    }

    // ---- the sender ----

    boolean isOf(final Thread thread) {
        return owner == thread;
    }

    void enter() {
        ENTERED.setVolatile(this, entered + 1);
    }

    void leave() {
        LEFT.setRelease(this, left + 1);
    }

    /** Counts before it leaves. */
    void leave(final long messages, final long length) {
        ACCEPTED.setOpaque(this, accepted + messages);
        BYTES.setOpaque(this, bytes + length);
        LEFT.setRelease(this, left + 1);
    }

    void opened(final GateClaim claim) {
        claim.next = claims;
        CLAIMS.setRelease(this, claim);
        OPENED.setRelease(this, opened + 1);
    }

    /** The claim is neither open nor abandoned any more. */
    void done(final GateClaim claim, final long messages, final long length) {
        remove(claim);
        ACCEPTED.setOpaque(this, accepted + messages);
        BYTES.setOpaque(this, bytes + length);
        DONE.setVolatile(this, done + 1);
    }

    /** The claim was abandoned before. */
    void dropped(final GateClaim claim) {
        remove(claim);
        DROPPED.setVolatile(this, dropped + 1);
    }

    /** What is removed still leads on to the rest, for whoever is looking at it. */
    private void remove(final GateClaim claim) {
        if (claims == claim) {
            CLAIMS.setRelease(this, claim.next);
            return;
        }
        GateClaim before = claims;
        while (before.next != claim) {
            before = before.next;
        }
        before.next = claim.next;
    }

    MessageSender sender() {
        return sender;
    }

    // ---- any thread ----

    /** Nobody enters any more, and the channel is closed. */
    void release() {
        sender = null;
    }

    Thread owner() {
        return (Thread) OWNER.getAcquire(this);
    }

    /** Takes the place of a thread that is dead. */
    boolean inherit(final Thread dead, final Thread heir) {
        return entered() == left() && openClaims() == 0 && OWNER.compareAndSet(this, dead, heir);
    }

    long entered() {
        return (long) ENTERED.getVolatile(this);
    }

    long left() {
        return (long) LEFT.getAcquire(this);
    }

    long accepted() {
        return (long) ACCEPTED.getOpaque(this);
    }

    long bytes() {
        return (long) BYTES.getOpaque(this);
    }

    long opened() {
        return (long) OPENED.getAcquire(this);
    }

    long done() {
        return (long) DONE.getVolatile(this);
    }

    long dropped() {
        return (long) DROPPED.getVolatile(this);
    }

    private long openClaims() {
        return opened() - done() - dropped();
    }

    /** Abandons all that are open; returns how many. No more are opened meanwhile. */
    int abandonClaims() {
        int abandoned = 0;
        for (GateClaim claim = (GateClaim) CLAIMS.getAcquire(this); claim != null; claim = claim.next) {
            if (claim.abandon()) {
                abandoned++;
            }
        }
        return abandoned;
    }
}
