package io.millrace.jmh.connection;

import io.millrace.jmh.SelfSignedCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** {@code SSLSocket}, a pooled thread for each connection at the server. */
final class SocketDialer implements Dialer {
    private static final String[] PROTOCOLS = {"TLSv1.3"};

    private final SSLContext context = SelfSignedCertificate.sslContext();
    private final SSLServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        final Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    });
    private final boolean resumes;

    /** JSSE has a session for each port that it is told: one of their own lets all threads resume, a new one nobody. */
    private final AtomicInteger port = new AtomicInteger(1_000);

    SocketDialer(final boolean resumes) throws Exception {
        this.resumes = resumes;
        listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 200, InetAddress.getByName("localhost"));
        context.getClientSessionContext().setSessionCacheSize(resumes ? 100 : 1);
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
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(plain, "localhost", resumes ? thread + 1 : port.incrementAndGet(), true)) {
            socket.setEnabledProtocols(PROTOCOLS);
            socket.getOutputStream().write(1);
            if (socket.getInputStream().read() < 0) {
                throw new IOException("no echo");
            }
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
    }
}
