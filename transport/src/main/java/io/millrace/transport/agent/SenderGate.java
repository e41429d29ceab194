package io.millrace.transport.agent;

import io.millrace.transport.channel.MessageSender;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Lets senders at a channel that is not ours to close under their hands: each enters, sends and leaves by a
 * {@link SenderSlot} of its own. Closing is linearizable with entering, and whoever closes knows when the last is out, how
 * many messages were accepted, and which claims are still open.
 *
 * <p>Progress: entering and leaving are wait-free, and meet nobody, once a thread has its slot; its first time copies the
 * table, lock-free. A slot is used again when its thread is dead.
 */
final class SenderGate {
    private static final int NEW = 0;
    private static final int OPEN = 1;
    private static final int CLOSED = 2;
    private static final int FIRST_LENGTH = 16;

    private static final VarHandle TABLE;
    private static final VarHandle STATE;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            TABLE = lookup.findVarHandle(SenderGate.class, "table", Table.class);
            STATE = lookup.findVarHandle(SenderGate.class, "state", int.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    /** Never changes: open addressing by the owner's id, at most half full, and all in the order they came. */
    private static final class Table {
        private final SenderSlot[] byOwner;
        private final SenderSlot[] all;

        Table(final SenderSlot[] all) {
            this.all = all;
            byOwner = new SenderSlot[Math.max(FIRST_LENGTH, 4 * Integer.highestOneBit(Math.max(1, all.length)))];
            for (final SenderSlot slot : all) {
                int at = index(slot.owner(), byOwner.length);
                while (byOwner[at] != null) {
                    at = (at + 1) & (byOwner.length - 1);
                }
                byOwner[at] = slot;
            }
        }

        /** Not by its hash, which the JVM has to look for once somebody waits in {@link Thread#join()}. */
        static int index(final Thread thread, final int length) {
            return (int) thread.getId() & (length - 1);
        }

        Table with(final SenderSlot slot) {
            final SenderSlot[] more = java.util.Arrays.copyOf(all, all.length + 1);
            more[all.length] = slot;
            return new Table(more);
        }
    }

    private final Supplier<MessageSender> senders;

    @SuppressWarnings("UnusedVariable") // Through the VarHandle.
    private Table table = new Table(new SenderSlot[0]);

    /**
     * The slot that was given last: a sixth of an offer is saved where there is but one sender. Plain, for a thread that finds
     * itself named as a slot's owner has written that itself.
     */
    private SenderSlot latest;

    @SuppressWarnings("UnusedVariable") // Through the VarHandle.
    private int state = NEW;

    /** What waits for the last claim to be resolved. */
    private final AtomicReference<Runnable> onEmpty = new AtomicReference<>();

    /** The closer's. */
    private long abandoned;

    SenderGate(final Supplier<MessageSender> senders) {
        this.senders = senders;
    }

    // ---- senders ----

    /** The way in; null if the gate is not open. */
    SenderSlot enter() {
        if ((int) STATE.getOpaque(this) != OPEN) {
            return null;
        }
        final Thread thread = Thread.currentThread();
        final SenderSlot slot = slotOf(thread);
        slot.enter();
        if ((int) STATE.getVolatile(this) == OPEN) {
            return slot;
        }
        slot.leave();
        return null;
    }

    private SenderSlot slotOf(final Thread thread) {
        final SenderSlot likely = latest;
        if (likely != null && likely.isOf(thread)) {
            return likely;
        }
        final SenderSlot[] slots = ((Table) TABLE.getAcquire(this)).byOwner;
        int at = Table.index(thread, slots.length);
        for (SenderSlot slot = slots[at]; slot != null; slot = slots[at]) {
            if (slot.isOf(thread)) {
                return slot;
            }
            at = (at + 1) & (slots.length - 1);
        }
        return join(thread);
    }

    private SenderSlot join(final Thread thread) {
        final SenderSlot inherited = inherit(thread);
        final SenderSlot mine = inherited == null ? new SenderSlot(thread, senders.get()) : inherited;
        while (true) {
            final Table now = (Table) TABLE.getAcquire(this);
            final Table next = inherited == null ? now.with(mine) : new Table(now.all);
            if (TABLE.compareAndSet(this, now, next)) {
                latest = mine;
                return mine;
            }
        }
    }

    private SenderSlot inherit(final Thread heir) {
        for (final SenderSlot slot : ((Table) TABLE.getAcquire(this)).all) {
            final Thread owner = slot.owner();
            if (!owner.isAlive() && slot.inherit(owner, heir)) {
                return slot;
            }
        }
        return null;
    }

    /** A claim has been resolved: if it was the last that something waits for, does that. */
    void claimResolved() {
        final Runnable waiting = onEmpty.get();
        if (waiting != null && isEmpty() && onEmpty.compareAndSet(waiting, null)) {
            waiting.run();
        }
    }

    // ---- any thread ----

    boolean isClosed() {
        return (int) STATE.getVolatile(this) == CLOSED;
    }

    /** Whether it was not closed before. */
    boolean close() {
        return (int) STATE.getAndSet(this, CLOSED) != CLOSED;
    }

    long accepted() {
        long sum = 0;
        for (final SenderSlot slot : all()) {
            sum += slot.accepted();
        }
        return sum;
    }

    long bytes() {
        long sum = 0;
        for (final SenderSlot slot : all()) {
            sum += slot.bytes();
        }
        return sum;
    }

    private SenderSlot[] all() {
        return ((Table) TABLE.getAcquire(this)).all;
    }

    // ---- the connection's thread ----

    /** Unless it was closed before. */
    void open() {
        STATE.compareAndSet(this, NEW, OPEN);
    }

    /** Once closed: whether no sender is in a call. */
    boolean isLeft() {
        for (final SenderSlot slot : all()) {
            if (slot.entered() != slot.left()) {
                return false;
            }
        }
        return true;
    }

    /** Once closed: whether nobody sends any more, for no claim is open but the abandoned ones. */
    boolean isQuiet() {
        return isLeft() && openClaims() == 0;
    }

    private long openClaims() {
        long open = -abandoned;
        for (final SenderSlot slot : all()) {
            open += slot.opened() - slot.done();
        }
        return open;
    }

    /** Once all have left: gives up on the claims that are open; returns how many. */
    int abandonClaims() {
        int more = 0;
        for (final SenderSlot slot : all()) {
            more += slot.abandonClaims();
        }
        abandoned += more;
        return more;
    }

    /** Claims that were given up on: accepted, but not sent. */
    long abandoned() {
        return abandoned;
    }

    /** Once all have left: does something as soon as no claim is open, now or on the thread that resolves the last. */
    void whenEmpty(final Runnable action) {
        onEmpty.set(action);
        claimResolved();
    }

    /** Once empty: lets go of the senders, but not of what they have counted. */
    void release() {
        for (final SenderSlot slot : all()) {
            slot.release();
        }
    }

    private boolean isEmpty() {
        for (final SenderSlot slot : all()) {
            if (slot.opened() != slot.done() + slot.dropped()) {
                return false;
            }
        }
        return true;
    }
}
