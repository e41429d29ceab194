package io.millrace.jmh.connection;

import io.millrace.ring.ThreadParker;
import io.millrace.transport.channel.ChannelOptions;
import io.millrace.transport.channel.ChannelScheme;
import io.millrace.transport.channel.ConnectionChannel;
import io.millrace.transport.channel.IncomingChannel;
import io.millrace.transport.channel.ServerChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ThreadFactory;
import org.agrona.CloseHelper;

/** {@code pair://localhost:port}: TCP by {@link PairChannel}s, on virtual threads. */
public final class PairScheme implements ChannelScheme {
    /** Made by the service loader. */
    public PairScheme() {}

    @Override
    public String name() {
        return "pair";
    }

    @Override
    public ServerChannel bind(final URI uri, final ChannelOptions options) throws IOException {
        final ServerSocketChannel server = ServerSocketChannel.open();
        server.bind(new InetSocketAddress(uri.getHost(), uri.getPort()), 1024);
        server.configureBlocking(false);
        return new Server(server, uri);
    }

    @Override
    public ConnectionChannel connect(final URI uri, final ChannelOptions options) throws IOException {
        final SocketChannel socket = SocketChannel.open();
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return new PairChannel(socket, new InetSocketAddress(uri.getHost(), uri.getPort()), virtualThreads());
    }

    /** Those of JDK 21 and later, which this is compiled without. */
    static ThreadFactory virtualThreads() {
        try {
            final Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            return (ThreadFactory) Class.forName("java.lang.Thread$Builder")
                    .getMethod("factory")
                    .invoke(builder);
        } catch (final ReflectiveOperationException ex) {
            throw new IllegalStateException("virtual threads take JDK 21 or later", ex);
        }
    }

    /** Looks for connections every millisecond: accepting is not what is measured. */
    private static final class Server implements ServerChannel {
        private static final long GLANCE_NS = 1_000_000;

        private final ServerSocketChannel server;
        private final URI uri;
        private final SocketAddress address;
        private final ThreadParker parker = new ThreadParker();

        Server(final ServerSocketChannel server, final URI uri) throws IOException {
            this.server = server;
            this.uri = uri;
            address = server.getLocalAddress();
        }

        @Override
        public SocketAddress localAddress() {
            return address;
        }

        @Override
        public URI uri() {
            return URI.create(uri.getScheme() + "://" + uri.getHost() + ":" + ((InetSocketAddress) address).getPort());
        }

        @Override
        public IncomingChannel accept() throws IOException {
            final SocketChannel socket = server.accept();
            return socket == null ? null : new Incoming(socket, socket.getRemoteAddress());
        }

        @Override
        public void accepting(final boolean accepting) {}

        @Override
        public void park(final long maxNs) {
            parker.park(Math.min(maxNs, GLANCE_NS));
        }

        @Override
        public void unpark() {
            parker.unpark();
        }

        @Override
        public void close() {
            CloseHelper.quietClose(server);
        }
    }

    private record Incoming(SocketChannel socket, SocketAddress remoteAddress) implements IncomingChannel {
        @Override
        public ConnectionChannel open() throws IOException {
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            return new PairChannel(socket, null, virtualThreads());
        }

        @Override
        public void close() {
            CloseHelper.quietClose(socket);
        }
    }
}
