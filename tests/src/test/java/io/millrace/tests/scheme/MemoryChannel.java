package io.millrace.tests.scheme;

import io.millrace.ring.ThreadParker;
import io.millrace.transport.channel.ConnectionChannel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/** One end of two streams. */
final class MemoryChannel implements ConnectionChannel {
    private final MemoryStream in;
    private final MemoryStream out;
    private final SocketAddress local;
    private final SocketAddress remote;
    private final ThreadParker parker = new ThreadParker();

    /** Zero at the server's end, which is there already. */
    private final int portToConnect;

    private boolean writeBlocked;
    private boolean readWanted = true;

    MemoryChannel(
            final MemoryStream in,
            final MemoryStream out,
            final SocketAddress local,
            final SocketAddress remote,
            final int portToConnect) {
        this.in = in;
        this.out = out;
        this.local = local;
        this.remote = remote;
        this.portToConnect = portToConnect;
        in.reader(parker);
        out.writer(parker);
    }

    @Override
    public boolean finishConnect() throws IOException {
        if (portToConnect != 0 && !MemoryServer.knock(portToConnect, new MemoryServer.Knock(out, in, remote, local))) {
            throw new ConnectException("nobody listens: port=" + portToConnect);
        }
        return true;
    }

    @Override
    public int read(final ByteBuffer target) {
        return in.read(target);
    }

    @Override
    public int write(final ByteBuffer source) throws IOException {
        final int bytes = out.write(source);
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
    public void shutdownOutput() {
        out.end();
    }

    @Override
    public SocketAddress localAddress() {
        return local;
    }

    @Override
    public SocketAddress remoteAddress() {
        return remote;
    }

    @Override
    public void park(final long maxNs) {
        if (!(readWanted && in.isReadable()) && !(writeBlocked && out.isWritable())) {
            parker.park(maxNs);
        }
    }

    @Override
    public void unpark() {
        parker.unpark();
    }

    @Override
    public void close() {
        out.end();
        in.stopListening();
    }
}
