package io.millrace.transport.agent;

import io.millrace.transport.CloseReason;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.ConnectionPhase;
import io.millrace.transport.ProtocolException;
import io.millrace.transport.TransportCounters;
import io.millrace.transport.channel.MessageChannel;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.AgentTerminationException;
import org.agrona.concurrent.NanoClock;

/**
 * The duty cycle of one connection whose engine carries messages: receives and calls the handler, tells senders that wait
 * for room, and looks at its timers. What is sent goes by it: senders write to the engine themselves. Whoever calls
 * {@link #doWork()} is its one thread; everything here is that thread's own but the gate, the doorbell and the
 * {@link Requests}.
 */
public final class MessageAgent implements DrivenConnection {
    private static final System.Logger LOGGER = System.getLogger(MessageAgent.class.getName());

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
    private final ConnectionOwner owner;
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
        this.owner = owner;
        parts = new MessageParts(id, clock, context, counters, channel, handler);
        ending = new MessageEnding(parts, () -> owner.onEnd(this));
        events = new MessageEvents(parts, ending);
    }

    @Override
    public Connection connection() {
        return parts.connection;
    }

    @Override
    public boolean isDriver() {
        return parts.thread.isCurrent();
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
    public void abort(final CloseReason reason) {
        parts.connection.abort(reason);
    }

    @Override
    public String roleName() {
        return "millrace-connection-" + parts.connection.id();
    }

    @Override
    public void drivenBy(final Thread driver) {
        parts.thread.set(driver);
    }

    @Override
    public void onStart() {
        DrivenConnection.super.onStart();
        parts.timers.phase(parts.context.connectTimeoutNs());
        countedNs = parts.timers.nowNs();
    }

    @Override
    public int doWork() {
        final Lifecycle lifecycle = parts.lifecycle;
        if (lifecycle.phase() == ConnectionPhase.CLOSED) {
            throw new AgentTerminationException(true);
        }
        try {
            final CloseReason aborting = parts.requests.abortReason();
            if (aborting != null) {
                ending.cutOff(aborting, aborting.text(), null);
            }
            if (parts.parker.failure() != null) {
                throw new IOException("can't wait for messages: " + parts.parker.failure(), parts.parker.failure());
            }
            final int work = lifecycle.phase() == ConnectionPhase.CLOSED ? 1 : turn();
            count(work);
            return lifecycle.phase() != ConnectionPhase.CLOSED && parts.timers.poll(work, events) ? work + 1 : work;
        } catch (final ProtocolException ex) {
            ending.fail(ex);
        } catch (final IOException ex) {
            final CloseReason reason = lifecycle.reasonOf(ex);
            ending.fail(reason, reason.text() + ": " + ex.getMessage(), ex);
        } catch (final Callbacks.HandlerException ex) {
            ending.fail(
                    CloseReason.HANDLER_ERROR, CloseReason.HANDLER_ERROR.text() + ": " + ex.getCause(), ex.getCause());
        } catch (final RuntimeException | Error ex) {
            LOGGER.log(System.Logger.Level.ERROR, "internal error on " + parts.connection, ex);
            ending.fail(CloseReason.INTERNAL_ERROR, CloseReason.INTERNAL_ERROR.text() + ": " + ex, ex);
        }
        return 1;
    }

    private int turn() throws IOException {
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
        parts.timers.open();
        parts.counters.onOpened();
        parts.record.opened(parts.lifecycle.state());
        owner.onOpen(this);
        parts.callbacks.open();
        return 1;
    }

    private int work() throws IOException {
        if (parts.requests.isClosing()) {
            ending.startDrain(CloseReason.LOCAL_CLOSE);
            return 1;
        }
        if (parts.timers.isAuthenticating() && parts.requests.isAuthenticated()) {
            parts.timers.authenticated();
        }
        final int work = receive() + tellSenders();
        final boolean endsOutput = parts.gate.isClosed() && parts.lifecycle.phase() == ConnectionPhase.OPEN;
        return endsOutput ? work + ending.endOutput() : work;
    }

    private int receive() throws IOException {
        final int messages = parts.receiver.poll();
        parts.timers.readingPaused(parts.receiver.isSkipped());
        if (messages != MessageChannel.END) {
            return messages;
        }
        parts.timers.peerEnded();
        ending.peerEnded();
        parts.callbacks.peerEnd();
        if (!parts.context.allowsHalfOpen()) {
            ending.startDrain(CloseReason.PEER_CLOSE);
        }
        parts.receiver.noMore();
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

    /** Also the end for a thread that was interrupted, or never could run. */
    @Override
    public void onClose() {
        ending.finish(CloseReason.THREAD_LOST);
    }
}
