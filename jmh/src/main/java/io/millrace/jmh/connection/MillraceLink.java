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
import io.millrace.transport.tls.TlsContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** Millrace with its defaults, but for the way that its threads wait, and whether messages are pushed or pulled. */
final class MillraceLink implements Link {
    private static final long DEADLINE_S = 20;
    private static final int PULL_CAPACITY = 1024 * 1024;
    private static final int PULL_LIMIT = 256;

    private final Transport transport;
    private final Connection connection;

    private MillraceLink(
            final TransportContext context, final String scheme, final Receiver server, final Receiver client)
            throws Exception {
        transport = new Transport(context);
        final boolean pulls = context.connectionContext().pullCapacity() > 0;
        try {
            final Listener listener =
                    transport.listen(URI.create(scheme + "://localhost:0"), () -> new Handler(server, pulls));
            final URI uri =
                    URI.create(scheme + "://localhost:" + listener.address().getPort());
            connection = transport.connect(uri, new Handler(client, pulls)).get(DEADLINE_S, TimeUnit.SECONDS);
        } catch (final Exception ex) {
            transport.close();
            throw ex;
        }
    }

    static Factory factory(final Security security, final Waiting waiting) {
        return factory(security, new ConnectionContext().waiting(waiting));
    }

    /** A thread at either end pulls what the connection's own thread received. */
    static Factory pulled(final Security security) {
        return factory(security, new ConnectionContext().pullCapacity(PULL_CAPACITY));
    }

    /** By virtual threads: JDK 21 or later. */
    static Factory virtual(final String scheme, final Waiting waiting) {
        return (server, client) -> new MillraceLink(
                new TransportContext()
                        .driving(Driving.VIRTUAL_THREAD)
                        .connectionContext(new ConnectionContext().waiting(waiting)),
                scheme,
                server,
                client);
    }

    /** By virtual threads that each sleep on a selector of their own. */
    static Factory virtualWithSelectors(final Waiting waiting) {
        return (server, client) -> new MillraceLink(
                new TransportContext()
                        .threadFactory(PairScheme.virtualThreads())
                        .connectionContext(new ConnectionContext().waiting(waiting)),
                "tcp",
                server,
                client);
    }

    /** With Conscrypt's engines. */
    static Factory conscrypt(final Security security) {
        if (security == Security.PLAIN) {
            throw new IllegalArgumentException("only over TLS: security=" + security);
        }
        return (server, client) -> {
            final SelfSignedCertificate identity = SelfSignedCertificate.make();
            return new MillraceLink(
                    new TransportContext().tlsContext(MillraceDialer.tls(identity, true)), "tls", server, client);
        };
    }

    private static Factory factory(final Security security, final ConnectionContext settings) {
        return (server, client) -> {
            final TransportContext context = new TransportContext().connectionContext(settings);
            if (security == Security.PLAIN) {
                return new MillraceLink(context, "tcp", server, client);
            }
            return new MillraceLink(
                    context.tlsContext(new TlsContext().sslContext(SelfSignedCertificate.sslContext())),
                    "tls",
                    server,
                    client);
        };
    }

    @Override
    public Sender sender() {
        return sender(connection);
    }

    private static Sender sender(final Connection connection) {
        return (source, offset, length) -> {
            final long position = connection.offer(source, offset, length);
            if (position < 0 && position != Connection.BACK_PRESSURED) {
                throw new IOException("the offer failed: code=" + position + " " + connection);
            }
            return position >= 0;
        };
    }

    @Override
    public void close() {
        transport.close();
    }

    private static final class Handler implements ConnectionHandler {
        private final Receiver receiver;
        private final boolean pulls;
        private Sender reply;

        Handler(final Receiver receiver, final boolean pulls) {
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
