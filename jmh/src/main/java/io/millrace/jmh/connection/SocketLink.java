package io.millrace.jmh.connection;

import io.millrace.jmh.SelfSignedCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.agrona.CloseHelper;

/** The JDK's sockets, one thread at either end that reads, and a lock around writing. */
final class SocketLink implements Link {
    /** How messages are written, and how a reader waits. */
    enum Mode {
        /** One write a message. */
        WRITE_EACH,
        /** One write whenever 16 KiB are full: a message may wait for ever. */
        BUFFERED,
        /** As the first, with a {@code Socket}'s streams. */
        STREAMS,
        /** As the second, with a {@code Socket}'s streams. */
        BUFFERED_STREAMS,
        /** One write a message; the socket does not block and its reader does not sleep. Over TLS with a bare engine. */
        SPINNING,
        /** One write a message, and with TLS a bare engine instead of an {@code SSLSocket}. */
        ENGINE
    }

    private static final int READ_LENGTH = 64 * 1024;
    private static final long JOIN_MS = TimeUnit.SECONDS.toMillis(10);

    private final SocketStream client;
    private final SocketStream server;
    private final Thread clientReader;
    private final Thread serverReader;
    private final LockedWriter writer;

    private SocketLink(
            final SocketStream client,
            final SocketStream server,
            final boolean buffered,
            final Receiver atServer,
            final Receiver atClient)
            throws IOException {
        this.client = client;
        this.server = server;
        writer = new LockedWriter(client, buffered);
        serverReader = read(server, atServer, new LockedWriter(server, false), "socket-server");
        clientReader = read(client, atClient, writer, "socket-client");
    }

    static Factory factory(final Security security, final Mode mode) {
        return (server, client) -> security == Security.PLAIN ? plain(mode, server, client) : tls(mode, server, client);
    }

    private static Link plain(final Mode mode, final Receiver atServer, final Receiver atClient) throws IOException {
        if (mode == Mode.STREAMS || mode == Mode.BUFFERED_STREAMS) {
            return streams(mode, atServer, atClient);
        }
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            final SocketChannel client = SocketChannel.open(listener.getLocalAddress());
            final SocketChannel server = listener.accept();
            final boolean blocking = mode != Mode.SPINNING;
            return new SocketLink(
                    SocketStream.of(client, blocking),
                    SocketStream.of(server, blocking),
                    mode == Mode.BUFFERED,
                    atServer,
                    atClient);
        }
    }

    private static Link streams(final Mode mode, final Receiver atServer, final Receiver atClient) throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            final Socket client = new Socket(listener.getInetAddress(), listener.getLocalPort());
            return new SocketLink(
                    SocketStream.of(client),
                    SocketStream.of(listener.accept()),
                    mode == Mode.BUFFERED_STREAMS,
                    atServer,
                    atClient);
        }
    }

    private static Link tls(final Mode mode, final Receiver atServer, final Receiver atClient) throws Exception {
        if (mode == Mode.SPINNING || mode == Mode.ENGINE) {
            return engines(mode, atServer, atClient);
        }
        final SSLContext context = SelfSignedCertificate.sslContext();
        try (SSLServerSocket listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            final SSLSocket client =
                    (SSLSocket) context.getSocketFactory().createSocket("localhost", listener.getLocalPort());
            final SSLSocket server = (SSLSocket) listener.accept();
            final SocketLink link = new SocketLink(
                    SocketStream.of(client), SocketStream.of(server), mode == Mode.BUFFERED, atServer, atClient);
            client.startHandshake();
            return link;
        }
    }

    private static Link engines(final Mode mode, final Receiver atServer, final Receiver atClient) throws Exception {
        final SSLContext context = SelfSignedCertificate.sslContext();
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            final EngineStream client = engine(SocketChannel.open(listener.getLocalAddress()), context, true, mode);
            final EngineStream server = engine(listener.accept(), context, false, mode);
            EngineStream.join(client, server);
            return new SocketLink(client, server, false, atServer, atClient);
        }
    }

    private static EngineStream engine(
            final SocketChannel channel, final SSLContext context, final boolean isClient, final Mode mode)
            throws IOException {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(mode != Mode.SPINNING);
        final SSLEngine engine = context.createSSLEngine("localhost", 1);
        engine.setUseClientMode(isClient);
        engine.setEnabledProtocols(new String[] {"TLSv1.3"});
        return EngineStream.of(channel, engine);
    }

    private static Thread read(
            final SocketStream stream, final Receiver receiver, final Sender reply, final String name) {
        final Thread thread = new Thread(() -> readAll(stream, new Frames(receiver, reply)), name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void readAll(final SocketStream stream, final Frames frames) {
        final ByteBuffer buffer = stream.allocate(READ_LENGTH);
        try {
            int bytes = 0;
            while (bytes >= 0) {
                bytes = stream.read(buffer);
                if (bytes > 0) {
                    final int limit = buffer.position();
                    final int parsed = frames.parse(buffer, 0, limit);
                    buffer.limit(limit).position(parsed);
                    buffer.compact();
                } else {
                    Thread.onSpinWait();
                }
            }
        } catch (final IOException ex) {
            // The other end, or ours, was closed; a receiver that failed has said so itself.
            CloseHelper.quietClose(stream);
        }
    }

    @Override
    public Sender sender() {
        return writer;
    }

    @Override
    public void flush() throws IOException {
        writer.flush();
    }

    @Override
    public void close() {
        CloseHelper.closeAll(client, server);
        try {
            clientReader.join(JOIN_MS);
            serverReader.join(JOIN_MS);
        } catch (final InterruptedException ex) {
            Thread.currentThread().interrupt();
        }
    }
}
