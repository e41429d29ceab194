package io.millrace.transport.aeron;

import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.logbuffer.Header;
import io.aeron.status.ChannelEndpointStatus;
import io.millrace.transport.channel.IncomingMessages;
import io.millrace.transport.channel.MessageChannel;
import io.millrace.transport.channel.MessageOptions;
import io.millrace.transport.channel.MessageServer;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.agrona.CloseHelper;
import org.agrona.DirectBuffer;

/**
 * A listener's stream, on which clients knock. What comes of that are streams that belong to each connection's own client, so
 * that the listener holds no image that another thread reads. The listener's thread, by a client of its own.
 */
final class AeronServer implements MessageServer {
    private static final long BIND_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long IN_USE_NS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long REFUSAL_NS = TimeUnit.SECONDS.toNanos(2);
    private static final int PORT_TRIES = 10;

    private record Knock(int sessionId, SocketAddress client, int version) {}

    /** A client that is told to go, and how long to wait for its streams. */
    private record Refusal(ServerOpening opening, long untilNs) {}

    private final Drivers drivers;
    private final AeronUri uri;
    private final MessageOptions options;
    private final SocketAddress localAddress;
    private final AeronClient client;
    private final ListenerClaim claim;
    private final Subscription knocks;
    private final ServedSessions served = new ServedSessions();
    private final Queue<Knock> waiting = new ArrayDeque<>();
    private final Queue<Refusal> refusals = new ArrayDeque<>();
    private final AeronParker parker;
    private boolean accepting = true;
    private boolean closed;

    private AeronServer(
            final Drivers drivers,
            final AeronUri uri,
            final MessageOptions options,
            final AeronClient client,
            final ListenerClaim claim,
            final Subscription knocks) {
        this.drivers = drivers;
        this.uri = uri;
        this.options = options;
        this.client = client;
        this.claim = claim;
        this.knocks = knocks;
        localAddress = uri.isIpc() ? uri.ipcAddress() : uri.address();
        parker = new AeronParker(drivers.context().maxParkNs(), () -> false);
    }

    // ---- binding: the caller's thread ----

    static AeronServer bind(final Drivers drivers, final AeronUri wanted, final MessageOptions options)
            throws IOException {
        if (!wanted.isIpc() && isMulticast(wanted.address())) {
            throw new IllegalArgumentException("multicast is for publishers and subscribers: endpoint="
                    + wanted.endpoint() + " uri=" + wanted.uri());
        }
        IOException last = null;
        for (int i = 0; i < (wanted.isAnyPort() ? PORT_TRIES : 1); i++) {
            final AeronUri uri = wanted.isAnyPort() ? withFreePorts(wanted) : wanted;
            try {
                return bindTo(drivers, uri, options);
            } catch (final IOException ex) {
                last = ex;
            }
        }
        throw last;
    }

    private static boolean isMulticast(final InetSocketAddress address) {
        return !address.isUnresolved() && address.getAddress().isMulticastAddress();
    }

    /** Aeron would choose one itself, but then nobody else could be told of it before somebody has come. */
    private static AeronUri withFreePorts(final AeronUri wanted) throws IOException {
        try (DatagramSocket endpoint = new DatagramSocket(anyPortOf(wanted.address(), wanted));
                DatagramSocket control = new DatagramSocket(anyPortOf(wanted.controlAddress(), wanted))) {
            return wanted.withPorts(endpoint.getLocalPort(), control.getLocalPort());
        }
    }

    private static InetSocketAddress anyPortOf(final InetSocketAddress address, final AeronUri wanted)
            throws IOException {
        if (address.isUnresolved()) {
            throw new IOException("unknown host: uri=" + wanted.uri());
        }
        return new InetSocketAddress(address.getAddress(), 0);
    }

    private static AeronServer bindTo(final Drivers drivers, final AeronUri uri, final MessageOptions options)
            throws IOException {
        final AeronClient client = AeronClient.connect(drivers.lease(), drivers.context());
        ListenerClaim claim = null;
        try {
            claim = ListenerClaim.take(client, uri.claim(), uri.streamId(), IN_USE_NS);
            final Subscription knocks = await(client, uri.endpoint(), () -> subscribe(client, uri));
            if (!uri.isIpc()) {
                // Nobody has asked for an answer yet, but the port for them must be free.
                final String prototype = uri.prototypePublication();
                await(client, uri.control(), () -> {
                    final long id = client.addPublication(prototype, uri.responseStream());
                    return () -> client.publication(id);
                });
            }
            return new AeronServer(drivers, uri, options, client, claim, knocks);
        } catch (final IOException | RuntimeException | Error ex) {
            if (claim != null && !client.isLost()) {
                // With the client it would go only when the driver looks after its clients, once a second.
                claim.giveBack();
            }
            client.close();
            throw ex;
        }
    }

