package io.millrace.jmh.connection;

import io.millrace.ring.ThreadParker;
import io.millrace.transport.channel.ConnectionChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ThreadFactory;
import org.agrona.CloseHelper;

/**
 * The losing way to drive a connection by virtual threads: a reader that blocks in a read and hands over to the engine's
 * thread, one buffer at a time. Good enough to be measured, and not more: a write blocks the engine, which then looks at
 * neither senders, timers nor the close; reading can't be paused but by one buffer; and each connection holds the buffer
 * and the second stack while it is idle.
 *
 * <p>Mean of a round trip in µs, and million messages/s one way from one sender; JDK 25, two cores, two forks of two short
 * iterations, plain, all by virtual threads, the lowest and the highest iteration in brackets:
 *
 * <pre>
 *                            ping-pong        parked at once   one way
 *  shared poller             14 (10 to 24)    32 (26 to 38)    10.4
 *  this                      99 (87 to 107)   44 (34 to 54)     8.1
 *  a selector per connection 12 (9 to 20)     33 (31 to 37)     9.1
 *  (platform threads         11 (9 to 12)     -                15.1)
 * </pre>
 *
 * <p>So the poller is level with a selector per connection, which takes three descriptors, and far ahead of the pair: a
 * thread that looks for itself before it sleeps needs no hand-off for what comes soon. One way the spreads are wider than
 * the differences.
 */
final class PairChannel implements ConnectionChannel {
    private static final int BUFFER_LENGTH = 16 * 1024;

    private final SocketChannel socket;
    private final SocketAddress peer;
    private final ThreadFactory threads;
    private final ThreadParker engine = new ThreadParker();
    private final ThreadParker reader = new ThreadParker();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_LENGTH);
    private boolean started;
    private volatile IOException failure;
    private volatile boolean ended;

    /** Whether the buffer is the engine's. */
    private volatile boolean full;

    private volatile boolean closed;

    /** {@code peer} is null if the socket is connected. */
    PairChannel(final SocketChannel socket, final SocketAddress peer, final ThreadFactory threads) {
        this.socket = socket;
        this.peer = peer;
        this.threads = threads;
    }

    /** Blocks, as this design does everywhere. */
    @Override
    public boolean finishConnect() throws IOException {
        if (!started) {
            if (peer != null) {
                socket.connect(peer);
            }
            started = true;
            threads.newThread(this::readOn).start();
        }
        return true;
    }

    private void readOn() {
        try {
            while (!closed) {
                if (full) {
                    reader.park(Long.MAX_VALUE);
                } else if (socket.read(buffer.clear()) < 0) {
                    ended = true;
                    return;
                } else {
                    buffer.flip();
                    full = true;
                    engine.unpark();
                }
            }
        } catch (final IOException ex) {
            failure = ex;
        } finally {
            engine.unpark();
        }
    }

    @Override
    public int read(final ByteBuffer target) throws IOException {
        if (full) {
            final int bytes = Math.min(target.remaining(), buffer.remaining());
            target.put(buffer.slice().limit(bytes));
            buffer.position(buffer.position() + bytes);
            if (!buffer.hasRemaining()) {
                full = false;
                reader.unpark();
            }
            return bytes;
        }
        if (failure != null) {
            throw failure;
        }
        return ended && !full ? -1 : 0;
    }

    @Override
    public int write(final ByteBuffer source) throws IOException {
        final int bytes = source.remaining();
        while (source.hasRemaining()) {
            socket.write(source);
        }
        return bytes;
    }

    @Override
    public boolean isWriteBlocked() {
        return false;
    }

    @Override
    public void wantRead(final boolean wanted) {}

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public SocketAddress localAddress() {
        try {
            return socket.getLocalAddress();
        } catch (final IOException ex) {
            return null;
        }
    }

    @Override
    public SocketAddress remoteAddress() {
        try {
            return socket.getRemoteAddress();
        } catch (final IOException ex) {
            return null;
        }
    }

    @Override
    public void park(final long maxNs) {
        engine.park(maxNs);
    }

    @Override
    public void unpark() {
        engine.unpark();
    }

    @Override
    public void close() {
        closed = true;
        CloseHelper.quietClose(socket);
        reader.unpark();
    }
}
