package io.millrace.transport.aeron;

import io.millrace.transport.channel.ClaimedMessage;
import io.millrace.transport.channel.MessageChannel;
import io.millrace.transport.channel.MessageOptions;
import java.io.IOException;
import java.net.SocketAddress;

/**
 * What publishers and subscribers have in common: there is no one peer, so that nobody's end is waited for, and nobody says
 * what was taken. A client of Aeron's that runs on the connection's thread, as everywhere.
 */
abstract class RoleChannel implements MessageChannel {
    private static final int BUSY_TURNS_MASK = 31;

    final AeronUri uri;
    final MessageOptions options;
    final AeronContext context;
    private final Drivers drivers;
    private final AeronParker parker;
    private AeronClient client;
    private int turns;
    private boolean slept;
    private boolean closed;

    /** Whether this side's stream has ended, and with it all. */
    boolean ended;

    RoleChannel(final Drivers drivers, final AeronUri uri, final MessageOptions options) {
        this.drivers = drivers;
        this.uri = uri;
        this.options = options;
        context = drivers.context();
        parker = new AeronParker(context.maxParkNs(), this::hasMessage);
    }

    /** Asks the driver for the stream. */
    abstract void begin(AeronClient by);

    /** Whether the stream is there. */
    abstract boolean isReady(AeronClient by) throws IOException;

    abstract boolean hasMessage();

    /** Empties what handlers were given of the logs, which will be unmapped. */
    void releaseViews() {}

    @Override
    public final boolean finishConnect() throws IOException {
        if (client == null) {
            final Drivers.Lease lease = drivers.lease();
            if (!uri.isIpc()) {
                lease.overNetwork();
            }
            client = AeronClient.connect(lease, context);
            begin(client);
        }
        client.invoke();
        final Throwable failure = client.takeEndpointFailure();
        if (failure != null) {
            throw new IOException(AeronErrors.text(failure) + ": uri=" + uri.uri(), failure);
        }
        return isReady(client);
    }

    @Override
    public final SocketAddress localAddress() {
        return uri.roleAddress();
    }

    @Override
    public final SocketAddress remoteAddress() {
        return uri.roleAddress();
    }

    @Override
    public final ClaimedMessage newClaim() {
        return new AeronClaim();
    }

    @Override
    public final int work() {
        if (client != null && (slept || (++turns & BUSY_TURNS_MASK) == 0)) {
            slept = false;
            client.invoke();
        }
        return 0;
    }

    /** The driver has all, and goes on by itself. */
    @Override
    public final long taken() {
        return Long.MAX_VALUE;
    }

    @Override
    public final boolean isTakenFinal() {
        return true;
    }

    @Override
    public final boolean end(final long accepted) {
        ended = true;
        return true;
    }

    @Override
    public final boolean farewell() {
        return true;
    }

    @Override
    public final boolean cutOff() {
        return true;
    }

    @Override
    public final void park(final long maxNs) {
        parker.park(maxNs);
        slept = true;
    }

    @Override
    public final void unpark() {
        parker.unpark();
    }

    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            releaseViews();
            if (client != null) {
                client.close();
            }
        }
    }
}
