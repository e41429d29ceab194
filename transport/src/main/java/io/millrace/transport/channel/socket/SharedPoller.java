package io.millrace.transport.channel.socket;

import io.millrace.ring.Doorbell;
import io.millrace.ring.Parker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.agrona.CloseHelper;

/**
 * One selector for the sockets of many threads, so that each costs one descriptor. A thread that is about to sleep arms its
 * socket; the poller's one thread, which calls {@link #poll()}, wakes the thread of a socket that is ready, and disarms the
 * socket if the thread does not sleep again soon. So a socket whose messages come one by one stays armed and costs no more
 * than the wake-ups, and a busy socket is not armed, and costs nothing here.
 *
 * <h2>Memory ordering</h2>
 *
 * <ul>
 *   <li>A sleeper arms its key, which the selector queues, then reads whether the poller sleeps (by a {@link Doorbell}); the
 *       poller says that it sleeps, then takes the queue. So either the poller sees the armed key, or the sleeper the
 *       sleeping poller, which it wakes. What was ready before it was armed is ready still: nothing is edge-triggered.
 *   <li>An operation that is armed is disarmed by the poller alone, key first, then {@link Watch}, and then it leaves a
 *       permit; one that is not is armed by the sleeper alone, {@link Watch} first. A sleeper that still finds it armed
 *       when the key no longer is, will find the permit.
 *   <li>The poller disarms only what it told the thread of and the thread has not slept for since. A sleeper that is back too
 *       late for the poller to see it is disarmed, and finds the permit.
 *   <li>failure: the poller writes it, then leaves a permit with everybody who is registered; a sleeper registers, and
 *       later reads it before each sleep. Both are volatile, so one of the two sees the other.
 * </ul>
 */
public final class SharedPoller {
    private static final System.Logger LOGGER = System.getLogger(SharedPoller.class.getName());
    private static final int ENDED = -1;

    /** Turns to yield, once threads were woken, until they sleep again. */
    private static final int LINGER_TURNS = 50;

    private final Selector selector;
    private final int lingerTurns;
    private final Alarms alarms = new Alarms();
    private final List<SelectionKey> told = new ArrayList<>();
    private final Consumer<SelectionKey> onReady = this::onReady;
    private final LongSupplier mayParkNs = this::mayParkNs;
    private final Doorbell doorbell = new Doorbell(new SelectorPark());
    private final AtomicInteger parkers = new AtomicInteger();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private volatile Thread thread;
    private volatile boolean closing;
    private volatile IOException failure;

    /**
     * Opens the selector.
     *
     * @throws IOException if there is no descriptor for it.
     */
    public SharedPoller() throws IOException {
        this(Selector.open(), LINGER_TURNS);
    }

    /** With a selector that tests bring. */
    SharedPoller(final Selector selector, final int lingerTurns) {
        this.selector = selector;
        this.lingerTurns = lingerTurns;
    }

    // ---- any thread ----

    /**
     * Makes a parker for a thread. Lock-free.
     *
     * @param thread to wake, by what it sleeps on.
     * @return a parker, or null if the poller has ended.
     */
    public PolledParker tryOpen(final Parker thread) {
        // Before it is counted, for who is counted has to be closed.
        final PolledParker parker = new PolledParker(this, thread);
        int now = parkers.get();
        while (now != ENDED) {
            if (parkers.compareAndSet(now, now + 1)) {
                return parker;
            }
            now = parkers.get();
        }
        return null;
    }

    /** Ends the poller as soon as it has no parker any more. Idempotent; wait-free, apart from the wake-up. */
    public void close() {
        closing = true;
        doorbell.ring();
    }

