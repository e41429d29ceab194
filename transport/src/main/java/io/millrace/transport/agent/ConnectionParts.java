package io.millrace.transport.agent;

import io.millrace.ring.Doorbell;
import io.millrace.ring.ThreadParker;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionCounters;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Conversation;
import io.millrace.transport.Protocol;
import io.millrace.transport.SlowConsumerPolicy;
import io.millrace.transport.TransportCounters;
import io.millrace.transport.channel.ConnectionChannel;
import io.millrace.transport.tls.TlsSide;
import java.util.List;
import java.util.Optional;
import org.agrona.concurrent.NanoClock;

/**
 * What one connection with a pipe is made of, put together. All of it is its thread's own but the doorbell, the lane, the
 * requests, what the lifecycle and the counters publish, and {@link DrivingThread}.
 */
final class ConnectionParts extends CommonParts {
    final boolean secure;
    final ConnectionChannel channel;
    final Pipe pipe;

    /** Null unless the protocol is more than a framing. */
    final Conversation conversation;

    /** The pipe, if there is a conversation; else null. */
    final ConversationPipe conversationPipe;

    final RingCell rings;
    final Framing framing;
    final SendLane lane;
    final Receiver receiver;
    final Outbound outbound;
    final Flow flow;
    final TransportConnection connection;
    final Callbacks callbacks;

    ConnectionParts(
            final long id,
            final NanoClock clock,
            final ConnectionContext context,
            final Protocol protocol,
            final TransportCounters counters,
            final BufferPool buffers,
            final ConnectionChannel channel,
            final Optional<TlsSide> tls,
            final ConnectionHandler handler) {
        super(id, clock, context, counters, channel);
        secure = tls.isPresent();
        this.channel = channel;
        final Pipe bare =
                tls.<Pipe>map(side -> new TlsPipe(channel, side, buffers)).orElseGet(() -> new PlainPipe(channel));
        conversation = handler.conversation().orElse(null);
        conversationPipe = conversation == null
                ? null
                : new ConversationPipe(bare, conversation, new ConversationLink(this, conversation));
        pipe = conversationPipe == null ? bare : conversationPipe;
        final List<Protocol> forms = conversation == null ? List.of(protocol) : conversation.forms();
        final int longestForm =
                forms.stream().mapToInt(Protocol::maxFrameLength).max().orElseThrow();
        final int longestFrame = Math.max(longestForm, context.maxFrameLength());
        rings = new RingCell(context.outboundCapacity(), longestFrame, pipe.memory());
        framing = new Framing(rings, forms);
        final boolean dropsNewest = context.slowConsumerPolicy() == SlowConsumerPolicy.DROP_NEWEST;
        lane = new SendLane(rings, framing, doorbell, cells, clock, dropsNewest);
        final boolean pulls = context.pullCapacity() > 0;
        final Doorbell pullBell = pulls ? new Doorbell(new ThreadParker()) : null;
        final PullLane pull =
                pulls ? new PullLane(context.pullCapacity(), longestFrame, doorbell, pullBell, record) : null;
        receiver = new Receiver(pipe, forms.get(0), buffers, requests, cells, pull, conversation != null);
        outbound = new Outbound(rings, pipe, cells);
        flow = new Flow(lane, timers, record);
        connection = new TransportConnection(
                id,
                thread,
                new ProtocolSwitch(this::checkThread, framing, receiver, doorbell),
                lane,
                requests,
                lifecycle,
                cells,
                doorbell,
                pull == null ? null : new Puller(pull, pullBell, clock, context.waiting()));
        callbacks = new Callbacks(handler, connection);
        receiver.callbacks(callbacks);
    }

    private void checkThread() {
        if (!thread.isCurrent()) {
            throw new IllegalStateException("only the connection's thread, in a callback, may switch its protocol: "
                    + connection + " caller=" + Thread.currentThread().getName());
        }
    }

    @Override
    ConnectionFace connection() {
        return connection;
    }

    @Override
    Callbacks callbacks() {
        return callbacks;
    }

    @Override
    ConnectionCounters allCounters() {
        return cells;
    }

    @Override
    void noMoreMessages() {
        receiver.noMore();
    }

    @Override
    void wakeSenders() {
        lane.wakeWaiters();
    }
}
