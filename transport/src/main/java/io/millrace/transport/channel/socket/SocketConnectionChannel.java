package io.millrace.transport.channel.socket;

import io.millrace.transport.channel.ChannelOptions;
import io.millrace.transport.channel.ConnectionChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.agrona.CloseHelper;

/** A stream socket, TCP or Unix, with a selector of its own, on which its thread sleeps. */
final class SocketConnectionChannel implements ConnectionChannel {
    private final Selector selector;
    private final SelectorParker parker;
    private final Dialer dialer;
    private SocketChannel socket;
    private SelectionKey key;
    private boolean connected;
    private boolean inputEnded;
    private boolean writeBlocked;
    private boolean readWanted = true;

    private SocketConnectionChannel(final Dialer dialer) throws IOException {
        this.dialer = dialer;
        selector = Selector.open();
        parker = new SelectorParker(selector);
    }

    /** Takes an accepted socket over; closes it if that fails. */
    static SocketConnectionChannel accepted(final SocketChannel socket, final ChannelOptions options)
            throws IOException {
        SocketConnectionChannel channel = null;
        try {
            socket.configureBlocking(false);
            SocketOptions.set(socket, options);
            channel = new SocketConnectionChannel(null);
            channel.connected = true;
            channel.use(socket);
            return channel;
        } catch (final IOException | RuntimeException ex) {
            CloseHelper.quietCloseAll(channel, socket);
            throw ex;
        }
    }

    static SocketConnectionChannel connecting(final Dialer dialer) throws IOException {
        return new SocketConnectionChannel(dialer);
    }

    private void use(final SocketChannel newSocket) throws IOException {
        if (socket != newSocket) {
            socket = newSocket;
            key = newSocket == null ? null : newSocket.register(selector, 0);
        }
    }

    /** The first call looks the peer up, and blocks for that. */
    @Override
    public boolean finishConnect() throws IOException {
        if (!connected) {
            try {
                connected = dialer.dial();
            } finally {
                use(dialer.socket());
            }
        }
        return connected;
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
    public void wantRead(final boolean wanted) {
        readWanted = wanted;
    }

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public SocketAddress localAddress() {
        try {
            return connected ? socket.getLocalAddress() : null;
        } catch (final IOException ex) {
            return null;
        }
    }

    @Override
    public SocketAddress remoteAddress() {
        try {
            return connected ? socket.getRemoteAddress() : null;
        } catch (final IOException ex) {
            return null;
        }
    }

    @Override
    public void park(final long maxNs) {
        if (connected) {
            interest((inputEnded || !readWanted ? 0 : SelectionKey.OP_READ)
                    | (writeBlocked ? SelectionKey.OP_WRITE : 0));
            parker.park(maxNs);
        } else {
            if (key != null) {
                interest(SelectionKey.OP_CONNECT);
            }
            parker.park(Math.min(maxNs, dialer.leftNs()));
        }
    }

    private void interest(final int wanted) {
        if (key.interestOps() != wanted) {
            key.interestOps(wanted);
        }
    }

    @Override
    public void unpark() {
        parker.unpark();
    }

    @Override
    public void close() {
        CloseHelper.quietCloseAll(socket, dialer, parker);
    }
}
