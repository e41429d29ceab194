package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.IdleContext;
import io.millrace.transport.IdleKind;
import org.agrona.concurrent.NanoClock;

/**
 * What happens on a connection because time goes by: phases that take too long, silence, missed heartbeats, a peer that is
 * slow, buffers that nobody uses. Looked at in the duty cycle, in turns that find nothing else to do and in every so many
 * others: so that a busy connection reads the clock rarely, and one that stands still in time. The connection's thread.
 */
final class Timers {
    /** What the timers bring about. */
    interface Events {
        /** The phase has taken too long. */
        void onPhaseOver();

        /** The connection has to end. */
        void onGiveUp(CloseReason reason, String detail);

        void onIdle(IdleKind kind);

        /** A heartbeat's interval is over: the peer has said nothing, or is asked whatever it says. */
        void onHeartbeat();

        void onSlowConsumer();

        /** Nothing has happened for a while; returns whether all buffers could be let go. */
        boolean onQuiet();
    }

    /** A busy connection looks at its timers once in so many turns. */
    private static final int BUSY_TURNS_MASK = 15;

    private final NanoClock clock;
    private final ConnectionContext context;
    private final CounterCells counters;
    private final Deadline phase = new Deadline();
    private final Deadline authentication = new Deadline();
    private final Deadline slowConsumer = new Deadline();
    private final Deadline heldUp = new Deadline();
    private final Silence reading;
    private final Silence writing;
    private final Silence both;
    private final Silence heartbeat;
    private final Silence quiet;
    private final Silence halfClosed;
    private boolean readingPaused;
    private boolean isHeldUp;
    private boolean outputEnded;
    private boolean beatsAlways;
    private int missedHeartbeats;
    private int busyTurns;

    Timers(final NanoClock clock, final ConnectionContext context, final CounterCells counters) {
        this.clock = clock;
        this.context = context;
        this.counters = counters;
        final IdleContext idle = context.idleContext();
        reading = new Silence(idle.readIdleTimeoutNs());
        writing = new Silence(idle.writeIdleTimeoutNs());
        both = new Silence(idle.idleTimeoutNs());
        heartbeat = new Silence(idle.heartbeatIntervalNs());
        quiet = new Silence(idle.bufferIdleTimeoutNs());
        halfClosed = new Silence(context.halfCloseTimeoutNs());
    }

    long nowNs() {
        return clock.nanoTime();
    }

    /** A phase began that may take so long. */
    void phase(final long ns) {
        phase.at(clock.nanoTime() + ns);
    }

    /** The connection is open: no bound on that, but all else is watched from here on. */
    void open() {
        phase.clear();
        final long nowNs = clock.nanoTime();
        reading.begin(nowNs, bytesIn());
        writing.begin(nowNs, bytesOut());
        both.begin(nowNs, bytesIn() + bytesOut());
        heartbeat.begin(nowNs, bytesIn());
        quiet.begin(nowNs, bytesIn() + bytesOut());
        if (context.authenticationTimeoutNs() > 0) {
            authentication.at(nowNs + context.authenticationTimeoutNs());
        }
    }

    /** Heartbeats go out at each interval, whatever the peer says. */
    void beatAlways() {
        beatsAlways = true;
    }

    void authenticated() {
        authentication.clear();
    }

    boolean isAuthenticating() {
        return authentication.isSet();
    }

    /** The peer ended its stream: its silence means nothing any more. */
    void peerEnded() {
        reading.end();
        heartbeat.end();
    }

    /** This side's stream is flushed and ended: there is nothing left to send, nor to ask the peer with. */
    void outputEnded() {
        outputEnded = true;
        phase.clear();
        writing.end();
        heartbeat.end();
        halfClosed.begin(clock.nanoTime(), bytesIn());
    }

    /** While nobody reads, the peer is not silent. */
    void readingPaused(final boolean paused) {
        readingPaused = paused;
    }

    /** Whether the peer keeps us from reading, because it does not read itself: no less slow than one that senders wait for. */
    void heldUp(final boolean held) {
        if (held == isHeldUp) {
            return;
        }
        isHeldUp = held;
        heldUp.clear();
        if (held && context.slowConsumerTimeoutNs() > 0) {
            heldUp.at(clock.nanoTime() + context.slowConsumerTimeoutNs());
        }
    }

