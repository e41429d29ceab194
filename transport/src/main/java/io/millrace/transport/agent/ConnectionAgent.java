package io.millrace.transport.agent;

import io.millrace.ring.AdaptiveIdleStrategy;
import io.millrace.transport.CloseReason;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.ConnectionPhase;
import io.millrace.transport.Protocol;
import io.millrace.transport.TransportCounters;
import io.millrace.transport.channel.ConnectionChannel;
import io.millrace.transport.tls.TlsSide;
import java.io.IOException;
import java.util.Optional;
import org.agrona.concurrent.NanoClock;

/**
 * The duty cycle of one connection: reads, decodes and calls the handler, then drains the outbound ring into the pipe, tells
 * senders that wait for room, and looks at its timers. Whoever calls {@link #doWork()} is its one thread; everything here
 * is that thread's own but the ring, the doorbell and the {@link Requests}.
 */
public final class ConnectionAgent extends CommonAgent {
    private final ConnectionParts parts;
    private final ConnectionEnding ending;
    private final ConnectionEvents events;
    private final ConnectionSleep sleep;

    /**
     * Makes the agent of one connection.
     *
     * @param id       of the connection.
     * @param clock    for its deadlines.
     * @param context  that is concluded.
     * @param protocol of the messages, to begin with.
     * @param counters of the transport.
     * @param buffers  for what is received.
     * @param channel  to the peer, connected or connecting; closed with the connection.
     * @param tls      this side's; empty for none.
     * @param handler  of what happens.
     * @param owner    told of opening and of the end.
     */
    public ConnectionAgent(
            final long id,
            final NanoClock clock,
            final ConnectionContext context,
            final Protocol protocol,
            final TransportCounters counters,
            final BufferPool buffers,
            final ConnectionChannel channel,
            final Optional<TlsSide> tls,
            final ConnectionHandler handler,
            final ConnectionOwner owner) {
        super(owner);
        parts = new ConnectionParts(id, clock, context, protocol, counters, buffers, channel, tls, handler);
        ending = new ConnectionEnding(parts, reason -> owner.replaces(this, reason), () -> owner.onEnd(this));
        events = new ConnectionEvents(parts, ending);
        sleep = new ConnectionSleep(parts);
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

    SendLane lane() {
        return parts.lane;
    }

    @Override
    public Rest rest() {
        return new Rest(
                parts.context.waiting(),
                parts.doorbell,
                sleep,
                () -> parts.lifecycle.phase() == ConnectionPhase.OPEN,
                AdaptiveIdleStrategy.DEFAULT_LONG_SLEEP_NS);
    }

    @Override
    public boolean mayDetach() {
        return Rest.sleeps(parts.context.waiting());
    }

    @Override
    public boolean tryDetach(final Runnable resume) {
        if (parts.lifecycle.phase() != ConnectionPhase.OPEN) {
            return false;
        }
        // A thread that has ended is not to be kept, and behind the next line it is too late.
        drivenBy(null);
        final boolean detached = parts.doorbell.tryDetach(sleep, resume);
        if (!detached) {
            drivenBy(Thread.currentThread());
        }
        return detached;
    }

    @Override
    public void attach() {
        drivenBy(Thread.currentThread());
        parts.doorbell.attach();
        parts.rings.attach();
        parts.pipe.attach();
    }

    @Override
    public void leave() {
        ending.leave();
    }

    @Override
    int turn() throws IOException {
        return switch (parts.lifecycle.phase()) {
            case CONNECTING -> connect();
            case HANDSHAKING -> handshake();
            case OPEN -> work();
            case DRAINING -> ending.drain();
            case CLOSED -> 0;
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
        if (parts.secure) {
            parts.record.handshakeBegins();
        }
        parts.pipe.begin();
        parts.timers.phase(parts.context.handshakeTimeoutNs());
        return 1 + handshake();
    }

    private int handshake() throws IOException {
        if (parts.requests.isClosing()) {
            ending.finish(CloseReason.LOCAL_CLOSE, "closed before the handshake was done", null);
            return 1;
        }
        if (!parts.pipe.handshake()) {
            return parts.conversationPipe != null && parts.conversationPipe.isDiscarding() ? 1 : 0;
        }
        parts.lifecycle.opened(parts.pipe.tls());
        if (parts.framing.protocol().beatsAlways()) {
            parts.timers.beatAlways();
        }
        open();
        return 1;
    }

    private int work() throws IOException {
        if (isToDrain()) {
            return 1;
        }
        final int said = parts.conversation == null ? 0 : parts.conversation.poll();
        final int work = said + receive() + parts.outbound.poll() + tellSenders();
        final boolean endsOutput = parts.rings.isClosed() && parts.lifecycle.phase() == ConnectionPhase.OPEN;
        return endsOutput ? work + ending.endOutput() : work;
    }

    private int receive() throws IOException {
        final int bytes = parts.receiver.poll();
        parts.timers.readingPaused(parts.receiver.isSkipped());
        parts.timers.heldUp(parts.pipe.isHeldUp());
        if (bytes != Pipe.END) {
            return bytes;
        }
        peerEnded();
        return 1;
    }

    private int tellSenders() {
        if (!parts.flow.isDue()) {
            parts.flow.watch();
            return 0;
        }
        parts.flow.tell();
        if (!parts.rings.isClosed()) {
            parts.callbacks.writable();
        }
        return 1;
    }
}
