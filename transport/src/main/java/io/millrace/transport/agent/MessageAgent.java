package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.ConnectionPhase;
import io.millrace.transport.TransportCounters;
import io.millrace.transport.channel.MessageChannel;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;

/**
 * The duty cycle of one connection whose engine carries messages: receives and calls the handler, tells senders that wait
 * for room, and looks at its timers. What is sent goes by it: senders write to the engine themselves. Whoever calls
 * {@link #doWork()} is its one thread; everything here is that thread's own but the gate, the doorbell and the
 * {@link Requests}.
 */
public final class MessageAgent extends CommonAgent {
    /** How long to sleep at most, for nobody rings when the engine has something to say. */
    private static final long ENGINE_PARK_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How long to sleep at most while an end is near. */
    private static final long BUSY_PARK_NS = TimeUnit.MICROSECONDS.toNanos(50);

    /**
     * How long to sleep at most while senders wait for room, of which nobody tells either. They are told when a quarter of the window
     * is free, and the other three take longer than this to send.
     */
    private static final long STARVING_PARK_NS = TimeUnit.MICROSECONDS.toNanos(200);

    /** How old the counts that senders keep may be, which are read off their lines. */
    private static final long COUNT_AGE_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final MessageParts parts;
    private final MessageEnding ending;
    private final MessageEvents events;
    private boolean starving;
    private long countedNs;

    /**
     * Makes the agent of one connection.
     *
     * @param id       of the connection.
     * @param clock    for its deadlines.
     * @param context  that is concluded.
     * @param counters of the transport.
     * @param channel  to the peer, connecting; closed with the connection.
     * @param handler  of what happens.
     * @param owner    told of opening and of the end.
     */
    public MessageAgent(
            final long id,
            final NanoClock clock,
            final ConnectionContext context,
            final TransportCounters counters,
            final MessageChannel channel,
            final ConnectionHandler handler,
            final ConnectionOwner owner) {
        super(owner);
        parts = new MessageParts(id, clock, context, counters, channel, handler);
        ending = new MessageEnding(parts, () -> owner.onEnd(this));
        events = new MessageEvents(parts, ending);
    }

    @Override
    CommonParts parts() {
        return parts;
    }

    @Override
    CommonEnding ending() {
        return ending;
    }

    @Override
    Timers.Events events() {
        return events;
    }

    /**
     * Never sleeps at once: nobody wakes it for a message, its sleeps are naps. A hundred connections that opened at once, each
     * napping between its turns, took ten seconds and more for what else takes three.
     */
    @Override
    public Rest rest() {
        return new Rest(parts.context.waiting(), parts.doorbell, this::mayParkNs, null, Long.MAX_VALUE);
    }

    @Override
    public void onStart() {
        super.onStart();
        countedNs = parts.timers.nowNs();
    }

    @Override
    int turn() throws IOException {
        final int work = takeTurn();
        count(work);
        return work;
    }

    private int takeTurn() throws IOException {
        final int engine = parts.channel.work();
        if (ending.isCutOff()) {
            return engine + ending.cutTurn();
        }
        return engine
                + switch (parts.lifecycle.phase()) {
                    case CONNECTING -> connect();
                    case OPEN -> work();
                    case DRAINING -> ending.drain();
                    default -> throw new IllegalStateException("no turn in phase=" + parts.lifecycle.phase());
                };
    }

    private int connect() throws IOException {
        if (parts.requests.isClosing()) {
            ending.finish(CloseReason.LOCAL_CLOSE, "closed before it was connected", null);
            return 1;
        }
        if (!parts.channel.finishConnect()) {
            return 0;
        }
        parts.lifecycle.connected(parts.channel.localAddress(), parts.channel.remoteAddress());
        parts.lifecycle.opened(Optional.empty());
        parts.gate.open();
        open();
        return 1;
    }

    private int work() throws IOException {
        if (isToDrain()) {
            return 1;
        }
        final int work = receive() + tellSenders();
        // Who is to be cut off by the next turn is not told of an end in order by this one.
        final boolean endsOutput = parts.gate.isClosed()
                && parts.lifecycle.phase() == ConnectionPhase.OPEN
                && parts.requests.abortReason() == null;
        return endsOutput ? work + ending.endOutput() : work;
    }

    private int receive() throws IOException {
        final int messages = parts.receiver.poll();
        parts.timers.readingPaused(parts.receiver.isSkipped());
        if (messages != MessageChannel.END) {
            return messages;
        }
        peerEnded();
        return 1;
    }

    private int tellSenders() {
        if (!parts.lane.isRoomWanted()) {
            return 0;
        }
        if (!parts.channel.isRoomy()) {
            if (!starving) {
                starving = true;
                parts.timers.slowConsumerBegins();
                parts.record.backPressureBegins();
            }
            return 0;
        }
        starving = false;
        parts.timers.slowConsumerEnds();
        parts.record.backPressureEnds();
        parts.lane.tellRoom();
        if (!parts.gate.isClosed()) {
            parts.callbacks.writable();
        }
        return 1;
    }

    /** For the timers, which watch what is sent; now and then, for it takes the counts off their senders' lines. */
    private void count(final int work) {
        if (work == 0) {
            final long nowNs = parts.timers.nowNs();
            if (nowNs - countedNs >= COUNT_AGE_NS) {
                countedNs = nowNs;
                parts.cells.set(CounterCells.BYTES_OUT, parts.gate.bytes());
            }
        }
    }

    /** Asked by the doorbell when others can already see the sleeper. */
    private long mayParkNs() {
        final ConnectionPhase phase = parts.lifecycle.phase();
        final boolean open = phase == ConnectionPhase.OPEN && !ending.isCutOff();
        if (phase == ConnectionPhase.CLOSED
                || (parts.requests.abortReason() != null && !ending.isCutOff())
                || (parts.requests.isClosing() && (open || phase == ConnectionPhase.CONNECTING))
                || (open && needsTurn())) {
            return 0;
        }
        return Math.min(parts.timers.leftNs(), engineParkNs(open && !parts.gate.isClosed()));
    }

    private long engineParkNs(final boolean open) {
        if (!open) {
            return BUSY_PARK_NS;
        }
        return parts.lane.isRoomWanted() ? STARVING_PARK_NS : ENGINE_PARK_NS;
    }

    private boolean needsTurn() {
        return parts.receiver.isResumed()
                || (parts.lane.isRoomWanted() && !starving)
                || (parts.timers.isAuthenticating() && parts.requests.isAuthenticated());
    }
}
