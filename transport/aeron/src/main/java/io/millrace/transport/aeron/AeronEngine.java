package io.millrace.transport.aeron;

import io.millrace.transport.channel.MessageChannel;
import io.millrace.transport.channel.MessageEngine;
import io.millrace.transport.channel.MessageOptions;
import io.millrace.transport.channel.MessageServer;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicReference;

/** One transport's share: it holds on to the driver from its first use on, so that this does not come and go. */
final class AeronEngine implements MessageEngine {
    private final Drivers drivers;
    private final AtomicReference<Drivers.Lease> held = new AtomicReference<>();

    AeronEngine(final Drivers drivers) {
        this.drivers = drivers;
    }

    private void hold() throws IOException {
        if (held.get() == null) {
            final Drivers.Lease lease = drivers.lease();
            if (!held.compareAndSet(null, lease)) {
                lease.close();
            }
        }
    }

    @Override
    public MessageServer bind(final URI uri, final MessageOptions options) throws IOException {
        final AeronUri parsed = AeronUri.parse(uri, drivers.context().streamId());
        parsed.check(options);
        if (parsed.role() != AeronUri.Role.CONNECTION) {
            throw new IllegalArgumentException("publishers and subscribers connect: uri=" + uri);
        }
        hold();
        return AeronServer.bind(drivers, parsed, options);
    }

    @Override
    public MessageChannel connect(final URI uri, final MessageOptions options) throws IOException {
        final AeronContext context = drivers.context();
        final AeronUri parsed = AeronUri.parse(uri, context.streamId());
        parsed.check(options);
        if (parsed.role() == AeronUri.Role.CONNECTION && parsed.isAnyPort()) {
            throw new IllegalArgumentException("no port to connect to: uri=" + uri);
        }
        hold();
        return switch (parsed.role()) {
            case PUBLISH -> new AeronPublisher(drivers, parsed, options);
            case SUBSCRIBE -> new AeronSubscriber(drivers, parsed, options);
            case CONNECTION ->
                new AeronChannel(
                        drivers, parsed, options, client -> new ClientOpening(client, parsed, options, context));
        };
    }

    @Override
    public void close() {
        final Drivers.Lease lease = held.getAndSet(null);
        if (lease != null) {
            lease.close();
        }
    }
}
