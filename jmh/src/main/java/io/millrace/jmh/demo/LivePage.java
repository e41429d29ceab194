package io.millrace.jmh.demo;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.transport.Connection;
import io.millrace.transport.ConnectionContext;
import io.millrace.transport.IdleContext;
import io.millrace.transport.Listener;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import io.millrace.transport.websocket.HttpAnswer;
import io.millrace.transport.websocket.HttpHook;
import io.millrace.transport.websocket.HttpRequest;
import io.millrace.transport.websocket.HttpRoutes;
import io.millrace.transport.websocket.WebSocket;
import io.millrace.transport.websocket.WebSocketBroadcast;
import io.millrace.transport.websocket.WebSocketContext;
import io.millrace.transport.websocket.WebSocketHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Serves the page, its parts, a health check and the feed of samples, all on one port of a transport of its own. A viewer is
 * told of the last minute when it comes, and from then on by a broadcast.
 */
final class LivePage implements AutoCloseable {
    private static final int MAX_MESSAGE_LENGTH = 256 * 1024;
    private static final int BROADCAST_CAPACITY = 1024 * 1024;
    static final int MAX_SAMPLE_LENGTH = 4096;
    private static final int TRY_AGAIN_LATER = 1013;
    private static final String FEED = "/feed";

    /** Nothing from elsewhere, nothing in line, in nobody's frame. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Transport transport;
    private final WebSocketBroadcast broadcast = new WebSocketBroadcast(BROADCAST_CAPACITY, MAX_SAMPLE_LENGTH);
    private final Supplier<String> hello;
    private final boolean secure;
    private final Listener listener;

    /**
     * Serves.
     *
     * @param secure by {@code https} and {@code wss}, with a certificate made for it.
     * @param port   on loopback; 0 for any that is free.
     * @param hello  what a viewer is told first: any thread.
     * @param health what is answered to who asks whether all is well, as JSON: any thread.
     */
    LivePage(final boolean secure, final int port, final Supplier<String> hello, final Supplier<String> health)
            throws GeneralSecurityException {
        this.hello = hello;
        this.secure = secure;
        final ConnectionContext settings = new ConnectionContext()
                .maxMessageLength(MAX_MESSAGE_LENGTH)
                .idleContext(new IdleContext().heartbeatIntervalNs(TimeUnit.SECONDS.toNanos(5)));
        final TransportContext context = new TransportContext().connectionContext(settings);
        transport = new Transport(
                secure ? context.tlsContext(new TlsContext().sslContext(SelfSignedCertificate.sslContext())) : context);
        try {
            listener = transport.listen(
                    URI.create((secure ? "wss" : "ws") + "://127.0.0.1:" + port + FEED),
                    new WebSocketContext().upgradeHook(this::admit).requestHook(site(health)),
                    Viewer::new);
        } catch (final UncheckedIOException ex) {
            transport.close();
            throw ex;
        }
    }

    private static HttpHook site(final Supplier<String> health) {
        return new HttpRoutes()
                .header("Content-Security-Policy", POLICY)
                .header("Referrer-Policy", "no-referrer")
                .file("/", "text/html; charset=utf-8", resource("live.html"))
                .file("/live.css", "text/css; charset=utf-8", resource("live.css"))
                .file("/live.js", "text/javascript; charset=utf-8", resource("live.js"))
                .file("/icon.svg", "image/svg+xml", resource("icon.svg"))
                .route(FEED, (connection, request) -> HttpAnswer.upgradeRequired())
                .route(
                        "/health",
                        (connection, request) -> HttpAnswer.status(200)
                                .body("application/json", health.get().getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] resource(final String name) {
        try (InputStream in = LivePage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("not among the resources: name=" + name);
            }
            return in.readAllBytes();
        } catch (final IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** Another site's page may not look on by way of its visitor's browser: RFC 6455 section 10.2. */
    private HttpAnswer admit(final HttpRequest request) {
        final Optional<String> own = request.host().map(host -> (secure ? "https://" : "http://") + host);
        return request.origin().isEmpty() || request.origin().equals(own)
                ? HttpAnswer.upgrade()
                : HttpAnswer.status(403).body("The feed is for the page of this server.\n");
    }

    private final class Viewer implements WebSocketHandler {
        @Override
        public void onOpen(final WebSocket webSocket) {
            // In this order: what is published meanwhile comes twice rather than not at all.
            broadcast.subscribe(webSocket);
            if (webSocket.offerText(hello.get()) < 0) {
                webSocket.close(TRY_AGAIN_LATER, "no room for the last minute");
            }
        }
    }

    /** Tells all viewers; one thread. */
    void publish(final LiveSample sample) {
        final ByteBuffer text = ByteBuffer.wrap(sample.toJson().getBytes(StandardCharsets.UTF_8));
        final long position = broadcast.offerText(text, 0, text.remaining());
        if (position == Connection.MESSAGE_TOO_LONG) {
            throw new IllegalStateException("a sample is longer than the broadcast takes: length=" + text.remaining());
        }
    }

    int viewers() {
        return broadcast.subscribers();
    }

    /** Messages that viewers did not get because they were too slow. */
    long missed() {
        return broadcast.missed();
    }

    URI uri() {
        return URI.create((secure ? "https" : "http") + "://127.0.0.1:"
                + listener.address().getPort() + "/");
    }

    @Override
    public void close() {
        broadcast.close();
        transport.close();
    }
}
