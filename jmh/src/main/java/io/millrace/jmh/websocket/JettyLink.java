package io.millrace.jmh.websocket;

import io.millrace.jmh.connection.Link;
import io.millrace.jmh.connection.Security;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** Jetty as its examples use it: strings, a callback for each. Its queue has no bound, so that a {@link Window} is put round it. */
final class JettyLink implements Link {
    private static final long DEADLINE_S = 20;

    private final JettyEnds ends;
    private final WebSocketClient client;
    private final Session session;
    private final Window window = new Window();

    JettyLink(final Security security, final Receiver atServer, final Receiver atClient) throws Exception {
        ends = new JettyEnds(security);
        final Receiver counting = window.counting(atServer);
        ends.serve(WebSocketUpgradeHandler.from(
                ends.server(),
                container -> container.addMapping("/", (request, response, callback) -> new Endpoint(counting))));
        client = new WebSocketClient(ends.httpClient());
        client.start();
        final Endpoint endpoint = new Endpoint(atClient);
        session = client.connect(endpoint, URI.create(ends.uri())).get(DEADLINE_S, TimeUnit.SECONDS);
        if (!endpoint.opened.await(DEADLINE_S, TimeUnit.SECONDS)) {
            throw new IOException("not open: " + session);
        }
    }

    private static Sender sender(final Session session) {
        return (source, offset, length) -> {
            session.sendText(Texts.of(source, offset, length), Callback.NOOP);
            return true;
        };
    }

    @Override
    public Sender sender() {
        return window.sending(sender(session));
    }

    @Override
    public void close() throws IOException {
        session.disconnect();
        ends.close(client);
    }

    /** Jetty finds the class by reflection, and its methods: both are public. */
    public static final class Endpoint implements Session.Listener.AutoDemanding {
        private final Receiver receiver;
        private final CountDownLatch opened = new CountDownLatch(1);
        private Sender reply;

        Endpoint(final Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void onWebSocketOpen(final Session session) {
            reply = sender(session);
            opened.countDown();
        }

        @Override
        public void onWebSocketText(final String message) {
            Texts.receive(receiver, message, reply);
        }
    }
}
