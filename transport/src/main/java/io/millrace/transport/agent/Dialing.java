package io.millrace.transport.agent;

import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import io.millrace.transport.SocketContext;
import io.millrace.transport.TransportContext;
import io.millrace.transport.channel.ChannelOptions;
import io.millrace.transport.channel.ChannelScheme;
import io.millrace.transport.channel.ChannelSchemes;
import io.millrace.transport.channel.ConnectionChannel;
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

    /**
     * The scheme of a URI to connect to.
     *
     * @param uri to connect to.
     * @return its scheme.
     * @throws IllegalArgumentException if the scheme is unknown, or it wants a host and there is none.
     */
    public ChannelScheme scheme(final URI uri) {
        final ChannelScheme scheme = schemes.of(uri);
        if (scheme.isTls() && uri.getHost() == null) {
            throw new IllegalArgumentException("no host, want " + scheme.name() + "://host:port: uri=" + uri);
        }
        return scheme;
    }

    /**
     * Dials once, and once more where TLS has to do without a ticket.
     *
     * @param uri      to connect to.
     * @param scheme   of the URI.
     * @param settings of the connection, concluded.
     * @param wanted   is told what happens on it.
     * @param owner    of the connection.
     * @return the agent of the first attempt, launched.
     * @throws UncheckedIOException if there is no socket to be had.
     */
    public ConnectionAgent dial(
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
                again -> dial(
                        uri, scheme, settings, Optional.of(again), conversing(uri, scheme, settings, wanted), owner));
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
        return settings.tlsContext()
                .or(context::tlsContext)
                .map(TlsContextReference::get)
                .orElseGet(TlsContext::withoutSettings);
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
