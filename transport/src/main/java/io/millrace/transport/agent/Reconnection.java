package io.millrace.transport.agent;

import io.millrace.ring.ThreadParker;
import io.millrace.session.SnapshotSet;
import io.millrace.transport.CloseReason;
import io.millrace.transport.CloseReport;
import io.millrace.transport.Connection;
import io.millrace.transport.MessageClaim;
import io.millrace.transport.ReconnectContext;
import io.millrace.transport.ReconnectingConnection;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.NanoClock;

/**
 * One handle: a state that moves by compare-and-set. The reconnecting thread begins attempts and ends the handle; a
 * connection's thread reports its opening and its end; anybody closes.
 */
final class Reconnection implements ReconnectingConnection, ConnectionOwner {
    private enum Phase {
        WAITING,
        CONNECTING,
        OPEN,
        CLOSED
    }

    /**
     * @param live whether there is a connection or an attempt that has not ended.
     * @param atNs when to try, or when it opened.
     */
    private record State(
            Phase phase,
            boolean live,
            Optional<Connection> connection,
            long generation,
            Backoff backoff,
            long atNs,
            CloseReport last) {
        State in(final Phase newPhase, final boolean nowLive, final long newAtNs) {
            return new State(newPhase, nowLive, Optional.empty(), generation, backoff, newAtNs, last);
        }

        State with(final Backoff newBackoff, final CloseReport report) {
            return new State(phase, live, connection, generation, newBackoff, atNs, report);
        }

        State opened(final Connection newConnection, final long nowNs) {
            return new State(Phase.OPEN, true, Optional.of(newConnection), generation + 1, backoff, nowNs, last);
        }
    }

    private static final CloseReport NEVER =
            new CloseReport(CloseReason.LOCAL_CLOSE, "closed before the first attempt", Optional.empty(), 0, 0, 0);

    private final URI uri;
    private final ReconnectContext settings;
    private final BiConsumer<ReconnectingConnection, CloseReport> onEnd;
    private final ReconnectAgent agent;
    private final ReconnectAgent.Dial dial;
    private final NanoClock clock;
    private final AtomicReference<State> state;
    private final CompletableFuture<CloseReport> closed = new CompletableFuture<>();

    /** The last one made; written by who makes it, before it can end. */
    private volatile DrivenConnection dialled;

    /** Senders that wait for a connection: they join before they look at the state, and are woken behind its change. */
    private final SnapshotSet<ThreadParker> waiters = new SnapshotSet<>();

    Reconnection(
            final URI uri,
            final ReconnectContext settings,
            final BiConsumer<ReconnectingConnection, CloseReport> onEnd,
            final ReconnectAgent agent,
            final ReconnectAgent.Dial dial,
            final NanoClock clock) {
        this.uri = uri;
        this.settings = settings;
        this.onEnd = onEnd;
        this.agent = agent;
        this.dial = dial;
        this.clock = clock;
        final long nowNs = clock.nanoTime();
        state = new AtomicReference<>(
                new State(Phase.WAITING, false, Optional.empty(), 0, Backoff.fresh(nowNs), nowNs, NEVER));
    }

    /** Nanoseconds until {@link #poll} has something to do. */
    long leftNs(final long nowNs) {
        final State now = state.get();
        if (now.phase == Phase.WAITING) {
            return Math.max(0, now.atNs - nowNs);
        }
        return now.phase == Phase.CLOSED
                        && (!now.live
                                || (dialled != null && !dialled.connection().isClosed()))
                ? 0
                : Long.MAX_VALUE;
    }

    /** A turn of the reconnecting thread; true if it was the last. */
    boolean poll(final long nowNs) {
        final State now = state.get();
        if (now.phase == Phase.WAITING && now.atNs - nowNs <= 0) {
            final State connecting = now.in(Phase.CONNECTING, true, nowNs).with(now.backoff.attempted(), now.last);
            if (state.compareAndSet(now, connecting)) {
                connect();
            }
        } else if (now.phase == Phase.CLOSED && !now.live) {
            end(now.last);
            return true;
        } else if (now.phase == Phase.CLOSED && dialled != null) {
            dialled.connection().close();
        }
        return false;
    }

    private void connect() {
        try {
            dial.dial(this);
        } catch (final Throwable ex) {
            // One that was made, and got no thread, has reported its end itself.
            if (state.get().live) {
                notMade(ex);
            }
        }
    }

    private void notMade(final Throwable ex) {
        if (ex instanceof IllegalArgumentException) {
            // What is wrong with the URI or the settings now is wrong with them later.
            close();
        }
        lost(new CloseReport(CloseReason.CONNECT_FAILED, String.valueOf(ex.getMessage()), Optional.of(ex), 0, 0, 0));
    }

    private void end(final CloseReport last) {
        try {
            onEnd.accept(this, last);
        } finally {
            closed.complete(last);
        }
    }

    @Override
    public void onMade(final DrivenConnection made) {
        dialled = made;
        if (isClosed()) {
            agent.wake();
        }
    }