    /**
     * Runs a short task on the poller's thread; on the caller's, if the poller has ended. Lock-free, apart from the task.
     *
     * @param task to run.
     */
    public void execute(final Runnable task) {
        tasks.add(task);
        doorbell.ring();
        if (isEnded()) {
            runTasks();
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.run();
            } catch (final RuntimeException | Error ex) {
                LOGGER.log(System.Logger.Level.ERROR, "what was to be run on the poller's thread failed", ex);
            }
        }
    }

    // ---- parkers ----

    Selector selector() {
        return selector;
    }

    void wake() {
        doorbell.ring();
    }

    /** A sleeper wants to be woken by then. */
    void setAlarm(final Watch watch, final long timeNs) {
        if (alarms.set(watch, timeNs)) {
            doorbell.ring();
        }
    }

    /** A sleeper's socket is done with. */
    void dropAlarm(final Watch watch) {
        if (alarms.drop(watch)) {
            doorbell.ring();
        }
    }

    void closed() {
        int now = parkers.get();
        while (now != ENDED && !parkers.compareAndSet(now, now - 1)) {
            now = parkers.get();
        }
        doorbell.ring();
    }

    boolean isEnded() {
        return parkers.get() == ENDED;
    }

    /** Whether the calling thread is the one that lets go of closed sockets, and so must not wait for that. */
    boolean isPolledByCaller() {
        return thread == Thread.currentThread();
    }

    void check() {
        final IOException ended = failure;
        if (ended != null) {
            throw new UncheckedIOException(new IOException(ended.getMessage(), ended));
        }
    }

    // ---- the poller's thread ----

    /**
     * Wakes the threads whose time has come, sleeps until sockets are ready or the next one's has, wakes the threads of those
     * sockets, and yields a while until they sleep again. Blocking.
     *
     * @return false if it is closed and has no parker any more: then {@link #end}.
     * @throws UncheckedIOException if the selector fails: then {@link #end}.
     */
    public boolean poll() {
        if (closing && parkers.compareAndSet(0, ENDED)) {
            return false;
        }
        thread = Thread.currentThread();
        runTasks();
        alarms.ring(System.nanoTime());
        doorbell.sleep(mayParkNs);
        // Awake again: who arms a socket meanwhile wakes nobody.
        linger();
        return true;
    }

    private long mayParkNs() {
        if (!tasks.isEmpty() || (closing && parkers.get() == 0)) {
            return 0;
        }
        final long firstNs = alarms.firstNs();
        return firstNs == Watch.NEVER ? Long.MAX_VALUE : firstNs - System.nanoTime();
    }

    private void onReady(final SelectionKey key) {
        final Watch watch = (Watch) key.attachment();
        try {
            watch.tell(key.readyOps());
            told.add(key);
        } catch (final CancelledKeyException ignored) {
            // Closed by its thread meanwhile, which is awake then.
        }
    }

    /** A thread that soon sleeps again finds its socket armed; who does not is busy, and its socket is disarmed. */
    @SuppressWarnings("ThreadPriorityCheck") // The woken threads are to have the core.
    private void linger() {
        int turns = lingerTurns;
        for (final SelectionKey key : told) {
            final Watch watch = (Watch) key.attachment();
            while (turns > 0 && watch.told() != 0) {
                turns--;
                Thread.yield();
            }
            final int left = watch.told();
            if (left != 0) {
                disarm(key, watch, left);
            }
        }
        told.clear();
    }

    /** Its thread may be about to sleep again: the order counts. */
    static void disarm(final SelectionKey key, final Watch watch, final int operations) {
        try {
            key.interestOpsAnd(~operations);
            watch.disarm(operations);
        } catch (final CancelledKeyException ignored) {
            // Closed by its thread meanwhile, which is awake then.
        }
        watch.unpark();
    }

    /**
     * Ends the poller: whoever sleeps on it, or wants to, finds out that it can't. Idempotent.
     *
     * @param reason to tell them.
     * @param cause  of it, or null.
     */
    public void end(final String reason, final Throwable cause) {
        failure = new IOException("the poller of the sockets ended: " + reason, cause);
        parkers.set(ENDED);
        try {
            selector.keys().forEach(key -> ((Watch) key.attachment()).unpark());
        } catch (final ClosedSelectorException ignored) {
            // Ended before.
        } finally {
            CloseHelper.quietClose(selector);
            runTasks();
        }
    }

    private final class SelectorPark implements Parker {
        @Override
        public void park(final long maxNs) {
            try {
                if (maxNs == Long.MAX_VALUE) {
                    selector.select(onReady);
                } else {
                    selector.select(onReady, TimeUnit.NANOSECONDS.toMillis(maxNs) + 1);
                }
            } catch (final IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }

        @Override
        public void unpark() {
            selector.wakeup();
        }
    }
}
