package io.millrace.transport.agent;

import io.millrace.transport.channel.ConnectionChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;

/** A channel in memory, with a peer that the test plays. */
final class FakeChannel implements ConnectionChannel {
    final ByteArrayOutputStream written = new ByteArrayOutputStream();
    boolean connected = true;
    boolean inputEnded;
    boolean outputEnded;
    boolean closed;
    boolean readWanted = true;
    int writeLimit = Integer.MAX_VALUE;

    /** The next writes take nothing, whatever the limit. */
    int refusedWrites;

    IOException failure;

    /** What the end of the output throws. */
    Error outputEndError;

    /** What others do while the agent's thread sleeps; null if it must not sleep. */
    Runnable whileParked;

    int parks;
    int unparks;
    long parkedNs;
    private ByteBuffer incoming = ByteBuffer.allocate(0);
    private boolean writeBlocked;

    void receive(final ByteBuffer bytes) {
        incoming = bytes;
    }

    @Override
    public boolean finishConnect() throws IOException {
        fail();
        return connected;
    }

    @Override
    public int read(final ByteBuffer target) throws IOException {
        fail();
        if (!incoming.hasRemaining()) {
            return inputEnded ? -1 : 0;
        }
        final int bytes = Math.min(target.remaining(), incoming.remaining());
        target.put(incoming.slice().limit(bytes));
        incoming.position(incoming.position() + bytes);
        return bytes;
    }

    @Override
    public int write(final ByteBuffer source) throws IOException {
        fail();
        final int bytes = refusedWrites-- > 0 ? 0 : Math.min(source.remaining(), writeLimit);
        for (int i = 0; i < bytes; i++) {
            written.write(source.get());
        }
        writeBlocked = source.hasRemaining();
        return bytes;
    }

    private void fail() throws IOException {
        if (failure != null) {
            throw failure;
        }
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
        if (outputEndError != null) {
            throw outputEndError;
        }
        outputEnded = true;
    }

    @Override
    public SocketAddress localAddress() {
        return null;
    }

    @Override
    public SocketAddress remoteAddress() {
        return null;
    }

    @Override
    public void park(final long maxNs) {
        if (whileParked == null) {
            throw new AssertionError("the test drives the agent: nobody parks");
        }
        parks++;
        parkedNs = maxNs;
        whileParked.run();
    }

    @Override
    public void unpark() {
        if (whileParked == null) {
            throw new AssertionError("nobody sleeps");
        }
        unparks++;
    }

    @Override
    public void close() {
        closed = true;
    }
}
