package io.millrace.transport.agent;

import io.millrace.ring.Doorbell;
import io.millrace.ring.ThreadParker;
import io.millrace.session.SnapshotSet;
import io.millrace.transport.CloseReport;
import io.millrace.transport.ReconnectContext;
import io.millrace.transport.ReconnectingConnection;
import io.millrace.transport.TransportCounters;
import io.millrace.transport.Waiting;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.NanoClock;

/** Waits for all reconnecting connections of a transport, and begins their attempts. One thread for all of them. */
public final class ReconnectAgent implements DrivenAgent, AutoCloseable {
    /** Begins an attempt. */
    @FunctionalInterface
    public interface Dial {
        /**
         * Makes a connection and starts it.
         *
         * @param owner told when it is made, of its opening and of its end.
         */
        void dial(ConnectionOwner owner);
    }

    private static final System.Logger LOGGER = System.getLogger(ReconnectAgent.class.getName());

    private final NanoClock clock;
    private final TransportCounters counters;
    private final SnapshotSet<Reconnection> reconnections = new SnapshotSet<>();
    private final Doorbell doorbell = new Doorbell(new ThreadParker());
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private final DrivingThread thread = new DrivingThread();
    private volatile boolean closing;

    /**
     * Makes an agent that waits for nothing yet.
     *
     * @param clock    for the delays.
     * @param counters of the transport.
     */
    public ReconnectAgent(final NanoClock clock, final TransportCounters counters) {
        this.clock = clock;
        this.counters = counters;
    }

    /**
     * Takes on a connection; the first attempt is made at once. Any thread; lock-free.
     *
     * @param uri      to tell users.
     * @param settings that are concluded.
     * @param onEnd    told of the end of it all.
     * @param dial     begins each attempt.
     * @return the handle.
     */
    public ReconnectingConnection add(
            final URI uri,
            final ReconnectContext settings,
            final BiConsumer<ReconnectingConnection, CloseReport> onEnd,
            final Dial dial) {
        final Reconnection reconnection = new Reconnection(uri, settings, onEnd, this, dial, clock);
        reconnections.add(reconnection);
        if (closing) {
            reconnection.close();
            if (closed.isDone()) {
                endRest();
            }
        }
        wake();
        return reconnection;
    }

    /** Something changed. Any thread; wait-free. */
    void wake() {
        doorbell.ring();
    }

    /** Straight to sleep. */
    @Override
    public Rest rest() {
        return new Rest(Waiting.PARKING, doorbell, this::mayParkNs);
    }

    private long mayParkNs() {
        final List<Reconnection> all = reconnections.snapshot();
        final long nowNs = clock.nanoTime();
        long leftNs = closing && all.isEmpty() ? 0 : Long.MAX_VALUE;
        for (int i = 0; i < all.size(); i++) {
            leftNs = Math.min(leftNs, all.get(i).leftNs(nowNs));
        }
        return leftNs;
    }

    /**
     * Whether the calling thread is the reconnecting one. Any thread; wait-free.
     *
     * @return true in a handler's onEnd.
     */
    public boolean isDriver() {
        return thread.isCurrent();
    }

    @Override
    public void drivenBy(final Thread driver) {
        thread.set(driver);
    }

    @Override
    public int doWork() {
        final List<Reconnection> all = reconnections.snapshot();
        if (closing && all.isEmpty()) {
            throw new AgentTerminationException(true);
        }
        final long nowNs = clock.nanoTime();
        int work = 0;
        for (int i = 0; i < all.size(); i++) {
            final Reconnection reconnection = all.get(i);
            if (reconnection.leftNs(nowNs) <= 0) {
                work++;
                poll(reconnection, nowNs);
            }
        }
        return work;
    }

    private void poll(final Reconnection reconnection, final long nowNs) {
        boolean ended = false;
        try {
            ended = reconnection.poll(nowNs);
        } catch (final Throwable ex) {
            // Only the handler's onEnd throws here.
            ended = true;
            handlerThrew(reconnection, ex);
        } finally {
            if (ended) {
                reconnections.remove(reconnection);
            }
        }
    }

    /** The application's code threw, and nobody is there to be told. Any thread; wait-free. */
    void handlerThrew(final Reconnection reconnection, final Throwable thrown) {
        counters.onHandlerError();
        LOGGER.log(System.Logger.Level.DEBUG, "onEnd or the jitter threw on " + reconnection, thrown);
    }

    @Override
    public String roleName() {
        return "millrace-reconnect";
    }

    /**
     * Completes when all have ended.
     *
     * @return the stage.
     */
    public CompletionStage<Void> closed() {
        return closed.minimalCompletionStage();
    }

    /** Closes all for good. Any thread; idempotent; lock-free; returns at once. */
    @Override
    public void close() {
        closing = true;
        CloseHelper.closeAll(reconnections.snapshot());
        wake();
    }

    @Override
    public void onClose() {
        close();
        closed.complete(null);
        endRest();
    }

    /** What came too late for a turn: whoever takes it off the set ends it. */
    private void endRest() {
        for (final Reconnection reconnection : reconnections.snapshot()) {
            if (reconnections.remove(reconnection)) {
                poll(reconnection, clock.nanoTime());
            }
        }
    }
}
