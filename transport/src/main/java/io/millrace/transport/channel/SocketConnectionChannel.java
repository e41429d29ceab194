package io.millrace.transport.channel;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.agrona.CloseHelper;

/** A TCP socket with a selector of its own, on which its thread sleeps. */
public final class SocketConnectionChannel implements ConnectionChannel {
    private final SocketChannel socket;
    private final String host;
    private final int port;
    private final SelectorParker parker;
    private final SelectionKey key;
    private boolean connected;
    private boolean inputEnded;
    private boolean writeBlocked;

    private SocketConnectionChannel(
            final SocketChannel socket, final boolean connected, final String host, final int port) throws IOException {
        this.socket = socket;
        this.connected = connected;
        this.host = host;
        this.port = port;
        Selector opened = null;
        try {
            socket.configureBlocking(false);
            // Before a handshake: a delayed acknowledgement would cost it 40 ms a flight.
            socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            opened = Selector.open();
            key = socket.register(opened, 0);
            parker = new SelectorParker(opened);
        } catch (final IOException | RuntimeException ex) {
            CloseHelper.quietCloseAll(opened, socket);
            throw ex;
        }
    }

    /**
     * Takes an accepted socket over; closes it if that fails.
     *
     * @param socket that is connected.
     * @return the channel.
     * @throws IOException if the socket can't be set up.
     */
    public static SocketConnectionChannel accepted(final SocketChannel socket) throws IOException {
        return new SocketConnectionChannel(socket, true, null, 0);
    }

    /**
     * Makes a channel that connects by {@link #finishConnect()}, which first looks the host up, and blocks for that.
     *
     * @param host name or address.
     * @param port of the peer.
     * @return a channel that is not connected.
     * @throws IOException if there is no socket to be had.
     */
    public static SocketConnectionChannel connecting(final String host, final int port) throws IOException {
        return new SocketConnectionChannel(SocketChannel.open(), false, host, port);
    }

    @Override
    public boolean finishConnect() throws IOException {
        if (!connected) {
            connected = socket.isConnectionPending() ? socket.finishConnect() : socket.connect(resolve());
        }
        return connected;
    }

    private InetSocketAddress resolve() throws UnknownHostException {
        final InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new UnknownHostException("unknown host: host=" + host);
        }
        return address;
    }

    @Override
    public int read(final ByteBuffer target) throws IOException {
        final int bytes = inputEnded ? -1 : socket.read(target);
        inputEnded = bytes < 0;
        return bytes;
    }

    @Override
    public int write(final ByteBuffer source) throws IOException {
        final int bytes = socket.write(source);
        writeBlocked = source.hasRemaining();
        return bytes;
    }

    @Override
    public boolean isWriteBlocked() {
        return writeBlocked;
    }

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public SocketAddress localAddress() {
        return socket.socket().getLocalSocketAddress();
    }

    @Override
    public SocketAddress remoteAddress() {
        return socket.socket().getRemoteSocketAddress();
    }

    @Override
    public void park(final long maxNs) {
        final int interest = interest();
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
        parker.park(maxNs);
    }

    private int interest() {
        if (!connected) {
            return SelectionKey.OP_CONNECT;
        }
        return (inputEnded ? 0 : SelectionKey.OP_READ) | (writeBlocked ? SelectionKey.OP_WRITE : 0);
    }

    @Override
    public void unpark() {
        parker.unpark();
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(socket, parker);
    }
}
