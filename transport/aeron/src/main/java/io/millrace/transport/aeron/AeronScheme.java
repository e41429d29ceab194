package io.millrace.transport.aeron;

import io.millrace.transport.channel.MessageEngine;
import io.millrace.transport.channel.MessageScheme;

/**
 * {@code aeron:ipc} and {@code aeron:udp?endpoint=host:port}. The service loader finds it with the defaults, and then all
 * transports of the process share one driver; for other settings give one to
 * {@link io.millrace.transport.TransportContext#messageScheme}, and the transports that are given the same one share its
 * driver. See the package for the URIs.
 */
public final class AeronScheme implements MessageScheme {
    private static final Drivers SHARED = new Drivers(new AeronContext().conclude());

    private final Drivers drivers;

    /** Makes the scheme with the defaults. */
    public AeronScheme() {
        drivers = SHARED;
    }

    /**
     * Makes a scheme.
     *
     * @param context to use, which is concluded here.
     */
    public AeronScheme(final AeronContext context) {
        drivers = new Drivers(context.conclude());
    }

    @Override
    public String name() {
        return "aeron";
    }

    @Override
    public MessageEngine open() {
        JvmFlag.check();
        return new AeronEngine(drivers);
    }
}
