package io.millrace.transport.agent;

import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.SocketContext;
import io.millrace.transport.TransportContext;
import io.millrace.transport.channel.ChannelOptions;
import io.millrace.transport.channel.ChannelScheme;
import io.millrace.transport.channel.ChannelSchemes;
import io.millrace.transport.channel.ConnectionChannel;
import io.millrace.transport.channel.MessageChannel;
import io.millrace.transport.channel.MessageOptions;
import io.millrace.transport.channel.MessageScheme;
import io.millrace.transport.channel.MessageServer;
import io.millrace.transport.tls.TlsContext;
import io.millrace.transport.tls.TlsContextReference;
import io.millrace.transport.tls.TlsSide;
import io.millrace.transport.websocket.WebSocketContext;
import io.millrace.transport.websocket.WebSocketEnd;
import io.millrace.transport.websocket.WebSocketSide;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Optional;

/** Makes the connections that a transport is asked for, each with its channel, its TLS side and its conversation. Any thread. */
public final class Dialing {
    private static final String CONNECTED = "connected";
    private static final int USUAL_TLS_PORT = 443;

    private final TransportContext context;
    private final ChannelSchemes schemes;
    private final Launcher launcher;
    private final MessageEngines engines = new MessageEngines();

    /**
     * Makes it.
     *
     * @param context  of the transport, concluded.
     * @param schemes  that are known.
     * @param launcher of what is dialled.
     */
    public Dialing(final TransportContext context, final ChannelSchemes schemes, final Launcher launcher) {
        this.context = context;
        this.schemes = schemes;
        this.launcher = launcher;
    }

    /** A way to connect to one URI, again and again. */
    @FunctionalInterface
    public interface Way {
        /**
         * Dials once, and once more where TLS has to do without a ticket.
         *
         * @param settings of the connection, concluded.
         * @param wanted   is told what happens on it.
         * @param owner    of the connection.
         * @return the agent of the first attempt, launched.
         * @throws IllegalArgumentException if the settings are not for such a connection: names it.
         * @throws UncheckedIOException     if there is no socket to be had.
         */
        DrivenConnection dial(ConnectionContext settings, ConnectionHandler wanted, ConnectionOwner owner);
    }

    /**
     * The way to connect to a URI.
     *
     * @param uri to connect to.
     * @return the way.
     * @throws IllegalArgumentException if the scheme is unknown, or it wants a host and there is none.
     */
    public Way way(final URI uri) {
        final Optional<MessageScheme> messages = schemes.ofMessages(uri);
        if (messages.isPresent()) {
            return (settings, wanted, owner) -> dial(uri, messages.get(), settings, wanted, owner);
        }
        final ChannelScheme scheme = schemes.of(uri);
        if (scheme.isTls() && uri.getHost() == null) {
            throw new IllegalArgumentException("no host, or not the name of one (letters, digits, hyphens, dots), want "
                    + scheme.name() + "://host:port: uri=" + uri);
        }
        return (settings, wanted, owner) -> dial(uri, scheme, settings, wanted, owner);
    }

    private DrivenConnection dial(
            final URI uri,
            final MessageScheme scheme,
            final ConnectionContext settings,
            final ConnectionHandler handler,
            final ConnectionOwner owner) {
        checkMessages(uri, settings);
        if (handler.conversation().isPresent()) {
            throw new IllegalArgumentException("a handler with a conversation takes a stream of bytes: uri=" + uri);
        }
        final MessageChannel channel;
        try {
            channel = engines.of(scheme).connect(uri, messageOptions(settings));
        } catch (final IOException ex) {
            throw new UncheckedIOException("cannot connect: uri=" + uri + ": " + ex.getMessage(), ex);
        }
        return launcher.launch(CONNECTED, settings, channel, handler, owner);
    }

    /**
     * Binds what messages are accepted from.
     *
     * @param uri      to listen on.
     * @param scheme   of the URI.
     * @param settings of each connection, concluded.
     * @return what to accept from.
     * @throws IllegalArgumentException if the settings are not for such a connection: names it.
     * @throws IOException              if it can't be bound.
     */
    public MessageServer bind(final URI uri, final MessageScheme scheme, final ConnectionContext settings)
            throws IOException {
        checkMessages(uri, settings);
        return engines.of(scheme).bind(uri, messageOptions(settings));
    }

