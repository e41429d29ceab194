package io.millrace.jmh.connection;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.Driving;
import io.millrace.transport.Listener;
import io.millrace.transport.MessageHandler;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.Waiting;
import io.millrace.transport.aeron.AeronContext;
import io.millrace.transport.aeron.AeronScheme;
import io.millrace.transport.tls.TlsContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Millrace with its defaults, but for the way that its threads wait, and whether messages are pushed or pulled; one
 * transport for both ends.
 */
final class MillraceFleet implements Fleet, Fleet.Server {
    private static final long DEADLINE_S = 20;
    private static final int PULL_CAPACITY = 1024 * 1024;
    private static final int PULL_LIMIT = 256;

    private final Transport transport;
    private final URI uri;
    private final Supplier<Link.Receiver> atClient;
    private final boolean pulls;

    /** A server, and the clients that connect to it; null if they are elsewhere. */
    private MillraceFleet(
            final TransportContext context,
            final String scheme,
            final Supplier<Link.Receiver> atServer,
            final Supplier<Link.Receiver> atClient) {
        this.atClient = atClient;
        transport = new Transport(context);
        pulls = context.connectionContext().pullCapacity() > 0;
        try {
            final boolean aeron = scheme.startsWith("aeron:");
            final Listener listener = transport.listen(
                    URI.create(aeron ? scheme : scheme + "://localhost:0"), () -> new Handler(atServer.get(), pulls));
            uri = aeron
                    ? listener.uri()
                    : URI.create(scheme + "://localhost:" + listener.address().getPort());
        } catch (final RuntimeException ex) {
            transport.close();
            throw ex;
        }
    }

    /** Clients of a server that is elsewhere. */
    private MillraceFleet(final TransportContext context, final URI server, final Supplier<Link.Receiver> atClient) {
        this.atClient = atClient;
        transport = new Transport(context);
        pulls = context.connectionContext().pullCapacity() > 0;
        uri = server;
    }

    /** Of platform threads. */
    static Factory factory(final Security security, final Waiting waiting) {
        return new Sockets(security, waiting(waiting), Driving.THREAD);
    }

    /** Over Aeron, with the defaults, or with the driver of {@link AeronLink} and the nearest of our ways to wait. */
    static Factory aeron(final String anywhere, final AeronUse use) {
        return (server, client) ->
                new MillraceFleet(use.isTuned() ? tuned(use) : new TransportContext(), anywhere, server, client);
    }

    private static TransportContext tuned(final AeronUse use) {
        final Waiting waiting = use == AeronUse.YIELDING ? Waiting.YIELDING : Waiting.ADAPTIVE;
        return new TransportContext()
                .connectionContext(waiting(waiting).outboundCapacity(AeronLink.BEST_WINDOW))
                .messageScheme(new AeronScheme(new AeronContext()
                        .driverIdleStrategy(use::idleStrategy)
                        .mtuLength(AeronLink.BEST_MTU)
                        .ipcMtuLength(AeronLink.BEST_MTU)));
    }

    /** A thread at either end pulls what the connection's own thread received. */
    static Factory pulled(final Security security) {
        return new Sockets(security, new ConnectionContext().pullCapacity(PULL_CAPACITY), Driving.THREAD);
    }

    /** By virtual threads: JDK 21 or later. */
    static Factory virtual(final Security security, final Waiting waiting) {
        return new Sockets(security, waiting(waiting), Driving.VIRTUAL_THREAD);
    }

    /** By two virtual threads a connection. */
    static Factory virtualPair(final Waiting waiting) {
        return (server, client) -> new MillraceFleet(
                context(Security.PLAIN, waiting(waiting)).driving(Driving.VIRTUAL_THREAD), "pair", server, client);
    }

    /** By virtual threads that each sleep on a selector of their own. */
    static Factory virtualWithSelectors(final Waiting waiting) {
        return (server, client) -> new MillraceFleet(
                context(Security.PLAIN, waiting(waiting)).threadFactory(PairScheme.virtualThreads()),
                "tcp",
                server,
                client);
    }

    /** With Conscrypt's engines. */
    static Factory conscrypt(final Security security) {
        if (security == Security.PLAIN) {
            throw new IllegalArgumentException("only over TLS: security=" + security);
        }
        return (server, client) -> new MillraceFleet(
                new TransportContext().tlsContext(MillraceDialer.tls(SelfSignedCertificate.make(), true)),
                scheme(security),
                server,
                client);
    }

    private static TransportContext context(final Security security, final ConnectionContext settings)
            throws GeneralSecurityException {
        final TransportContext context = new TransportContext().connectionContext(settings);
        return security == Security.PLAIN
                ? context
                : context.tlsContext(new TlsContext().sslContext(SelfSignedCertificate.sslContext()));
    }

    private static String scheme(final Security security) {
        return security == Security.PLAIN ? "tcp" : "tls";
    }

    private static ConnectionContext waiting(final Waiting waiting) {
        return new ConnectionContext().waiting(waiting);
    }

    @Override
    public Link.Sender connect() throws Exception {
        return sender(transport.connect(uri, new Handler(atClient.get(), pulls)).get(DEADLINE_S, TimeUnit.SECONDS));
    }

    private static Link.Sender sender(final Connection connection) {
        return (source, offset, length) -> {
            final long position = connection.offer(source, offset, length);
            if (position < 0 && position != Connection.BACK_PRESSURED && position != Connection.ADMIN_ACTION) {
                throw new IOException("the offer failed: code=" + position + " " + connection);
            }
            return position >= 0;
        };
    }

    @Override
    public int port() {
        return uri.getPort();
    }

    @Override
    public void close() {
        transport.close();
    }

    /** By sockets, whose ends may be apart. */
    private record Sockets(Security security, ConnectionContext settings, Driving driving) implements Ends {
        @Override
        public Fleet open(final Supplier<Link.Receiver> atServer, final Supplier<Link.Receiver> atClient)
                throws GeneralSecurityException {
            return new MillraceFleet(context(), scheme(security), atServer, atClient);
        }

        @Override
        public Server serve(final Supplier<Link.Receiver> atServer) throws GeneralSecurityException {
            return new MillraceFleet(context(), scheme(security), atServer, null);
        }

        @Override
        public Fleet dial(final int port, final Supplier<Link.Receiver> atClient) throws GeneralSecurityException {
            return new MillraceFleet(context(), URI.create(scheme(security) + "://localhost:" + port), atClient);
        }

        private TransportContext context() throws GeneralSecurityException {
            return MillraceFleet.context(security, settings).driving(driving);
        }
    }

    private static final class Handler implements ConnectionHandler {
        private final Link.Receiver receiver;
        private final boolean pulls;
        private Link.Sender reply;

        Handler(final Link.Receiver receiver, final boolean pulls) {
            this.receiver = receiver;
            this.pulls = pulls;
        }

        @Override
        public void onOpen(final Connection connection) {
            reply = sender(connection);
            if (pulls) {
                final Thread puller = new Thread(() -> pull(connection), "puller-" + connection.id());
                puller.setDaemon(true);
                puller.start();
            }
        }

        private void pull(final Connection connection) {
            final MessageHandler handler = (buffer, offset, length) -> onMessage(connection, buffer, offset, length);
            try {
                int messages = 0;
                while (messages != Connection.CLOSED) {
                    messages = connection.poll(handler, PULL_LIMIT, TimeUnit.SECONDS.toNanos(1));
                }
            } catch (final InterruptedException ex) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void onMessage(
                final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
            try {
                receiver.onMessage(buffer, offset, length, reply);
            } catch (final IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }
    }
}