    private static Answer<Subscription> subscribe(final AeronClient client, final AeronUri uri) {
        final long id = client.addSubscription(uri.knockChannel(), uri.knockStream());
        return () -> {
            final Subscription knocks = client.subscription(id);
            final boolean ready =
                    knocks != null && (uri.isIpc() || knocks.channelStatus() == ChannelEndpointStatus.ACTIVE);
            return ready ? knocks : null;
        };
    }

    /** What the driver was asked for: null until it is there. */
    @FunctionalInterface
    private interface Answer<T> {
        T get() throws IOException;
    }

    /** Asks, and again if the driver is still letting go of what had the address before. */
    private static <T> T await(final AeronClient client, final String address, final Supplier<Answer<T>> ask)
            throws IOException {
        final long startNs = System.nanoTime();
        Answer<T> answer = ask.get();
        while (System.nanoTime() - startNs < BIND_NS) {
            client.invoke();
            final Throwable failure = client.takeEndpointFailure();
            if (failure != null) {
                throw new IOException(AeronErrors.text(failure) + ": address=" + address, failure);
            }
            try {
                final T there = answer.get();
                if (there != null) {
                    return there;
                }
            } catch (final IOException ex) {
                if (!AeronErrors.isTemporary(ex)) {
                    throw new IOException(ex.getMessage() + ": address=" + address, ex);
                }
                answer = ask.get();
            }
            Naps.nap();
        }
        throw new IOException("the media driver does not answer: directory=" + client.directory());
    }

    // ---- the listener's thread ----

    @Override
    public SocketAddress localAddress() {
        return localAddress;
    }

    @Override
    public URI uri() {
        return uri.uri();
    }

    @Override
    public IncomingMessages accept() throws IOException {
        client.invoke();
        client.takeEndpointFailure();
        refuse();
        if (accepting && waiting.isEmpty()) {
            knocks.poll(this::onKnock, 1);
        }
        final Knock knock = accepting ? waiting.poll() : null;
        if (knock == null || served.contains(knock.sessionId())) {
            // Whoever knocks with another's number is none of ours, either.
            return null;
        }
        if (knock.version() != Wire.VERSION) {
            refuse(knock, "the client speaks otherwise: version=" + knock.version() + " want=" + Wire.VERSION);
            return null;
        }
        return new Incoming(knock);
    }

    private void onKnock(final DirectBuffer buffer, final int offset, final int length, final Header header) {
        if (header.reservedValue() != Wire.HELLO || length < Wire.HELLO_LENGTH) {
            // Whoever it is, he is none of ours, and never gets an answer.
            return;
        }
        final Image from = (Image) header.context();
        final SocketAddress address = uri.isIpc() ? uri.ipcAddress() : Addresses.parse(from.sourceIdentity());
        waiting.add(new Knock(Wire.helloSession(buffer, offset), address, Wire.version(buffer, offset)));
    }

    private void refuse(final Knock knock, final String text) {
        refusals.add(new Refusal(opening(client, knock, text), System.nanoTime() + REFUSAL_NS));
    }

    private ServerOpening opening(final AeronClient by, final Knock knock, final String refusal) {
        return new ServerOpening(
                by, uri, options, drivers.context(), knock.sessionId(), localAddress, knock.client(), refusal);
    }

    /** Moves all on that are to be told to go. */
    private void refuse() {
        for (int i = refusals.size(); i > 0; i--) {
            final Refusal refusal = refusals.remove();
            boolean over = System.nanoTime() - refusal.untilNs() > 0;
            try {
                over |= refusal.opening().poll();
            } catch (final IOException ex) {
                over = true;
            }
            if (over) {
                refusal.opening().leave();
            } else {
                refusals.add(refusal);
            }
        }
    }

    @Override
    public void accepting(final boolean newAccepting) {
        accepting = newAccepting;
    }

    @Override
    public void park(final long maxNs) {
        parker.park(Math.min(maxNs, drivers.context().maxParkNs()));
    }

    @Override
    public void unpark() {
        parker.unpark();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                while (!refusals.isEmpty() && !client.isLost()) {
                    client.invoke();
                    refuse();
                    Naps.nap();
                }
                knocks.close();
                claim.giveBack();
            } catch (final RuntimeException ex) {
                // The driver is lost, and with it all that is to be given back.
            } finally {
                CloseHelper.quietClose(client);
            }
        }
    }

    private final class Incoming implements IncomingMessages {
        private final Knock knock;
        private boolean settled;

        Incoming(final Knock knock) {
            this.knock = knock;
        }

        @Override
        public SocketAddress remoteAddress() {
            return knock.client();
        }

        @Override
        public MessageChannel open() {
            settled = true;
            final AeronChannel channel = new AeronChannel(drivers, uri, options, by -> opening(by, knock, null));
            served.add(knock.sessionId(), channel::isClosed);
            return channel;
        }

        @Override
        public void close() {
            if (!settled) {
                settled = true;
                refuse(knock, "refused");
            }
        }
    }
}