    private static void checkMessages(final URI uri, final ConnectionContext settings) {
        if (settings.protocol().isPresent()) {
            throw new IllegalArgumentException("the scheme keeps messages apart by itself and takes no protocol: uri="
                    + uri + " protocol=" + settings.protocol().get());
        }
    }

    private MessageOptions messageOptions(final ConnectionContext settings) {
        return new MessageOptions(
                settings.maxMessageLength(),
                settings.outboundCapacity(),
                settings.connectTimeoutNs(),
                context.nanoClock());
    }

    /** Lets go of the engines that were opened. Idempotent. */
    public void close() {
        engines.close();
    }

    private ConnectionAgent dial(
            final URI uri,
            final ChannelScheme scheme,
            final ConnectionContext settings,
            final ConnectionHandler wanted,
            final ConnectionOwner owner) {
        final ConnectionHandler handler = conversing(uri, scheme, settings, wanted);
        if (!scheme.isTls()) {
            return dial(uri, scheme, settings, Optional.empty(), handler, owner);
        }
        final int port = uri.getPort() < 0 ? USUAL_TLS_PORT : uri.getPort();
        final TlsSide side = tls(settings).client(uri.getHost().replaceAll("[\\[\\]]", ""), port);
        final OfferRetry retrying = new OfferRetry(
                side,
                owner,
                (again, second) -> dial(
                        uri, scheme, settings, Optional.of(again), conversing(uri, scheme, settings, wanted), second));
        return dial(uri, scheme, settings, Optional.of(side), handler, retrying);
    }

    /** A conversation is for one attempt: a handler that has none gets one for each. */
    private static ConnectionHandler conversing(
            final URI uri,
            final ChannelScheme scheme,
            final ConnectionContext settings,
            final ConnectionHandler handler) {
        return WebSocketSide.isWebSocket(scheme.name()) && !(handler instanceof WebSocketEnd)
                ? WebSocketSide.client(uri, new WebSocketContext(), settings).end(handler)
                : handler;
    }

    private ConnectionAgent dial(
            final URI uri,
            final ChannelScheme scheme,
            final ConnectionContext settings,
            final Optional<TlsSide> side,
            final ConnectionHandler handler,
            final ConnectionOwner owner) {
        final ConnectionChannel channel;
        try {
            channel = scheme.connect(uri, options(settings, 0));
        } catch (final IOException ex) {
            throw new UncheckedIOException("cannot connect: uri=" + uri + ": " + ex.getMessage(), ex);
        }
        return launcher.launch(CONNECTED, settings, channel, side, handler, owner);
    }

    /**
     * The TLS context of a connection.
     *
     * @param settings of it.
     * @return its own, or the transport's, or one without settings.
     */
    public TlsContext tls(final ConnectionContext settings) {
        return reference(settings).map(TlsContextReference::get).orElseGet(TlsContext::withoutSettings);
    }

    /**
     * Has the TLS context of a listener's connections stay one that can serve.
     *
     * @param settings of them.
     * @return false if there is none with an identity.
     */
    public boolean serves(final ConnectionContext settings) {
        return reference(settings).map(TlsContextReference::serve).orElse(false);
    }

    private Optional<TlsContextReference> reference(final ConnectionContext settings) {
        return settings.tlsContext().or(context::tlsContext);
    }

    /**
     * Options of a channel.
     *
     * @param settings of its connection.
     * @param backlog  of a listener; 0 for a connection.
     * @return the options.
     */
    public ChannelOptions options(final ConnectionContext settings, final int backlog) {
        final SocketContext socket = settings.socketContext();
        return new ChannelOptions(
                backlog,
                socket.receiveBufferLength(),
                socket.sendBufferLength(),
                socket.noDelay(),
                socket.keepAlive(),
                settings.connectTimeoutNs(),
                context.nanoClock(),
                launcher.driver().parkers());
    }
}
