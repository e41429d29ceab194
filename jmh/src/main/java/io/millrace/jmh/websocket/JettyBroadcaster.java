package io.millrace.jmh.websocket;

import io.millrace.jmh.connection.Security;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** A loop over Jetty's sessions, as its examples have it. */
final class JettyBroadcaster implements Broadcaster {
    private final JettyEnds ends = new JettyEnds(Security.PLAIN);
    private final List<Session> sessions = new CopyOnWriteArrayList<>();

    JettyBroadcaster() throws Exception {
        ends.serve(WebSocketUpgradeHandler.from(
                ends.server(),
                container -> container.addMapping("/", (request, response, callback) -> new Endpoint(sessions))));
    }

    @Override
    public int port() {
        return URI.create(ends.uri()).getPort();
    }

    @Override
    public int subscribers() {
        return sessions.size();
    }

    @Override
    public void publish(final ByteBuffer text) {
        final String message = Texts.of(text, 0, text.capacity());
        for (final Session session : sessions) {
            session.sendText(message, Callback.NOOP);
        }
    }

    @Override
    public void close() throws IOException {
        ends.close();
    }

    /** Jetty finds the class by reflection, and its methods: both are public. */
    public static final class Endpoint implements Session.Listener.AutoDemanding {
        private final List<Session> sessions;

        Endpoint(final List<Session> sessions) {
            this.sessions = sessions;
        }

        @Override
        public void onWebSocketOpen(final Session session) {
            sessions.add(session);
        }
    }
}
