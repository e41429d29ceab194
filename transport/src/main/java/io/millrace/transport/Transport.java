package io.millrace.transport;

import io.millrace.session.SnapshotSet;
import io.millrace.transport.agent.AcceptorAgent;
import io.millrace.transport.agent.Connecting;
import io.millrace.transport.agent.ConnectionSet;
import io.millrace.transport.agent.Dialing;
import io.millrace.transport.agent.Drain;
import io.millrace.transport.agent.Driver;
import io.millrace.transport.agent.InvokerDriver;
import io.millrace.transport.agent.Launcher;
import io.millrace.transport.agent.ReconnectAgent;
import io.millrace.transport.agent.Reconnects;
import io.millrace.transport.agent.ThreadDriver;
import io.millrace.transport.agent.VirtualDriver;
import io.millrace.transport.channel.Acceptor;
import io.millrace.transport.channel.ChannelScheme;
import io.millrace.transport.channel.ChannelSchemes;
import io.millrace.transport.channel.Incoming;
import io.millrace.transport.channel.MessageScheme;
import io.millrace.transport.channel.MessageServer;
import io.millrace.transport.channel.ServerChannel;
import io.millrace.transport.websocket.ReconnectWebSocketHandler;
import io.millrace.transport.websocket.ReconnectingWebSocket;
import io.millrace.transport.websocket.WebSocket;
import io.millrace.transport.websocket.WebSocketAttempts;
import io.millrace.transport.websocket.WebSocketContext;
import io.millrace.transport.websocket.WebSocketEnd;
import io.millrace.transport.websocket.WebSocketHandler;
import io.millrace.transport.websocket.WebSocketSide;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.agrona.CloseHelper;
import org.agrona.concurrent.AgentInvoker;

/**
 * Listens and connects: {@code tcp://host:port} for plain TCP, {@code tls://host:port} for TLS, {@code unix:/path} for
 * a Unix socket, {@code ws://host:port/path} and {@code wss://host:port/path} for
 * WebSocket, and whatever scheme else the service loader finds a
 * {@link io.millrace.transport.channel.ChannelScheme} or a {@link io.millrace.transport.channel.MessageScheme} for. Every connection and every listener has a
 * thread of its own, a virtual one, or the caller's: {@link TransportContext#driving(Driving)}.
 *
 * <p>Any thread may call anything here. Nothing blocks but {@link #close()} and {@link #drain}, and {@link #listen} while it
 * looks its host up.
 */
