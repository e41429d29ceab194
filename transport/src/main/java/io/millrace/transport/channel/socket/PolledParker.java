package io.millrace.transport.channel.socket;

import io.millrace.ring.Parker;
import io.millrace.transport.channel.SocketParker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;

/** Sleeps without a descriptor of its own: a {@link SharedPoller} wakes it. Made for virtual threads, and for none. */
public final class PolledParker implements SocketParker {
    /** The poller does not say when it has let go of a socket, which it does at once. */
    private static final long RELEASE_PARK_NS = 20_000;

    /** Shorter sleeps have to end at their time, and are rare enough to have the JDK's timer end them. */
    static final long ALARM_NS = 10_000_000;

    private final SharedPoller poller;
    private final Parker thread;
    private SelectableChannel socket;
    private SelectionKey key;
    private Watch watch;
    private boolean ready = true;
    private boolean closed;

    PolledParker(final SharedPoller poller, final Parker thread) {
        this.poller = poller;
        this.thread = thread;
    }

    @Override
    public void watch(final SelectableChannel newSocket) throws IOException {
        letGo();
        ready = true;
        socket = newSocket;
        watch = new Watch(thread);
        try {
            key = newSocket == null ? null : newSocket.register(poller.selector(), 0, watch);
        } catch (final ClosedSelectorException ex) {
            throw new IOException("the poller of the sockets has ended", ex);
        }
    }

    @Override
    public void park(final int operations, final long maxNs) {
        boolean unknown = key == null;
        if (key != null) {
            // Told while it was awake for something else: nobody has looked at the socket since.
            unknown = watch.back(operations) && !ready;
            arm(operations);
        }
        final boolean alarmed = setAlarm(maxNs);
        poller.check();
        thread.park(alarmed ? Long.MAX_VALUE : maxNs);
        ready = unknown || watch.isTold(operations) || !watch.isArmed(operations);
    }

    /** Whether the poller ends the sleep in time. Without a socket, the poller's own end would not. */
    private boolean setAlarm(final long maxNs) {
        final boolean alarmed = key != null && maxNs >= ALARM_NS;
        if (alarmed && maxNs != Long.MAX_VALUE) {
            poller.setAlarm(watch, System.nanoTime() + maxNs);
        }
        return alarmed;
    }

    @Override
    public boolean tryDetach(final int operations, final long maxNs, final Runnable resume) {
        if (key == null) {
            return false;
        }
        watch.back(operations);
        arm(operations);
        ready = true;
        final boolean alarmed = setAlarm(maxNs);
        poller.check();
        return alarmed && thread.tryDetach(Long.MAX_VALUE, resume);
    }

    /** The poller need not wait for its thread any more, nor wake it. */
    private void letGo() {
        if (watch != null) {
            watch.back(~0);
            poller.dropAlarm(watch);
        }
    }

    private void arm(final int operations) {
        final int missing = watch.arm(operations);
        if (missing != 0) {
            try {
                key.interestOpsOr(missing);
            } catch (final CancelledKeyException | ClosedSelectorException ex) {
                // Where the poller has ended, it says why.
                poller.check();
                throw new UncheckedIOException(new IOException("the socket is closed", ex));
            }
            poller.wake();
        }
    }

    /** Whether nobody watches the socket any more. */
    boolean isLost() {
        return poller.isEnded();
    }

    @Override
    public boolean mayBeReady() {
        return ready;
    }

    @Override
    public void unpark() {
        thread.unpark();
    }

    /**
     * A closed socket keeps its descriptor, and a listening one its address, until the selector lets go of it. Another selector may watch
     * it, too.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        letGo();
        poller.wake();
        while (socket != null
                && socket.keyFor(poller.selector()) != null
                && !poller.isEnded()
                && !poller.isPolledByCaller()) {
            thread.park(RELEASE_PARK_NS);
        }
        poller.closed();
    }
}
