package io.millrace.jmh.websocket;

import io.millrace.jmh.SelfSignedCertificate;
import io.millrace.jmh.connection.Security;
import java.io.IOException;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** A server and an HTTP client of Jetty's, with its defaults, before a WebSocket is put on them. */
final class JettyEnds implements AutoCloseable {
    private final Security security;
    private final Server server = new Server();
    private final ServerConnector connector;
    private final HttpClient httpClient;

    JettyEnds(final Security security) throws Exception {
        this.security = security;
        final ClientConnector client = new ClientConnector();
        if (security == Security.PLAIN) {
            connector = new ServerConnector(server, new HttpConnectionFactory());
        } else {
            final SSLContext context = SelfSignedCertificate.sslContext();
            final SslContextFactory.Server atServer = new SslContextFactory.Server();
            atServer.setSslContext(context);
            connector = new ServerConnector(
                    server, new SslConnectionFactory(atServer, "http/1.1"), new HttpConnectionFactory());
            final SslContextFactory.Client atClient = new SslContextFactory.Client();
            atClient.setSslContext(context);
            client.setSslContextFactory(atClient);
        }
        connector.setHost("localhost");
        server.addConnector(connector);
        httpClient = new HttpClient(new HttpClientTransportOverHTTP(client));
    }

    Server server() {
        return server;
    }

    /** Starts the server with that. */
    void serve(final Handler handler) throws Exception {
        server.setHandler(handler);
        server.start();
    }

    HttpClient httpClient() {
        return httpClient;
    }

    /** Where the server listens, once it is started. */
    String uri() {
        return WebSocketLinks.scheme(security) + "://localhost:" + connector.getLocalPort() + "/";
    }

    /** Stops a client that was made of ours, then the server. */
    void close(final LifeCycle client) throws IOException {
        LifeCycle.stop(client);
        close();
    }

    /** Stops the server, once the client is. */
    @Override
    public void close() throws IOException {
        LifeCycle.stop(server);
    }
}
