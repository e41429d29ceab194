package io.millrace.jmh.websocket;

import io.millrace.jmh.connection.Link;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what is on its way, for peers whose queues have no bound. Senders enter; one thread at a time, the receiver's, lets
 * out.
 */
final class Window {
    private static final long LIMIT = 1024;

    private final AtomicLong entered = new AtomicLong();
    private volatile long left;

    /** Sends while there is room, and refuses otherwise. */
    Link.Sender sending(final Link.Sender unbounded) {
        return (source, offset, length) -> enter() && unbounded.offer(source, offset, length);
    }

    /** Whether one more may be sent. Senders that come at once may exceed the limit by one each. */
    private boolean enter() {
        if (entered.get() - left >= LIMIT) {
            return false;
        }
        entered.incrementAndGet();
        return true;
    }

    /** Counts what arrives. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread at a time receives.
    Link.Receiver counting(final Link.Receiver receiver) {
        return (buffer, offset, length, reply) -> {
            receiver.onMessage(buffer, offset, length, reply);
            left++;
        };
    }
}