    @Override
    public void onOpen(final DrivenConnection opened) {
        final State now = update(before ->
                before.phase == Phase.CONNECTING ? before.opened(opened.connection(), clock.nanoTime()) : before);
        if (now.phase == Phase.CLOSED) {
            opened.connection().close();
        }
    }

    /** The connection's report comes after the handler's onClose, and so does the next attempt. */
    @Override
    public void onEnd(final DrivenConnection ended) {
        ended.connection().closed().whenComplete((report, error) -> lost(report));
    }

    private void lost(final CloseReport report) {
        final long nowNs = clock.nanoTime();
        try {
            update(before -> afterLoss(before, report, nowNs));
        } catch (final Throwable ex) {
            // The jitter is the application's: without it there is no going on.
            update(before -> before.in(Phase.CLOSED, false, nowNs).with(before.backoff, report));
            agent.handlerThrew(this, ex);
        } finally {
            agent.wake();
        }
    }

    private State afterLoss(final State before, final CloseReport report, final long nowNs) {
        final boolean healthy = before.phase == Phase.OPEN && nowNs - before.atNs >= settings.healthyNs();
        final Backoff backoff = healthy ? Backoff.fresh(nowNs) : before.backoff;
        final boolean over = before.phase == Phase.CLOSED || backoff.isOver(settings, nowNs);
        return over
                ? before.in(Phase.CLOSED, false, nowNs).with(backoff, report)
                : before.in(Phase.WAITING, false, nowNs + backoff.delayNs(settings))
                        .with(backoff, report);
    }

    private State update(final UnaryOperator<State> change) {
        final State now = state.updateAndGet(change);
        wakeWaiters();
        return now;
    }

    private void wakeWaiters() {
        waiters.snapshot().forEach(ThreadParker::unpark);
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public Optional<Connection> connection() {
        return state.get().connection;
    }

    @Override
    public long generation() {
        return state.get().generation;
    }

    @Override
    public long offer(final ByteBuffer buffer, final int offset, final int length) {
        final Optional<Connection> open = state.get().connection;
        return answer(open.isPresent() ? open.get().offer(buffer, offset, length) : Connection.CLOSED);
    }

    @Override
    public long offer(final DirectBuffer buffer, final int offset, final int length) {
        final Optional<Connection> open = state.get().connection;
        return answer(open.isPresent() ? open.get().offer(buffer, offset, length) : Connection.CLOSED);
    }

    @Override
    public MessageClaim newClaim() {
        return new GenerationClaim(this);
    }

    @Override
    public long tryClaim(final int length, final MessageClaim claim) {
        if (!(claim instanceof GenerationClaim into)) {
            throw new IllegalArgumentException("the claim was made by another connection");
        }
        into.checkMayOpen(this);
        final Optional<Connection> open = state.get().connection;
        return answer(open.isPresent() ? into.open(open.get(), length) : Connection.CLOSED);
    }

    @Override
    public long send(final ByteBuffer buffer, final long timeoutNs) throws InterruptedException {
        final long endNs = clock.nanoTime() + timeoutNs;
        final ThreadParker parker = new ThreadParker();
        waiters.add(parker);
        try {
            while (true) {
                checkMayWait();
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                final State now = state.get();
                final long result = now.connection.isPresent()
                        ? now.connection.get().send(buffer, endNs - clock.nanoTime())
                        : Connection.CLOSED;
                final long leftNs = endNs - clock.nanoTime();
                if (result != Connection.CLOSED || isClosed() || leftNs <= 0) {
                    return answer(result);
                }
                // A connection that is closed and has not ended yet is looked at again when it has.
                if (state.get().equals(now)) {
                    parker.park(leftNs);
                }
            }
        } finally {
            waiters.remove(parker);
        }
    }

    private void checkMayWait() {
        final DrivenConnection latest = dialled;
        if (agent.isDriver() || (latest != null && latest.isDriver())) {
            throw new IllegalStateException("a thread must not wait for a connection that only it can bring: " + this);
        }
    }

    /** One connection's end is not the handle's. */
    private long answer(final long result) {
        return result == Connection.CLOSED && !isClosed() ? Connection.NOT_CONNECTED : result;
    }

    @Override
    public boolean isClosed() {
        return state.get().phase == Phase.CLOSED;
    }

    @Override
    public CompletionStage<CloseReport> closed() {
        return closed.minimalCompletionStage();
    }

    @Override
    public void close() {
        final State before =
                state.getAndUpdate(now -> now.phase == Phase.CLOSED ? now : now.in(Phase.CLOSED, now.live, now.atNs));
        before.connection.ifPresent(Connection::close);
        wakeWaiters();
        agent.wake();
    }

    @Override
    public String toString() {
        final State now = state.get();
        return "reconnecting uri=" + uri + " phase=" + now.phase + " generation=" + now.generation
                + now.connection.map(open -> " " + open).orElse("");
    }
}
