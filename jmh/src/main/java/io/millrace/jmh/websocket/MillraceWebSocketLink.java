package io.millrace.jmh.websocket;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.jmh.connection.Link;
import io.millrace.jmh.connection.Security;
import io.millrace.transport.Connection;
import io.millrace.transport.Transport;
import io.millrace.transport.TransportContext;
import io.millrace.transport.tls.TlsContext;
import io.millrace.transport.websocket.WebSocket;
import io.millrace.transport.websocket.WebSocketContext;
import io.millrace.transport.websocket.WebSocketHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** Millrace with its defaults: texts, which are checked at both ends, or binary messages. */
final class MillraceWebSocketLink implements Link {
    private static final long DEADLINE_S = 20;

    private final Transport transport;
    private final boolean text;
    private final WebSocket client;

    MillraceWebSocketLink(final Security security, final boolean text, final Receiver atServer, final Receiver atClient)
            throws Exception {
        this.text = text;
        final TransportContext context = new TransportContext();
        if (security == Security.TLS) {
            context.tlsContext(new TlsContext().sslContext(SelfSignedCertificate.sslContext()));
        }
        transport = new Transport(context);
        final String scheme = WebSocketLinks.scheme(security);
        try {
            final int port = transport
                    .listen(
                            URI.create(scheme + "://localhost:0"),
                            new WebSocketContext(),
                            () -> new Handler(atServer, text))
                    .address()
                    .getPort();
            client = transport
                    .connect(
                            URI.create(scheme + "://localhost:" + port),
                            new WebSocketContext(),
                            new Handler(atClient, text))
                    .get(DEADLINE_S, TimeUnit.SECONDS);
        } catch (final Exception ex) {
            transport.close();
            throw ex;
        }
    }

    @Override
    public Sender sender() {
        return sender(client, text);
    }

    private static Sender sender(final WebSocket webSocket, final boolean text) {
        return (source, offset, length) -> {
            final long position =
                    text ? webSocket.offerText(source, offset, length) : webSocket.offerBinary(source, offset, length);
            if (position < 0 && position != Connection.BACK_PRESSURED) {
                throw new IOException("the offer failed: code=" + position + " " + webSocket);
            }
            return position >= 0;
        };
    }

    @Override
    public void close() {
        transport.close();
    }

    private static final class Handler implements WebSocketHandler {
        private final Receiver receiver;
        private final boolean text;
        private Sender reply;

        Handler(final Receiver receiver, final boolean text) {
            this.receiver = receiver;
            this.text = text;
        }

        @Override
        public void onOpen(final WebSocket webSocket) {
            reply = sender(webSocket, text);
        }

        @Override
        public void onText(final WebSocket webSocket, final ByteBuffer utf8, final int offset, final int length) {
            receive(utf8, offset, length);
        }

        @Override
        public void onBinary(final WebSocket webSocket, final ByteBuffer buffer, final int offset, final int length) {
            receive(buffer, offset, length);
        }

        private void receive(final ByteBuffer buffer, final int offset, final int length) {
            try {
                receiver.onMessage(buffer, offset, length, reply);
            } catch (final IOException ex) {
                throw new UncheckedIOException(ex);
            }
        }
    }
}
