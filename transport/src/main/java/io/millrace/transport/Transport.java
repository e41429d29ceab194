package io.millrace.transport;

import io.millrace.session.SnapshotSet;
import io.millrace.transport.agent.AcceptorAgent;
import io.millrace.transport.agent.BufferPool;
import io.millrace.transport.agent.ConnectionAgent;
import io.millrace.transport.channel.Acceptor;
import io.millrace.transport.channel.SocketConnectionChannel;
import io.millrace.transport.frame.LengthPrefixProtocol;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.agrona.concurrent.IdleStrategy;

/**
 * Listens and connects: {@code tcp://host:port} for plain TCP, {@code tls://host:port} for TLS 1.3. Messages are framed
 * by a length prefix of four bytes. Every connection and every listener has a thread of its own.
 *
 * <p>Any thread may call anything here. Nothing blocks but {@link #close()}, and {@link #listen} while it looks its host up.
 */
public final class Transport implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(Transport.class.getName());
    private static final int MAX_PORT = 65_535;

    private final TransportContext context;
    private final BufferPool buffers = new BufferPool();
    private final TransportCounters counters = new TransportCounters();
    private final AtomicLong nextId = new AtomicLong(1);
    private final SnapshotSet<AcceptorAgent> listeners = new SnapshotSet<>();
    private final SnapshotSet<ConnectionAgent> connections = new SnapshotSet<>();
    private volatile boolean closed;

    /** Makes a transport with the defaults. */
    public Transport() {
        this(new TransportContext());
    }

    /**
     * Makes a transport.
     *
     * @param context to use, which is concluded here.
     */
    public Transport(final TransportContext context) {
        this.context = context.conclude();
    }

    /**
     * Listens, with the defaults of this transport.
     *
     * @param uri      as in {@link #listen(URI, ListenerContext, Supplier)}.
     * @param handlers as there.
     * @return the listener, which is bound.
     */
    public Listener listen(final URI uri, final Supplier<? extends ConnectionHandler> handlers) {
        return listen(uri, new ListenerContext(), handlers);
    }

    /**
     * Listens.
     *
     * @param uri      {@code tcp://host:port} or {@code tls://host:port}; port 0 for any that is free.
     * @param settings of the listener, which are concluded here.
     * @param handlers makes the handler of each accepted connection, on the listener's thread.
     * @return the listener, which is bound.
     * @throws IllegalArgumentException if the URI is not of that form.
     * @throws IllegalStateException    if the transport is closed, or {@code tls} has no
     *                                  {@link TransportContext#sslContext(SSLContext)}.
     * @throws UncheckedIOException     if the address can't be bound.
     */
    public Listener listen(
            final URI uri, final ListenerContext settings, final Supplier<? extends ConnectionHandler> handlers) {
        Objects.requireNonNull(handlers, "handlers");
        final ConnectionContext each = settings.conclude().connectionContext().orElse(context.connectionContext());
        checkOpen();
        final boolean tls = isTls(uri);
        if (tls && context.sslContext().isEmpty()) {
            throw new IllegalStateException("a tls listener needs a key: set TransportContext.sslContext, uri=" + uri);
        }
        final Acceptor acceptor = bind(uri);
        final AcceptorAgent agent = new AcceptorAgent(
                acceptor, context, counters, socket -> accept(socket, tls, each, handlers), listeners::remove);
        listeners.add(agent);
        start(agent, agent.idleStrategy());
        if (closed) {
            agent.close();
        }
        return agent;
    }

    private static Acceptor bind(final URI uri) {
        final InetSocketAddress address = new InetSocketAddress(uri.getHost(), port(uri, 0));
        if (address.isUnresolved()) {
            throw new UncheckedIOException(new IOException("cannot listen, unknown host: uri=" + uri));
        }
        try {
            return new Acceptor(address);
        } catch (final IOException ex) {
            throw new UncheckedIOException("cannot listen: uri=" + uri + ": " + ex.getMessage(), ex);
        }
    }

    private void accept(
            final SocketChannel socket,
            final boolean tls,
            final ConnectionContext settings,
            final Supplier<? extends ConnectionHandler> handlers) {
        final SocketConnectionChannel channel;
        try {
            channel = SocketConnectionChannel.accepted(socket);
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
        try {
            launch(settings, channel, tls ? Optional.of(serverEngine()) : Optional.empty(), handlers.get());
        } catch (final RuntimeException | Error ex) {
            channel.close();
            throw ex;
        }
    }

    /**
     * Connects, with the defaults of this transport.
     *
     * @param uri     as in {@link #connect(URI, ConnectionContext, ConnectionHandler)}.
     * @param handler as there.
     * @return as there.
     */
    public CompletableFuture<Connection> connect(final URI uri, final ConnectionHandler handler) {
        return connect(uri, context.connectionContext(), handler);
    }

    /**
     * Connects.
     *
     * @param uri      {@code tcp://host:port} or {@code tls://host:port}; with {@code tls} the certificate must be for the
     *                 host.
     * @param settings of the connection, which are concluded here.
     * @param handler  of the connection.
     * @return completes on the connection's thread: with the connection once it is ready, before
     *     {@link ConnectionHandler#onOpen}; or with a {@link ConnectException} that says why not, after
     *     {@link ConnectionHandler#onClose}. Cancelling it closes nothing.
     * @throws IllegalArgumentException if the URI is not of that form.
     * @throws IllegalStateException    if the transport is closed.
     * @throws UncheckedIOException     if there is no socket to be had.
     */
    public CompletableFuture<Connection> connect(
            final URI uri, final ConnectionContext settings, final ConnectionHandler handler) {
        settings.conclude();
        Objects.requireNonNull(handler, "handler");
        checkOpen();
        final boolean tls = isTls(uri);
        final int port = port(uri, 1);
        final SocketConnectionChannel channel;
        try {
            channel = SocketConnectionChannel.connecting(uri.getHost(), port);
        } catch (final IOException ex) {
            throw new UncheckedIOException("cannot connect: uri=" + uri + ": " + ex.getMessage(), ex);
        }
        final CompletableFuture<Connection> future = new CompletableFuture<>();
        try {
            launch(
                    settings,
                    channel,
                    tls ? Optional.of(clientEngine(uri.getHost(), port)) : Optional.empty(),
                    new Connecting(uri, handler, future));
        } catch (final RuntimeException | Error ex) {
            channel.close();
            throw ex;
        }
        return future;
    }

    private void launch(
            final ConnectionContext settings,
            final SocketConnectionChannel channel,
            final Optional<SSLEngine> engine,
            final ConnectionHandler handler) {
        final ConnectionAgent agent = new ConnectionAgent(
                nextId.getAndIncrement(),
                context.nanoClock(),
                settings,
                settings.protocol().orElseGet(() -> new LengthPrefixProtocol(settings.maxMessageLength())),
                counters,
                buffers,
                channel,
                engine,
                handler,
                connections::remove);
        connections.add(agent);
        if (closed) {
            agent.abort(CloseReason.TRANSPORT_CLOSE);
        }
        start(agent, agent.idleStrategy());
    }

    private void start(final Agent agent, final IdleStrategy idleStrategy) {
        try {
            AgentRunner.startOnThread(
                    new AgentRunner(idleStrategy, Transport::logError, null, agent), context.threadFactory());
        } catch (final RuntimeException | Error ex) {
            agent.onClose();
            throw ex;
        }
    }

    private static void logError(final Throwable error) {
        LOGGER.log(System.Logger.Level.ERROR, "an agent failed", error);
    }

    private SSLEngine serverEngine() {
        final SSLEngine engine = context.sslContext().orElseThrow().createSSLEngine();
        engine.setUseClientMode(false);
        engine.setEnabledProtocols(new String[] {"TLSv1.3"});
        return engine;
    }

    private SSLEngine clientEngine(final String host, final int port) {
        final SSLEngine engine =
                context.sslContext().orElseGet(Transport::defaultSslContext).createSSLEngine(host, port);
        engine.setUseClientMode(true);
        engine.setEnabledProtocols(new String[] {"TLSv1.3"});
        final SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    private static SSLContext defaultSslContext() {
        try {
            return SSLContext.getDefault();
        } catch (final NoSuchAlgorithmException ex) {
            throw new IllegalStateException("the JDK has no default SSLContext", ex);
        }
    }

    private static boolean isTls(final URI uri) {
        final String scheme = uri.getScheme();
        if (!"tcp".equals(scheme) && !"tls".equals(scheme)) {
            throw new IllegalArgumentException("unknown scheme, want tcp or tls: uri=" + uri);
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("no host, want " + scheme + "://host:port: uri=" + uri);
        }
        return "tls".equals(scheme);
    }

    private static int port(final URI uri, final int lowest) {
        final int port = uri.getPort();
        if (port < lowest || port > MAX_PORT) {
            throw new IllegalArgumentException("port must be from " + lowest + " to " + MAX_PORT + ": uri=" + uri);
        }
        return port;
    }

    /**
     * What happened on this transport so far.
     *
     * @return the counters, which go on counting.
     */
    public TransportCounters counters() {
        return counters;
    }

    /**
     * The connections that live at this moment, connecting and closing ones included.
     *
     * @return an immutable list that never changes.
     */
    public List<Connection> connections() {
        return connections.snapshot().stream().map(ConnectionAgent::connection).toList();
    }

    /**
     * Closes the listeners, then all connections as {@link Connection#close()} does, and waits for them as long as
     * {@link TransportContext#closeTimeoutNs()} says; what is left then ends unflushed. Idempotent. Any thread; blocking,
     * but from a callback it waits for nothing.
     */
    @Override
    public void close() {
        closed = true;
        CloseHelper.closeAll(listeners.snapshot());
        final List<ConnectionAgent> agents = connections.snapshot();
        agents.forEach(agent -> agent.connection().close());
        if (agents.stream().noneMatch(ConnectionAgent::isDriver) && !await(agents, context.closeTimeoutNs())) {
            agents.forEach(agent -> agent.abort(CloseReason.TRANSPORT_CLOSE));
            await(agents, context.closeTimeoutNs());
        }
    }

    private static boolean await(final List<ConnectionAgent> agents, final long timeoutNs) {
        final CompletableFuture<?>[] ends = agents.stream()
                .map(agent -> agent.connection().closed().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(timeoutNs, TimeUnit.NANOSECONDS);
            return true;
        } catch (final TimeoutException ex) {
            return false;
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
            return false;
        } catch (final ExecutionException ex) {
            throw new IllegalStateException("a close report never fails", ex);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the transport is closed");
        }
    }

    /** Completes a connect's future beside the user's handler. */
    private record Connecting(URI uri, ConnectionHandler handler, CompletableFuture<Connection> future)
            implements ConnectionHandler {
        @Override
        public void onOpen(final Connection connection) {
            future.complete(connection);
            handler.onOpen(connection);
        }

        @Override
        public void onMessage(
                final Connection connection, final ByteBuffer buffer, final int offset, final int length) {
            handler.onMessage(connection, buffer, offset, length);
        }

        @Override
        public void onClose(final Connection connection, final CloseReport report) {
            try {
                handler.onClose(connection, report);
            } finally {
                if (!future.isDone()) {
                    final ConnectException failure =
                            new ConnectException("cannot connect: uri=" + uri + ": " + report.detail());
                    report.firstError().ifPresent(failure::initCause);
                    future.completeExceptionally(failure);
                }
            }
        }
    }
}
