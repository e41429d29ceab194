package io.millrace.transport.channel.socket;

import io.millrace.ring.Parker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a {@link SharedPoller} knows of one socket: its thread, for which operations the socket is armed, of which of them the
 * thread was told and has not come back for, and when it is to be woken at the latest.
 *
 * <p>Each operation is a bit. Armed ones are set by the socket's thread alone, and cleared by the poller alone; told ones are
 * set by the poller, and cleared by the thread. The alarm is set by the thread, and cleared by the poller before it wakes the
 * thread.
 */
final class Watch {
    /** The alarm of a thread that wants none. */
    static final long NEVER = Long.MAX_VALUE;

    private static final VarHandle ARMED;
    private static final VarHandle TOLD;
    private static final VarHandle ALARM_NS;
    private static final VarHandle ASKING;

    static {
        try {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            ARMED = lookup.findVarHandle(Watch.class, "armed", int.class);
            TOLD = lookup.findVarHandle(Watch.class, "told", int.class);
            ALARM_NS = lookup.findVarHandle(Watch.class, "alarmNs", long.class);
            ASKING = lookup.findVarHandle(Watch.class, "asking", boolean.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final Parker thread;

    @SuppressWarnings("UnusedVariable") // Through the VarHandle, as the next three.
    private int armed;

    @SuppressWarnings("UnusedVariable")
    private int told;

    @SuppressWarnings("UnusedVariable")
    private long alarmNs = NEVER;

    @SuppressWarnings("UnusedVariable")
    private boolean asking;

    /** The next one that asks for an alarm: its thread's, then the poller's. */
    Watch next;

    /** The alarm that the poller knows of; the poller's own. */
    long knownNs = NEVER;

    Watch(final Parker thread) {
        this.thread = thread;
    }

    // ---- the socket's thread ----

    /** It is about to sleep, and {@link #back}: sets what is not set yet of the operations, and returns that. */
    int arm(final int operations) {
        int now;
        do {
            now = (int) ARMED.getVolatile(this);
        } while ((operations & ~now) != 0 && !ARMED.compareAndSet(this, now, now | operations));
        return operations & ~now;
    }

    /** Is done with what it was told of; returns whether it was told of anything. */
    boolean back(final int operations) {
        final boolean told = isTold(operations);
        if (told) {
            clear(TOLD, operations);
        }
        return told;
    }

    boolean isTold(final int operations) {
        return ((int) TOLD.getVolatile(this) & operations) != 0;
    }

    /** Whether the poller watches for all of the operations. */
    boolean isArmed(final int operations) {
        return (operations & ~(int) ARMED.getVolatile(this)) == 0;
    }

    /** Wants to be woken by then: false if an alarm is set already that is not later. */
    boolean advanceAlarm(final long timeNs) {
        final long setNs = (long) ALARM_NS.getVolatile(this);
        if (setNs != NEVER && setNs - timeNs <= 0) {
            return false;
        }
        ALARM_NS.setVolatile(this, timeNs);
        return true;
    }

    /** Wants no alarm: false if there was none. */
    boolean dropAlarm() {
        return (long) ALARM_NS.getAndSet(this, NEVER) != NEVER;
    }

    /** True for who has to ask the poller; false if it has not heard the last question yet. */
    boolean tryAsk() {
        return !(boolean) ASKING.getAndSet(this, true);
    }

    // ---- the poller ----

    /** Wakes the thread for what is ready. */
    void tell(final int operations) {
        TOLD.setVolatile(this, operations);
        thread.unpark();
    }

    /** What the thread was told of and has not slept for since. */
    int told() {
        return (int) TOLD.getVolatile(this);
    }

    /** Clears operations, and returns what is left. */
    int disarm(final int operations) {
        return clear(ARMED, operations);
    }

    /** The alarm that is asked for; it may be asked for another from here on. */
    long takeAlarm() {
        ASKING.setVolatile(this, false);
        return (long) ALARM_NS.getVolatile(this);
    }

    void ringAlarm() {
        ALARM_NS.setVolatile(this, NEVER);
        thread.unpark();
    }

    // ---- any thread ----

    /** Not by the handle's own operation on bits, which the model checker does not see. */
    private int clear(final VarHandle bits, final int operations) {
        int now;
        do {
            now = (int) bits.getVolatile(this);
        } while (!bits.compareAndSet(this, now, now & ~operations));
        return now & ~operations;
    }

    void unpark() {
        thread.unpark();
    }
}
