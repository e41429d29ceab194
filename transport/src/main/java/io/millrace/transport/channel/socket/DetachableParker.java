package io.millrace.transport.channel.socket;

import io.millrace.ring.ThreadParker;
import io.millrace.transport.channel.SocketParker;
import io.millrace.transport.channel.SocketParkers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import org.agrona.CloseHelper;

/**
 * Sleeps on a selector of its own as long as its socket has a thread, which is the shortest way to that, and by a shared poller while
 * it has none: then the selector is closed, and the next sleep opens another. Made for platform threads.
 *
 * <h2>Memory ordering</h2>
 *
 * A waker leaves a permit, then looks for the selector; a thread that has opened one shows it, then looks for the permit. All four are
 * volatile, so one of the two sees the other. Who detaches and a waker meet at the permit alone, as {@link ThreadParker} says. Behind
 * each sleep in the selector the permit is taken: its waker has ended that sleep, or comes late, and what it did before is seen by a
 * thread that looks at everything then.
 */
public final class DetachableParker implements SocketParker {
    private static final System.Logger LOGGER = System.getLogger(DetachableParker.class.getName());

    private final PolledParkers polledParkers;
    private final SocketParkers ownParkers;
    private final ThreadParker thread = new ThreadParker();
    private SelectableChannel socket;

    /** Null before the first time without a thread. */
    private PolledParker polled;

    /** Null without a thread, or if there is no descriptor for one: then there is the other. */
    private volatile SocketParker own;

    /**
     * Opens a selector.
     *
     * @param polledParkers for the times without a thread.
     * @throws IOException if there is no descriptor for the selector.
     */
    public DetachableParker(final PolledParkers polledParkers) throws IOException {
        this(polledParkers, SelectorParker::new);
        own = ownParkers.open();
    }

    /** Without a selector at first, and with sleep that tests bring. */
    DetachableParker(final PolledParkers polledParkers, final SocketParkers ownParkers) {
        this.polledParkers = polledParkers;
        this.ownParkers = ownParkers;
    }

    @Override
    public void watch(final SelectableChannel newSocket) throws IOException {
        socket = newSocket;
        own.watch(newSocket);
    }

    @Override
    public void park(final int operations, final long maxNs) {
        if (own == null && tryOpen() && thread.takePermit()) {
            return;
        }
        if (own == null) {
            polled.park(operations, maxNs);
        } else {
            own.park(operations, maxNs);
            thread.takePermit();
        }
    }

    /** Without a descriptor to spare the poller goes on watching, which takes none. */
    private boolean tryOpen() {
        SocketParker opened = null;
        try {
            opened = ownParkers.open();
            opened.watch(socket);
            own = opened;
            return true;
        } catch (final IOException ex) {
            CloseHelper.quietClose(opened);
            LOGGER.log(System.Logger.Level.DEBUG, "no selector for a socket's thread, which the poller wakes", ex);
            return false;
        }
    }

    @Override
    public boolean tryDetach(final int operations, final long maxNs, final Runnable resume) {
        if (socket == null || maxNs < PolledParker.ALARM_NS || !findPolled()) {
            return false;
        }
        final SocketParker last = own;
        own = null;
        CloseHelper.quietClose(last);
        try {
            return polled.tryDetach(operations, maxNs, resume);
        } catch (final UncheckedIOException ex) {
            LOGGER.log(System.Logger.Level.DEBUG, "a socket keeps its thread, for the poller has ended", ex);
            return false;
        }
    }

    private boolean findPolled() {
        if (polled != null && !polled.isLost()) {
            return true;
        }
        PolledParker opened = null;
        try {
            opened = polledParkers.open(thread);
            opened.watch(socket);
        } catch (final IOException | RuntimeException | Error ex) {
            CloseHelper.quietClose(opened);
            LOGGER.log(System.Logger.Level.DEBUG, "a socket keeps its thread, for there is no poller", ex);
            return false;
        }
        CloseHelper.quietClose(polled);
        polled = opened;
        return true;
    }

    @Override
    public boolean mayBeReady() {
        final SocketParker selector = own;
        return selector == null ? polled.mayBeReady() : selector.mayBeReady();
    }

    @Override
    public void unpark() {
        thread.unpark();
        final SocketParker selector = own;
        if (selector != null) {
            selector.unpark();
        }
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(own, polled);
    }
}