public final class Transport implements AutoCloseable {
    private final TransportContext context;
    private final TransportCounters counters = new TransportCounters(this::livingCounters);
    private final SnapshotSet<AcceptorAgent<?>> listeners = new SnapshotSet<>();
    private final ChannelSchemes schemes;
    private final Launcher launcher;
    private final Dialing dialing;
    private final Reconnects reconnects;

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
        schemes = ChannelSchemes.load(context.messageSchemes());
        launcher = new Launcher(context.nanoClock(), counters, driver(context));
        dialing = new Dialing(context, schemes, launcher);
        reconnects = new Reconnects(context.nanoClock(), counters, launcher);
    }

    private List<ConnectionCounters> livingCounters() {
        return launcher.connections().counters();
    }

    private static Driver driver(final TransportContext context) {
        return switch (context.driving()) {
            case THREAD -> new ThreadDriver(context.threadFactory(), context.threadKeepAliveNs());
            case INVOKER -> new InvokerDriver();
            case VIRTUAL_THREAD ->
                new VirtualDriver(
                        VirtualThreads.factory().orElseThrow(), context.threadFactory(), context.threadKeepAliveNs());
        };
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
     * @param uri      {@code tcp://host:port}, {@code tls://host:port} or {@code unix:/path}; an IPv6 address in brackets;
     *                 port 0 for any that is free. Or {@code ws://host:port/path} or {@code wss://host:port/path}: then texts
     *                 come as messages like any others, and what is offered goes as binary messages.
     * @param settings of the listener, which are concluded here.
     * @param handlers makes the handler of each accepted connection, on the listener's thread. If it throws, the peer is
     *                 refused with {@link RefusalReason#NO_HANDLER}, and only a log of level {@code DEBUG} says why.
     * @return the listener, which is bound.
     * @throws IllegalArgumentException if the URI is not of that form, or its scheme unknown.
     * @throws IllegalStateException    if the transport is closed, or {@code tls} has no
     *                                  {@link TransportContext#tlsContext()} with an identity.
     * @throws UncheckedIOException     if the address can't be bound.
     */
    public Listener listen(
            final URI uri, final ListenerContext settings, final Supplier<? extends ConnectionHandler> handlers) {
        Objects.requireNonNull(handlers, "handlers");
        final ConnectionContext each = settings.conclude().connectionContext().orElse(context.connectionContext());
        checkOpen();
        final Optional<MessageScheme> messages = schemes.ofMessages(uri);
        if (messages.isPresent()) {
            return listen(uri, messages.get(), settings, each, handlers);
        }
        final ChannelScheme scheme = schemes.of(uri);
        if (WebSocketSide.isWebSocket(scheme.name())) {
            final WebSocketSide side = WebSocketSide.server(uri, new WebSocketContext(), each);
            return listen(uri, scheme, settings, each, () -> side.end(handlers.get()));
        }
        return listen(uri, scheme, settings, each, handlers);
    }

    private ChannelScheme webSocketScheme(final URI uri) {
        final ChannelScheme scheme = schemes.of(uri);
        if (!WebSocketSide.isWebSocket(scheme.name())) {
            throw new IllegalArgumentException("not a WebSocket's scheme, want ws or wss: uri=" + uri);
        }
        return scheme;
    }

    /**
     * Listens for WebSockets, with the defaults of this transport.
     *
     * @param uri       as in {@link #listen(URI, ListenerContext, WebSocketContext, Supplier)}.
     * @param webSocket as there.
     * @param handlers  as there.
     * @return as there.
     */
    public Listener listen(
            final URI uri, final WebSocketContext webSocket, final Supplier<? extends WebSocketHandler> handlers) {
        return listen(uri, new ListenerContext(), webSocket, handlers);
    }

    /**
     * Listens for WebSockets.
     *
     * @param uri       {@code ws://host:port/path} or {@code wss://host:port/path}; a path but the slash is the only one
     *                  that leads to a WebSocket.
     * @param settings  of the listener, which are concluded here.
     * @param webSocket settings of the WebSockets, not to be changed any more.
     * @param handlers  makes the handler of each accepted connection, on the listener's thread.
     * @return the listener, which is bound.
     * @throws IllegalArgumentException if the URI is not of that form.
     * @throws IllegalStateException    if the transport is closed, or {@code wss} has no
     *                                  {@link TransportContext#tlsContext()} with an identity.
     * @throws UncheckedIOException     if the address can't be bound.
     */
    public Listener listen(
            final URI uri,
            final ListenerContext settings,
            final WebSocketContext webSocket,
            final Supplier<? extends WebSocketHandler> handlers) {
        Objects.requireNonNull(handlers, "handlers");
        final ConnectionContext each = settings.conclude().connectionContext().orElse(context.connectionContext());
        checkOpen();
        final ChannelScheme scheme = webSocketScheme(uri);
        final WebSocketSide side = WebSocketSide.server(uri, webSocket, each);
        return listen(uri, scheme, settings, each, () -> side.end(handlers.get()));
    }

    private Listener listen(
            final URI uri,
            final ChannelScheme scheme,
            final ListenerContext settings,
            final ConnectionContext each,
            final Supplier<? extends ConnectionHandler> handlers) {
        if (scheme.isTls() && !dialing.serves(each)) {
            throw new IllegalStateException("a " + scheme.name()
                    + " listener needs an identity: set TransportContext.tlsContext with one, uri=" + uri);
        }
        final ServerChannel server;
        try {
            server = scheme.bind(uri, dialing.options(each, settings.backlog()));
        } catch (final IOException ex) {
            throw new UncheckedIOException("cannot listen: uri=" + uri + ": " + ex.getMessage(), ex);
        }
        return listen(
                server,
                settings,
                handlers,
                group -> (incoming, handler, owner, wrap) -> launcher.launch(
                        group,
                        each,
                        wrap.apply(incoming.open()),
                        scheme.isTls() ? Optional.of(dialing.tls(each).server()) : Optional.empty(),
                        handler,
                        owner));
    }

    private Listener listen(
            final URI uri,
            final MessageScheme scheme,
            final ListenerContext settings,
            final ConnectionContext each,
            final Supplier<? extends ConnectionHandler> handlers) {
        if (settings.proxySources().isPresent()) {
            throw new IllegalArgumentException("PROXY headers are for streams of bytes: uri=" + uri);
        }
        final MessageServer server;
        try {
            server = dialing.bind(uri, scheme, each);
        } catch (final IOException ex) {
            throw new UncheckedIOException("cannot listen: uri=" + uri + ": " + ex.getMessage(), ex);
        }
        return listen(
                server,
                settings,
                handlers,
                group -> (incoming, handler, owner, wrap) ->
                        launcher.launch(group, each, incoming.open(), handler, owner));
    }

    private <I extends Incoming> Listener listen(
            final Acceptor<I> server,
            final ListenerContext settings,
            final Supplier<? extends ConnectionHandler> handlers,
            final Function<String, AcceptorAgent.Launcher<I>> launchers) {
        final String group = "listener-" + launcher.nextId();
        final AcceptorAgent<I> agent = new AcceptorAgent<>(
                server,
                settings,
                context.nanoClock(),
                counters,
                handlers,
                launchers.apply(group),
                () -> launcher.connections().of(group),
                launcher.driver(),
                listeners::remove);
        listeners.add(agent);
        launcher.start(agent);
        if (launcher.isClosed()) {
            agent.close();
        }
        return agent;
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
     * @param uri      {@code tcp://host:port}, {@code tls://host:port} or {@code unix:/path}; with {@code tls} the
     *                 certificate must be for the host. All addresses of a name are tried in turn within
     *                 {@link ConnectionContext#connectTimeoutNs()}. Or {@code ws} or {@code wss}, with messages as in
     *                 {@link #listen(URI, ListenerContext, Supplier)}.
     * @param settings of the connection, which are concluded here.
     * @param handler  of the connection.
     * @return completes on the connection's thread: with the connection once it is ready, before
     *     {@link ConnectionHandler#onOpen}; or with a {@link ConnectException} that says why not, after
     *     {@link ConnectionHandler#onClose}. Cancelling it closes nothing.
     * @throws IllegalArgumentException if the URI is not of that form, or its scheme unknown.
     * @throws IllegalStateException    if the transport is closed.
     * @throws UncheckedIOException     if there is no socket to be had.
     */
    public CompletableFuture<Connection> connect(
            final URI uri, final ConnectionContext settings, final ConnectionHandler handler) {
        settings.conclude();
        Objects.requireNonNull(handler, "handler");
        checkOpen();
        return connect(uri, dialing.way(uri), settings, handler);
    }

    /**
     * Opens a WebSocket, with the defaults of this transport.
     *
     * @param uri       as in {@link #connect(URI, ConnectionContext, WebSocketContext, WebSocketHandler)}.
     * @param webSocket as there.
     * @param handler   as there.
     * @return as there.
     */
    public CompletableFuture<WebSocket> connect(
            final URI uri, final WebSocketContext webSocket, final WebSocketHandler handler) {
        return connect(uri, context.connectionContext(), webSocket, handler);
    }

    /**
     * Opens a WebSocket.
     *
     * @param uri       {@code ws://host:port/path?query} or {@code wss://host:port/path?query}.
     * @param settings  of the connection, which are concluded here.
     * @param webSocket settings of the WebSocket, not to be changed any more.
     * @param handler   of the WebSocket.
     * @return completes on the connection's thread: with the WebSocket once it is open, before
     *     {@link WebSocketHandler#onOpen}; or with a {@link ConnectException} that says why not. Cancelling it closes nothing.
     * @throws IllegalArgumentException if the URI is not of that form.
     * @throws IllegalStateException    if the transport is closed.
     * @throws UncheckedIOException     if there is no socket to be had.
     */
    public CompletableFuture<WebSocket> connect(
            final URI uri,
            final ConnectionContext settings,
            final WebSocketContext webSocket,
            final WebSocketHandler handler) {
        settings.conclude();
        checkOpen();
        webSocketScheme(uri);
        final WebSocketEnd end = WebSocketSide.client(uri, webSocket, settings).end(handler);
        return connect(uri, dialing.way(uri), settings, end).thenApply(connection -> end.webSocket());
    }

    private CompletableFuture<Connection> connect(
            final URI uri, final Dialing.Way way, final ConnectionContext settings, final ConnectionHandler handler) {
        final Connecting connecting = new Connecting(uri);
        try {
            way.dial(settings, handler, connecting);
        } catch (final RuntimeException | Error ex) {
            // Without a thread the connection has ended, and the handler and the future know.
            if (!connecting.future().isDone()) {
                throw ex;
            }
        }
        return connecting.future();
    }

    /**
     * Connects, and connects again whenever the connection is lost, until it is closed or gives up.
     *
     * @param uri       as in {@link #connect(URI, ConnectionContext, ConnectionHandler)}; looked up for each attempt.
     * @param settings  of each connection, which are concluded here.
     * @param reconnect how to go on after a loss, which is concluded here.
     * @param handler   of all the connections, one after the other.
     * @return the handle, which is not connected yet. It waits on one thread for all handles of this transport. If the first
     *     attempt finds that the URI, or the settings, are not for its scheme, it ends for good.
     * @throws IllegalArgumentException if its scheme is unknown, or wants a host and there is none.
     * @throws IllegalStateException    if the transport is closed.
     */
    public ReconnectingConnection keepConnected(
            final URI uri,
            final ConnectionContext settings,
            final ReconnectContext reconnect,
            final ReconnectHandler handler) {
        settings.conclude();
        reconnect.conclude();
        Objects.requireNonNull(handler, "handler");
        checkOpen();
        final Dialing.Way way = dialing.way(uri);
        return reconnects.started().add(uri, reconnect, handler::onEnd, owner -> {
            checkOpen();
            way.dial(settings, handler, owner);
        });
    }

    /**
     * Opens a WebSocket, and opens it again whenever it is lost, until it is closed or gives up.
     *
     * @param uri       as in {@link #connect(URI, ConnectionContext, WebSocketContext, WebSocketHandler)}.
     * @param settings  as in {@link #keepConnected(URI, ConnectionContext, ReconnectContext, ReconnectHandler)}.
     * @param reconnect as there.
     * @param webSocket settings of each WebSocket, not to be changed any more.
     * @param handler   of all the WebSockets, one after the other.
     * @return the handle, as there.
     * @throws IllegalArgumentException if the URI is not of that form.
     * @throws IllegalStateException    if the transport is closed.
     */
    public ReconnectingWebSocket keepConnected(
            final URI uri,
            final ConnectionContext settings,
            final ReconnectContext reconnect,
            final WebSocketContext webSocket,
            final ReconnectWebSocketHandler handler) {
        settings.conclude();
        reconnect.conclude();
        checkOpen();
        webSocketScheme(uri);
        final WebSocketAttempts attempts =
                WebSocketSide.client(uri, webSocket, settings).attempts(handler);
        final Dialing.Way way = dialing.way(uri);
        return attempts.on(reconnects.started().add(uri, reconnect, handler::onEnd, owner -> {
            checkOpen();
            way.dial(settings, attempts.next(), owner);
        }));
    }

    /**
     * What drives all listeners and connections of this transport, if that is the caller's own thread
     * ({@link Driving#INVOKER}). The first thread that invokes is the one, as long as it lives; another gets an
     * {@link IllegalStateException}, and so does a callback that invokes. On that thread {@link Connection#send} throws,
     * for it would wait for itself; {@link #drain} drives while it waits. An interrupt while there is nothing to do stops
     * the invoker, as Agrona has it, until {@link #close()}. Closing the invoker ends what lives with
     * {@link CloseReason#THREAD_LOST}. Any thread; wait-free.
     *
     * @return the invoker, which is started.
     * @throws IllegalStateException if something else drives this transport.
     */
    public AgentInvoker invoker() {
        if (launcher.driver() instanceof InvokerDriver driver) {
            return driver.invoker();
        }
        throw new IllegalStateException("there is no invoker: driving=" + context.driving());
    }

    /**
     * What happened on this transport so far, also after it is closed. Wait-free.
     *
     * @return the counters, which go on counting.
     */
    public TransportCounters counters() {
        return counters;
    }

    /**
     * The connections that live at this moment, connecting and closing ones included. Wait-free, but for the copy: it takes
     * time in proportion to their number.
     *
     * @return an immutable list that never changes, oldest first.
     */
    public List<Connection> connections() {
        return ConnectionSet.faces(launcher.connections().all());
    }

    /**
     * The listeners that accept at this moment. Wait-free, but for the copy.
     *
     * @return an immutable list that never changes, oldest first.
     */
    public List<Listener> listeners() {
        return List.copyOf(listeners.snapshot());
    }

    /** Drains within {@link TransportContext#closeTimeoutNs()}. Idempotent; blocking as {@link #drain}. */
    @Override
    public void close() {
        drain(context.closeTimeoutNs());
    }

    /**
     * Closes for good: first the listeners, then all connections as {@link Connection#close()} does, and waits for their
     * ends. What has not ended when seven eighths of the time are over ends unflushed. Any thread; idempotent. Blocking, but
     * from a callback it waits for nothing, and each connection ends by its own
     * {@link ConnectionContext#closeTimeoutNs()}.
     *
     * @param timeoutNs longest time in all, in nanoseconds: positive.
     * @return whether everything ended without being cut off, by this bound or by a close timeout, as far as was waited for.
     * @throws IllegalArgumentException if the time is not positive.
     */
    public boolean drain(final long timeoutNs) {
        Ranges.positive("timeoutNs", timeoutNs);
        launcher.close();
        final List<AcceptorAgent<?>> accepting = listeners.snapshot();
        CloseHelper.closeAll(accepting);
        final List<CompletionStage<Void>> ends = new ArrayList<>();
        accepting.forEach(listener -> ends.add(listener.closed()));
        reconnects.running().ifPresent(reconnecting -> {
            reconnecting.close();
            ends.add(reconnecting.closed());
        });
        final boolean onOurThread = accepting.stream().anyMatch(AcceptorAgent::isDriver)
                || reconnects.running().filter(ReconnectAgent::isDriver).isPresent()
                || launcher.connections().isEnding();
        final boolean ended = new Drain(
                        launcher.connections()::all, launcher.driver(), CloseReason.TRANSPORT_CLOSE, timeoutNs)
                .run(onOurThread, ends);
        dialing.close();
        assert launcher.leaksNothing() : "buffers are kept of connections that have ended";
        return ended;
    }

    private void checkOpen() {
        if (launcher.isClosed()) {
            throw new IllegalStateException("the transport is closed");
        }
    }

    @Override
    public String toString() {
        return "transport listeners=" + listeners.snapshot() + " connections="
                + connections().size() + (launcher.isClosed() ? " closed" : "");
    }
}
