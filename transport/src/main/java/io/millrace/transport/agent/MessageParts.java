package io.millrace.transport.agent;

import io.millrace.ring.Doorbell;
import io.millrace.ring.ThreadParker;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionCounters;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.SlowConsumerPolicy;
import io.millrace.transport.TransportCounters;
import io.millrace.transport.channel.MessageChannel;
import org.agrona.concurrent.NanoClock;

/** What one connection of messages is made of, put together: as {@link ConnectionParts}. */
final class MessageParts extends CommonParts {
    final MessageChannel channel;
    final SenderGate gate;
    final MessageLane lane;
    final MessageReceiver receiver;
    final MessageCounters messageCounters;
    final MessageConnection connection;
    final Callbacks callbacks;

    MessageParts(
            final long id,
            final NanoClock clock,
            final ConnectionContext context,
            final TransportCounters counters,
            final MessageChannel channel,
            final ConnectionHandler handler) {
        super(id, clock, context, counters, channel);
        this.channel = channel;
        gate = new SenderGate(channel::newSender);
        messageCounters = new MessageCounters(cells, gate);
        final boolean dropsNewest = context.slowConsumerPolicy() == SlowConsumerPolicy.DROP_NEWEST;
        lane = new MessageLane(gate, channel, doorbell, cells, clock, context.maxMessageLength(), dropsNewest);
        final Doorbell pullBell = new Doorbell(new ThreadParker());
        final PullLane pull = context.pullCapacity() == 0
                ? null
                : new PullLane(context.pullCapacity(), context.maxMessageLength(), doorbell, pullBell, record);
        connection = new MessageConnection(
                id,
                thread,
                lane,
                requests,
                lifecycle,
                messageCounters,
                doorbell,
                pull == null ? null : new Puller(pull, pullBell, clock, context.waiting()));
        callbacks = new Callbacks(handler, connection);
        receiver = new MessageReceiver(channel, requests, cells, callbacks, pull);
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
        return messageCounters;
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
