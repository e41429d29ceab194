package io.millrace.transport.channel.socket;

import io.millrace.ring.Parker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a {@link SharedPoller} knows of one socket: its thread, and for which operations the socket is armed. Each operation
 * is a bit that only the socket's thread sets and only the poller clears.
 */
final class Watch {
    private static final VarHandle ARMED;

    static {
        try {
            ARMED = MethodHandles.lookup().findVarHandle(Watch.class, "armed", int.class);
        } catch (final ReflectiveOperationException ex) {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final Parker thread;

    @SuppressWarnings("UnusedVariable") // Through the VarHandle.
    private int armed;

    Watch(final Parker thread) {
        this.thread = thread;
    }

    /** Sets what is not set yet of the operations, and returns that. The socket's thread. */
    int arm(final int operations) {
        final int missing = operations & ~(int) ARMED.getVolatile(this);
        if (missing != 0) {
            ARMED.getAndBitwiseOr(this, missing);
        }
        return missing;
    }

    /** The poller. */
    void disarm(final int operations) {
        ARMED.getAndBitwiseAnd(this, ~operations);
    }

    /** Any thread. */
    void unpark() {
        thread.unpark();
    }
}
