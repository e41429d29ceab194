package io.millrace.transport.websocket;

import io.millrace.transport.ConnectionContext;
import io.millrace.transport.ConnectionHandler;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What all WebSockets of one listener, or of one client, have in common. Made by the transport for a URI of the schemes
 * {@code ws} and {@code wss}. Immutable; any thread.
 */
public final class WebSocketSide {
    private static final Set<String> SCHEMES = Set.of("ws", "wss");

    /** One source and one stock of keys for all clients of the process: seeding is slow. */
    private static final class Randomness {
        static final SecureRandom SOURCE = new SecureRandom();
        static final MaskingKeys KEYS = new MaskingKeys(SOURCE);

        private Randomness() {}
    }

    private final WebSocketContext context;
    private final boolean isServer;
    private final int maxMessageLength;
    private final FrameForms forms;
    private final Supplier<Opening> openings;

    private WebSocketSide(
            final WebSocketContext context,
            final boolean isServer,
            final int maxMessageLength,
            final MaskingKeys keys,
            final Supplier<Opening> openings) {
        this.context = Objects.requireNonNull(context, "context").conclude();
        this.isServer = isServer;
        this.maxMessageLength = maxMessageLength;
        this.openings = openings;
        forms = new FrameForms(maxMessageLength, keys, context.checksSentText());
    }

    /**
     * Whether a URI is of a WebSocket.
     *
     * @param scheme of the URI, in lower case.
     * @return true for {@code ws} and {@code wss}.
     */
    public static boolean isWebSocket(final String scheme) {
        return SCHEMES.contains(scheme);
    }

    /**
     * A listener's side.
     *
     * @param uri              whose path, unless it is empty or a slash, is the only one that leads to a WebSocket.
     * @param context          of its WebSockets.
     * @param settings         of its connections, concluded.
     * @return the side.
     * @throws IllegalArgumentException if the URI has a query or a fragment, or the settings don't suit a WebSocket.
     */
    public static WebSocketSide server(
            final URI uri, final WebSocketContext context, final ConnectionContext settings) {
        requireFitting(uri, settings);
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("a listener's URI has neither query nor fragment: uri=" + uri);
        }
        final String path = uri.getRawPath() == null || uri.getRawPath().equals("/") ? "" : uri.getRawPath();
        return new WebSocketSide(
                context,
                true,
                settings.maxMessageLength(),
                null,
                () -> new ServerOpening(context, path, InstantSource.system()));
    }

    /**
     * A client's side.
     *
     * @param uri              whose path and query are asked for.
     * @param context          of its WebSockets.
     * @param settings         of the connection, concluded.
     * @return the side.
     * @throws IllegalArgumentException if the URI has a fragment (RFC 6455 section 3), or the settings don't suit a WebSocket.
     */
    public static WebSocketSide client(
            final URI uri, final WebSocketContext context, final ConnectionContext settings) {
        requireFitting(uri, settings);
        if (uri.getRawFragment() != null) {
            throw new IllegalArgumentException("a WebSocket's URI has no fragment: uri=" + uri);
        }
        return new WebSocketSide(
                context,
                false,
                settings.maxMessageLength(),
                Randomness.KEYS,
                () -> new ClientOpening(context, uri, Randomness.SOURCE));
    }

    private static void requireFitting(final URI uri, final ConnectionContext settings) {
        if (settings.protocol().isPresent() || settings.pullCapacity() > 0) {
            throw new IllegalArgumentException(
                    "a WebSocket has a protocol of its own, and pushes its messages: protocol=" + settings.protocol()
                            + " pullCapacity=" + settings.pullCapacity() + " uri=" + uri);
        }
    }

    /**
     * Makes one end of a WebSocket.
     *
     * @param handler of what happens on it.
     * @return the end, for one connection.
     */
    public WebSocketEnd end(final WebSocketHandler handler) {
        return new WebSocketEnd(this, handler);
    }

    /**
     * Makes one end of a WebSocket for a handler that knows of none: text and binary are messages alike, and what it
     * offers are binary ones.
     *
     * @param handler of the messages.
     * @return the end, for one connection.
     */
    public WebSocketEnd end(final ConnectionHandler handler) {
        return new WebSocketEnd(this, new MessagesOnly(handler));
    }

    /**
     * Makes the ends of a WebSocket that is made again and again.
     *
     * @param handler of what happens on all of them.
     * @return the attempts, of which none has begun.
     * @throws IllegalArgumentException if no attempt could be made: the request can't be.
     */
    public WebSocketAttempts attempts(final WebSocketHandler handler) {
        return new WebSocketAttempts(this, handler);
    }

    WebSocketContext context() {
        return context;
    }

    boolean isServer() {
        return isServer;
    }

    int maxMessageLength() {
        return maxMessageLength;
    }

    FrameForms forms() {
        return forms;
    }

    Opening newOpening() {
        return openings.get();
    }
}
