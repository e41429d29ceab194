package io.millrace.transport.aeron;

import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.logbuffer.ControlledFragmentHandler;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.aeron.logbuffer.Header;
import io.aeron.status.ChannelEndpointStatus;
import io.millrace.transport.Connection;
import io.millrace.transport.Protocol;
import io.millrace.transport.channel.ClaimedMessage;
import io.millrace.transport.channel.MessageOptions;
import io.millrace.transport.channel.MessageSender;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.agrona.DirectBuffer;
import org.agrona.collections.Int2ObjectHashMap;

/** A subscription: all publishers of the stream, each in its order. Nothing goes back to them. */
final class AeronSubscriber extends RoleChannel {
    private final ControlledFragmentHandler peek = this::onPeek;

    /** Of each publisher's log, by its session. */
    private final Int2ObjectHashMap<LogReader> readers = new Int2ObjectHashMap<>();

    /** What the conductor has told of images, to be passed on between messages. */
    private final Queue<Runnable> told = new ArrayDeque<>();

    private long registrationId;
    private Subscription subscription;

    /** Which publisher is heard first in the next turn: each in its turn. */
    private int first;

    private boolean peeked;

    AeronSubscriber(final Drivers drivers, final AeronUri uri, final MessageOptions options) {
        super(drivers, uri, options);
    }

    @Override
    void begin(final AeronClient by) {
        registrationId = by.addSubscription(uri.subscription(), uri.streamId(), this::onJoin, this::onLeave);
    }

    @Override
    boolean isReady(final AeronClient by) throws IOException {
        subscription = by.subscription(registrationId);
        return subscription != null && (uri.isIpc() || subscription.channelStatus() == ChannelEndpointStatus.ACTIVE);
    }

    private void onJoin(final Image image) {
        final long position = image.joinPosition();
        told.add(() -> context.subscriptionListener()
                .onJoin(uri.roleAddress(), image.sourceIdentity(), image.sessionId(), position));
    }

    private void onLeave(final Image image) {
        final long position = image.position();
        final LogReader gone = readers.remove(image.sessionId());
        if (gone != null) {
            gone.release();
        }
        told.add(() -> context.subscriptionListener()
                .onLeave(uri.roleAddress(), image.sourceIdentity(), image.sessionId(), position));
    }

    @Override
    void releaseViews() {
        readers.values().forEach(LogReader::release);
        readers.clear();
    }

    @Override
    boolean hasMessage() {
        if (subscription == null || !told.isEmpty()) {
            return !told.isEmpty();
        }
        peeked = false;
        for (int i = subscription.imageCount() - 1; i >= 0 && !peeked; i--) {
            final Image image = subscription.imageAtIndex(i);
            final long position = image.position();
            peeked |= image.controlledPeek(position, peek, position + 1) > position;
        }
        return peeked;
    }

    private Action onPeek(final DirectBuffer buffer, final int offset, final int length, final Header header) {
        peeked = true;
        return Action.ABORT;
    }

    @Override
    public int poll(final Protocol.MessageSink to, final int limit) {
        if (ended) {
            return END;
        }
        while (!told.isEmpty()) {
            if (!to.onEvent(told.remove())) {
                return 0;
            }
        }
        return hear(to, limit);
    }

    /** Not by the subscription's own poll, which goes on with the next publisher when the sink wants no more. */
    private int hear(final Protocol.MessageSink to, final int limit) {
        final int count = subscription.imageCount();
        first = first + 1 < count ? first + 1 : 0;
        int messages = 0;
        boolean held = false;
        for (int i = 0; i < count && messages < limit && !held; i++) {
            final Image image = subscription.imageAtIndex(first + i < count ? first + i : first + i - count);
            final LogReader reader = readerOf(image.sessionId());
            messages += reader.poll(image, to, limit - messages);
            held = reader.isHeld();
        }
        return messages;
    }

    private LogReader readerOf(final int sessionId) {
        LogReader reader = readers.get(sessionId);
        if (reader == null) {
            reader = new LogReader(options.maxMessageLength(), (flags, taken) -> Action.CONTINUE);
            readers.put(sessionId, reader);
        }
        return reader;
    }

    @Override
    public boolean isRoomy() {
        return false;
    }

    /** A subscriber sends nothing. */
    @Override
    public MessageSender newSender() {
        return new MessageSender() {
            @Override
            public long offer(final ByteBuffer buffer, final int offset, final int length) {
                return Connection.NOT_CONNECTED;
            }

            @Override
            public long offer(final DirectBuffer buffer, final int offset, final int length) {
                return Connection.NOT_CONNECTED;
            }

            @Override
            public long offer(final ByteBuffer[] pieces, final int offset, final int count, final int length) {
                return Connection.NOT_CONNECTED;
            }

            @Override
            public long offerBatch(final ByteBuffer buffer, final int offset, final int[] lengths, final int count) {
                return Connection.NOT_CONNECTED;
            }

            @Override
            public long tryClaim(final int length, final ClaimedMessage claim) {
                return Connection.NOT_CONNECTED;
            }
        };
    }
}
