package io.millrace.transport.aeron;

import io.aeron.ConcurrentPublication;
import io.millrace.transport.Protocol;
import io.millrace.transport.channel.ClaimedMessage;
import io.millrace.transport.channel.MessageChannel;
import io.millrace.transport.channel.MessageOptions;
import io.millrace.transport.channel.MessageSender;
import java.io.IOException;
import java.net.SocketAddress;

/** A connection over Aeron, by a client of its own that runs on the connection's thread. */
final class AeronChannel implements MessageChannel {
    /** Makes one side's opening, once there is a client. */
    @FunctionalInterface
    interface Openings {
        Opening begin(AeronClient client) throws IOException;
    }

    /** A busy connection looks after its client and its peer once in so many turns. */
    private static final int BUSY_TURNS_MASK = 31;

    private final Drivers drivers;
    private final MessageOptions options;
    private final Openings openings;
    private final int windowLength;
    private final boolean network;
    private final AeronParker parker;

    private AeronClient client;
    private Opening opening;

    /** Null until it is open. */
    private AeronStreams streams;

    private volatile ConcurrentPublication publication;
    private int turns;

    /** Whether the last turn looked for messages: then new ones end a sleep. */
    private boolean polls;

    private boolean slept;
    private boolean revoked;
    private volatile boolean closed;

    AeronChannel(final Drivers drivers, final AeronUri uri, final MessageOptions options, final Openings openings) {
        this.drivers = drivers;
        network = !uri.isIpc();
        windowLength = uri.window(options, drivers.context());
        this.options = options;
        this.openings = openings;
        parker = new AeronParker(drivers.context().maxParkNs(), this::hasMessage);
    }

    @Override
    public boolean finishConnect() throws IOException {
        if (client == null) {
            final Drivers.Lease lease = drivers.lease();
            if (network) {
                lease.overNetwork();
            }
            client = AeronClient.connect(lease, drivers.context());
            opening = openings.begin(client);
        }
        client.invoke();
        if (!opening.poll()) {
            return false;
        }
        publication = opening.publication();
        streams = new AeronStreams(publication, opening.image(), options.maxMessageLength(), windowLength);
        return true;
    }

    @Override
    public SocketAddress localAddress() {
        return opening.localAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        return opening.remoteAddress();
    }

    /** None for who comes too late: it finds the gate closed behind this, and never uses it. */
    @Override
    public MessageSender newSender() {
        final ConcurrentPublication to = publication;
        return to == null ? null : new AeronSender(to);
    }

    @Override
    public ClaimedMessage newClaim() {
        return new AeronClaim();
    }

    @Override
    public int work() {
        if (streams == null) {
            return 0;
        }
        polls = false;
        if (slept || (++turns & BUSY_TURNS_MASK) == 0) {
            slept = false;
            streams.beforeInvoke();
            client.invoke();
            if (!revoked) {
                streams.look();
            }
        }
        return 0;
    }

    @Override
    public int poll(final Protocol.MessageSink sink, final int limit) {
        polls = true;
        return streams.poll(sink, limit);
    }

    private boolean hasMessage() {
        return polls && streams != null && streams.hasMessage();
    }

    @Override
    public boolean isRoomy() {
        return streams.isRoomy();
    }

    @Override
    public long taken() {
        return streams == null ? 0 : streams.taken();
    }

    @Override
    public boolean isTakenFinal() {
        return streams != null && streams.isTakenFinal();
    }

    @Override
    public boolean end(final long accepted) {
        slept = true;
        return streams.end(accepted);
    }

    @Override
    public boolean farewell() {
        return streams.farewell();
    }

    @Override
    public boolean cutOff() {
        if (client.isLost()) {
            return true;
        }
        slept = true;
        if (streams.isCutOff()) {
            return false;
        }
        if (!revoked) {
            revoked = true;
            streams.stop();
            client.revoke(publication);
        }
        return streams.hasStopped();
    }

    @Override
    public void park(final long maxNs) {
        parker.park(maxNs);
        slept = true;
    }

    @Override
    public void unpark() {
        parker.unpark();
    }

    /** Any thread. */
    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (streams != null) {
                streams.release();
            }
            if (client != null) {
                client.close();
            }
            // Handles of connections that have ended are kept for long.
            streams = null;
            opening = null;
            publication = null;
            client = null;
        }
    }
}
