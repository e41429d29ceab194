package io.millrace.tests.websocket;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** Jetty. */
final class JettyPeer implements Peer {
    private static final int LONGEST = 4 * Steps.LONG;
    private static final long DEADLINE_S = 30;

    private static void await(final Consumer<Callback> action) throws Exception {
        Callback.Completable.with(action::accept).get(DEADLINE_S, TimeUnit.SECONDS);
    }

    /** Public, for Jetty looks for methods by reflection. */
    public static final class Echoing implements Session.Listener.AutoDemanding {
        private Session session;

        @Override
        public void onWebSocketOpen(final Session opened) {
            session = opened;
        }

        @Override
        public void onWebSocketText(final String message) {
            if (message.equals(Steps.CLOSE_PLEASE)) {
                session.close(3000, "enough", Callback.NOOP);
            } else {
                session.sendText(message, Callback.NOOP);
            }
        }

        @Override
        public void onWebSocketBinary(final ByteBuffer payload, final Callback callback) {
            session.sendBinary(Steps.copy(payload), Callback.NOOP);
            callback.succeed();
        }
    }

    private static final class Serves implements Serving {
        private final Server server = new Server();
        private final ServerConnector connector;

        Serves(final SSLContext tls) throws Exception {
            if (tls == null) {
                connector = new ServerConnector(server, 1, 1);
            } else {
                final SslContextFactory.Server secure = new SslContextFactory.Server();
                secure.setSslContext(tls);
                connector = new ServerConnector(server, 1, 1, secure);
            }
            connector.setHost("localhost");
            server.addConnector(connector);
            server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
                container.setMaxTextMessageSize(LONGEST);
                container.setMaxBinaryMessageSize(LONGEST);
                container.setMaxFrameSize(LONGEST);
                container.addMapping("/*", (request, response, callback) -> new Echoing());
            }));
            server.start();
        }

        @Override
        public int port() {
            return connector.getLocalPort();
        }

        @Override
        public void close() {
            LifeCycle.stop(server);
        }
    }

    @Override
    public Serving serve(final SSLContext tls, final boolean deflate) throws Exception {
        return new Serves(tls);
    }

    /** Public, for Jetty looks for methods by reflection. */
    public static final class Client implements Talking, Session.Listener.AutoDemanding {
        private final BlockingQueue<Object> events;
        private final WebSocketClient client;
        private final Session session;
        private boolean inMessage;

        Client(final URI uri, final SSLContext tls, final boolean deflate, final BlockingQueue<Object> events)
                throws Exception {
            this.events = events;
            final ClientConnector connector = new ClientConnector();
            if (tls != null) {
                final SslContextFactory.Client secure = new SslContextFactory.Client();
                secure.setSslContext(tls);
                connector.setSslContextFactory(secure);
            }
            client = new WebSocketClient(new HttpClient(new HttpClientTransportOverHTTP(connector)));
            client.setMaxTextMessageSize(LONGEST);
            client.setMaxBinaryMessageSize(LONGEST);
            client.setMaxFrameSize(LONGEST);
            client.start();
            final ClientUpgradeRequest request = new ClientUpgradeRequest(uri);
            if (deflate) {
                request.addExtensions("permessage-deflate");
            }
            session = client.connect(this, request).get(DEADLINE_S, TimeUnit.SECONDS);
        }

        @Override
        public void text(final String text, final boolean last) throws Exception {
            if (last && !inMessage) {
                await(callback -> session.sendText(text, callback));
                return;
            }
            await(callback -> session.sendPartialText(text, last, callback));
            inMessage = !last;
        }

        @Override
        public void binary(final ByteBuffer content) throws Exception {
            await(callback -> session.sendBinary(content, callback));
        }

        @Override
        public void ping(final ByteBuffer payload) throws Exception {
            await(callback -> session.sendPing(payload, callback));
        }

        @Override
        public void end(final int code, final String reason) {
            session.close(code, reason, Callback.NOOP);
        }

        @Override
        public void close() {
            LifeCycle.stop(client);
        }

        @Override
        public void onWebSocketText(final String message) {
            events.add(message);
        }

        @Override
        public void onWebSocketBinary(final ByteBuffer payload, final Callback callback) {
            events.add(Steps.copy(payload));
            callback.succeed();
        }

        @Override
        public void onWebSocketPong(final ByteBuffer payload) {
            events.add(new Pong(Steps.ascii(payload)));
        }

        @Override
        public void onWebSocketClose(final int code, final String reason, final Callback callback) {
            events.add(new Closed(code, reason));
            callback.succeed();
        }
    }

    @Override
    public Talking talk(final URI uri, final SSLContext tls, final boolean deflate, final BlockingQueue<Object> events)
            throws Exception {
        return new Client(uri, tls, deflate, events);
    }
}
