package io.millrace.transport.channel.socket;

import io.millrace.transport.channel.ChannelOptions;
import io.millrace.transport.channel.ConnectionChannel;
import io.millrace.transport.channel.SocketParker;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.agrona.CloseHelper;

/** A stream socket, TCP or Unix. */
final class SocketConnectionChannel implements ConnectionChannel {
    /**
     * Reads left out once something else than the socket has ended a sleep: the turn that does what that was, and the one behind it, which
     * finds nothing and sleeps again. A thread that stays awake reads from then on.
     */
    private static final int VAIN_READS_AWAKE = 2;

    private final SocketParker parker;
    private final Dialer dialer;
    private SocketChannel socket;
    private boolean connected;
    private boolean inputEnded;
    private boolean writeBlocked;
    private boolean readWanted = true;

    /** Reads that would bring nothing, or what the next sleep finds. */
    private int vainReads;

    private SocketConnectionChannel(final Dialer dialer, final SocketParker parker) {
        this.dialer = dialer;
        this.parker = parker;
    }

    /** Takes an accepted socket over; closes it if that fails. */
    static SocketConnectionChannel accepted(final SocketChannel socket, final ChannelOptions options)
            throws IOException {
        SocketConnectionChannel channel = null;
        try {
            socket.configureBlocking(false);
            SocketOptions.set(socket, options);
            channel = new SocketConnectionChannel(null, options.parkers().open());
            channel.connected = true;
            channel.use(socket);
            return channel;
        } catch (final IOException | RuntimeException ex) {
            CloseHelper.quietCloseAll(channel, socket);
            throw ex;
        }
    }

    static SocketConnectionChannel connecting(final Dialer dialer, final ChannelOptions options) throws IOException {
        return new SocketConnectionChannel(dialer, options.parkers().open());
    }

    private void use(final SocketChannel newSocket) throws IOException {
        if (socket != newSocket) {
            socket = newSocket;
            parker.watch(newSocket);
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
        if (vainReads > 0) {
            vainReads--;
            return 0;
        }
        final int bytes = inputEnded ? -1 : socket.read(target);
        inputEnded = bytes < 0;
        // It has brought all there was; who sleeps is told of more. Who doesn't may be long in coming back.
        vainReads = bytes > 0 && target.hasRemaining() && parker != AwakeParker.INSTANCE ? 1 : 0;
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
            parker.park(reading() | writing(), maxNs);
            vainReads = reading() == 0 || parker.mayBeReady() ? 0 : VAIN_READS_AWAKE;
        } else {
            parker.park(SelectionKey.OP_CONNECT, Math.min(maxNs, dialer.leftNs()));
        }
    }

    private int reading() {
        return inputEnded || !readWanted ? 0 : SelectionKey.OP_READ;
    }

    private int writing() {
        return writeBlocked ? SelectionKey.OP_WRITE : 0;
    }

    @Override
    public boolean tryDetach(final long maxNs, final Runnable resume) {
        vainReads = 0;
        return connected && parker.tryDetach(reading() | writing(), maxNs, resume);
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
