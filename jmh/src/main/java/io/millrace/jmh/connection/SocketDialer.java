package io.millrace.jmh.connection;

import io.millrace.jmh.SelfSignedCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** {@code SSLSocket}, a pooled thread for each connection at the server. */
final class SocketDialer implements Dialer {
    private static final String[] PROTOCOLS = {HandshakeCount.PROTOCOL};
    private static final String[] SUITES = {HandshakeCount.SUITE};

    /** One for each thread: an SSLSocket files its session under the port that it is really connected to, one for all. */
    private static final int CONTEXTS = 16;

    private final SelfSignedCertificate identity = SelfSignedCertificate.make();
    private final HandshakeCount count = new HandshakeCount(identity.certificate(), HandshakeCount.SUITE);
    private final SSLContext[] contexts = new SSLContext[CONTEXTS];
    private final SSLServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        final Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    });
    private final boolean resumes;

    SocketDialer(final boolean resumes) throws Exception {
        this.resumes = resumes;
        listener = (SSLServerSocket) identity.context()
                .getServerSocketFactory()
                .createServerSocket(0, 200, InetAddress.getByName("localhost"));
        for (int i = 0; i < contexts.length; i++) {
            contexts[i] = SSLContext.getInstance("TLS");
            contexts[i].init(null, new TrustManager[] {count}, null);
        }
        threads.execute(this::accept);
    }

    private void accept() {
        try {
            while (true) {
                final SSLSocket socket = (SSLSocket) listener.accept();
                threads.execute(() -> serve(socket));
            }
        } catch (final IOException ex) {
            // It was closed.
        }
    }

    private static void serve(final SSLSocket accepted) {
        try (SSLSocket socket = accepted) {
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(socket.getInputStream().read());
            // Until the client goes.
            socket.getInputStream().read();
        } catch (final IOException ex) {
            // A client that went.
        }
    }

    @Override
    public void dial(final int thread) throws IOException {
        final Socket plain = new Socket("localhost", listener.getLocalPort());
        plain.setTcpNoDelay(true);
        try (SSLSocket socket = (SSLSocket) contexts[thread % CONTEXTS]
                .getSocketFactory()
                .createSocket(plain, "localhost", listener.getLocalPort(), true)) {
            final SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(PROTOCOLS);
            parameters.setCipherSuites(SUITES);
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.getOutputStream().write(1);
            if (socket.getInputStream().read() < 0) {
                throw new IOException("no echo");
            }
            if (!resumes) {
                socket.getSession().invalidate();
            }
            count.onDial(socket.getSession().getProtocol(), socket.getSession().getCipherSuite());
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
        count.check(resumes);
    }
}
