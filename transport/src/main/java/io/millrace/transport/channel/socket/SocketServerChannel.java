package io.millrace.transport.channel.socket;

import io.millrace.transport.channel.ChannelOptions;
import io.millrace.transport.channel.IncomingChannel;
import io.millrace.transport.channel.OutOfDescriptorsException;
import io.millrace.transport.channel.ServerChannel;
import io.millrace.transport.channel.SocketParker;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.agrona.CloseHelper;

/**
 * A listening socket. It keeps one descriptor in reserve: when there is none to accept with, it
 * gives that up, accepts and closes at once, so that the peer is refused instead of left waiting.
 */
final class SocketServerChannel implements ServerChannel {
    /** What goes with an address that was bound. */
    @FunctionalInterface
    interface Naming {
        /** Called once it is bound: the URI of it. */
        URI uriOf(SocketAddress bound) throws IOException;

        /** Called if there is no listening all the same, before the socket is closed. */
        default void undo() {}
    }

    private final ServerSocketChannel server;
    private final ChannelOptions options;
    private final SocketAddress address;
    private final URI uri;
    private final SocketParker parker;
    private SocketChannel reserve;
    private boolean accepting = true;

    private SocketServerChannel(
            final ServerSocketChannel server,
            final SocketAddress wanted,
            final Naming naming,
            final ChannelOptions options)
            throws IOException {
        this.server = server;
        this.options = options;
        SocketParker opened = null;
        SocketChannel spare = null;
        try {
            // All that takes a descriptor before it binds, which can leave a file behind.
            opened = options.parkers().open();
            spare = SocketChannel.open();
            server.configureBlocking(false);
            SocketOptions.set(server, options);
            server.bind(wanted, options.backlog());
            address = server.getLocalAddress();
            this.uri = naming.uriOf(address);
            opened.watch(server);
            parker = opened;
            reserve = spare;
        } catch (final IOException | RuntimeException | Error ex) {
            naming.undo();
            CloseHelper.quietCloseAll(server, opened, spare);
            throw ex;
        }
    }

    /** Binds, or closes the server. */
    static SocketServerChannel bind(
            final ServerSocketChannel server,
            final SocketAddress wanted,
            final Naming naming,
            final ChannelOptions options)
            throws IOException {
        return new SocketServerChannel(server, wanted, naming, options);
    }

    @Override
    public SocketAddress localAddress() {
        return address;
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public IncomingChannel accept() throws IOException {
        final SocketChannel socket;
        try {
            socket = server.accept();
        } catch (final IOException ex) {
            if (refuseWithReserve()) {
                throw new OutOfDescriptorsException(ex);
            }
            // Nobody waits: the system wants a descriptor before it looks.
            return null;
        }
        if (socket == null) {
            return null;
        }
        try {
            return new Incoming(socket, socket.getRemoteAddress(), options);
        } catch (final IOException ex) {
            CloseHelper.quietClose(socket);
            throw ex;
        }
    }

    private boolean refuseWithReserve() throws IOException {
        CloseHelper.quietClose(reserve);
        SocketChannel refused = null;
        try {
            refused = server.accept();
        } finally {
            CloseHelper.quietClose(refused);
            reopenReserve();
        }
        return refused != null;
    }

    private void reopenReserve() {
        try {
            reserve = SocketChannel.open();
        } catch (final IOException ignored) {
            // Somebody else was faster: until the next time there is none.
        }
    }

    @Override
    public void accepting(final boolean accepts) {
        accepting = accepts;
    }

    @Override
    public void park(final long maxNs) {
        parker.park(accepting ? SelectionKey.OP_ACCEPT : 0, maxNs);
    }

    @Override
    public void unpark() {
        parker.unpark();
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(server, parker, reserve);
    }

    private record Incoming(SocketChannel socket, SocketAddress remoteAddress, ChannelOptions options)
            implements IncomingChannel {
        @Override
        public SocketConnectionChannel open() throws IOException {
            return SocketConnectionChannel.accepted(socket, options);
        }

        @Override
        public void close() {
            CloseHelper.quietClose(socket);
        }
    }
}
