package io.millrace.transport.aeron;

import io.aeron.ConcurrentPublication;
import io.millrace.transport.Protocol;
import io.millrace.transport.channel.MessageOptions;
import io.millrace.transport.channel.MessageSender;
import java.io.IOException;

/** A publication that any number of subscribers hear. Nothing comes from them. */
final class AeronPublisher extends RoleChannel {
    private static final int ROOM_PART = 4;

    private long registrationId;
    private volatile ConcurrentPublication publication;

    AeronPublisher(final Drivers drivers, final AeronUri uri, final MessageOptions options) {
        super(drivers, uri, options);
    }

    @Override
    void begin(final AeronClient by) {
        registrationId = by.addPublication(uri.publication(options, context), uri.streamId());
    }

    @Override
    boolean isReady(final AeronClient by) throws IOException {
        publication = by.publication(registrationId);
        return publication != null;
    }

    @Override
    boolean hasMessage() {
        return false;
    }

    @Override
    public MessageSender newSender() {
        return new AeronSender(publication);
    }

    @Override
    public int poll(final Protocol.MessageSink sink, final int limit) {
        return ended ? END : 0;
    }

    @Override
    public boolean isRoomy() {
        return publication.availableWindow() >= uri.window(options, context) / ROOM_PART;
    }
}