    /** Only the close bound is left. */
    void closing() {
        heldUp.clear();
        authentication.clear();
        slowConsumer.clear();
        reading.end();
        writing.end();
        both.end();
        heartbeat.end();
        quiet.end();
        halfClosed.end();
    }

    /** The peer keeps senders waiting from now on. */
    void slowConsumerBegins() {
        if (context.slowConsumerTimeoutNs() > 0) {
            slowConsumer.at(clock.nanoTime() + context.slowConsumerTimeoutNs());
        }
    }

    void slowConsumerEnds() {
        slowConsumer.clear();
    }

    /** Looks at the clock, unless the connection was just busy; returns whether anything came of it. */
    boolean poll(final int work, final Events events) {
        if (work > 0 && (++busyTurns & BUSY_TURNS_MASK) != 0) {
            return false;
        }
        final long nowNs = clock.nanoTime();
        if (phase.isOver(nowNs)) {
            phase.clear();
            events.onPhaseOver();
            return true;
        }
        if (authentication.isOver(nowNs)) {
            events.onGiveUp(
                    CloseReason.AUTHENTICATION_TIMEOUT,
                    "not authenticated in time: ns=" + context.authenticationTimeoutNs());
            return true;
        }
        if (slowConsumer.isOver(nowNs) || heldUp.isOver(nowNs)) {
            slowConsumer.clear();
            heldUp.clear();
            events.onSlowConsumer();
            return true;
        }
        return pollSilence(nowNs, events);
    }

    private boolean pollSilence(final long nowNs, final Events events) {
        final long in = bytesIn();
        final long out = bytesOut();
        reading.isBroken(nowNs, in);
        writing.isBroken(nowNs, out);
        both.isBroken(nowNs, in + out);
        quiet.isBroken(nowNs, in + out);
        final Silence peers = outputEnded ? halfClosed : heartbeat;
        if (readingPaused) {
            reading.begin(nowNs, in);
            peers.begin(nowNs, in);
        }
        final boolean goesOn = beatsAlways && !outputEnded;
        if (goesOn ? heartbeat.hasMoved(in) : peers.isBroken(nowNs, in)) {
            missedHeartbeats = 0;
        }
        if (halfClosed.isOver(nowNs)) {
            events.onGiveUp(
                    CloseReason.HALF_CLOSE_TIMEOUT,
                    CloseReason.HALF_CLOSE_TIMEOUT.text() + ": ns=" + context.halfCloseTimeoutNs());
        } else if (heartbeat.isOver(nowNs)) {
            onHeartbeat(events);
        } else if (reading.isOver(nowNs)) {
            events.onIdle(IdleKind.READ);
        } else if (writing.isOver(nowNs)) {
            events.onIdle(IdleKind.WRITE);
        } else if (both.isOver(nowNs)) {
            events.onIdle(IdleKind.BOTH);
        } else if (quiet.isOver(nowNs)) {
            if (events.onQuiet()) {
                // A connection without buffers need not wake up for them.
                quiet.rest();
            }
            return false;
        } else {
            return false;
        }
        return true;
    }

    private void onHeartbeat(final Events events) {
        if (missedHeartbeats == context.idleContext().heartbeatMissedLimit()) {
            events.onGiveUp(
                    CloseReason.HEARTBEAT_LOST,
                    "the peer did not answer heartbeats: missed=" + missedHeartbeats + " intervalNs="
                            + context.idleContext().heartbeatIntervalNs());
        } else {
            missedHeartbeats++;
            events.onHeartbeat();
        }
    }

    /** Nanoseconds to the next event: 0 if it is due, {@link Long#MAX_VALUE} if there is none. */
    long leftNs() {
        final long nowNs = clock.nanoTime();
        final long bounds = Math.min(phase.leftNs(nowNs), authentication.leftNs(nowNs));
        final long idle = Math.min(Math.min(reading.leftNs(nowNs), writing.leftNs(nowNs)), both.leftNs(nowNs));
        final long slow = Math.min(slowConsumer.leftNs(nowNs), heldUp.leftNs(nowNs));
        final long peers = Math.min(heartbeat.leftNs(nowNs), halfClosed.leftNs(nowNs));
        return Math.min(Math.min(bounds, idle), Math.min(Math.min(slow, peers), quiet.leftNs(nowNs)));
    }

    private long bytesIn() {
        return counters.own(CounterCells.BYTES_IN);
    }

    private long bytesOut() {
        return counters.own(CounterCells.BYTES_OUT);
    }
}
